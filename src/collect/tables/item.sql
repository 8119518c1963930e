-- Rows of a connector as typed items.
-- Inputs: "select" the connector's statement; $source names ids that have no source of their own.
-- Grain: one row per row of the connector. reject holds "column: reason" where the row is no item.
with given as (
  select
    null::bigint as source_row, null::varchar as item_id, null::varchar as source,
    null::varchar as use_case, null::varchar as worker, null::varchar as team,
    null::varchar as role, null::varchar as size, null::varchar as opened_at,
    null::varchar as started_at, null::varchar as first_closed_at, null::varchar as closed_at,
    null::varchar as updated_at, null::varchar as state, null::varchar as ai_declared,
    null::map(varchar, varchar) as attrs
  where false
  union all by name
  ({select}
  )
),
-- Each layer names a cell once: what stands in a case is made again for each place that names it.
texts as (
  select
    source_row,
    read_text(item_id) as item_id,
    read_text(source) as source,
    use_case_of(use_case) as use_case,
    worker_of(worker) as worker,
    read_text(team) as team,
    read_text(role) as role,
    read_text(size) as size,
    read_text(opened_at) as opened_at,
    read_text(started_at) as started_at,
    read_text(first_closed_at) as first_closed_at,
    read_text(closed_at) as closed_at,
    read_text(updated_at) as updated_at,
    lower(read_text(state)) as state,
    lower(read_text(ai_declared)) as ai_declared,
    attrs
  from given
),
typed as (
  select
    *,
    id_of(item_id, $source) as whole_id,
    number_of(size) as size_number,
    time_of(opened_at) as opened,
    time_of(started_at) as started,
    time_of(first_closed_at) as first_closed,
    time_of(closed_at) as closed,
    time_of(updated_at) as updated
  from texts
),
checked as (
  select
    source_row,
    whole_id as item_id,
    coalesce(source, split_part(whole_id, ':', 1)) as source,
    use_case,
    worker,
    team,
    role,
    finite(size_number) as size,
    opened as opened_at,
    started as started_at,
    first_closed as first_closed_at,
    closed as closed_at,
    updated as updated_at,
    case
      when list_contains(['open', 'new', 'pending', 'hold', 'on hold', 'on-hold', 'waiting',
        'in progress', 'in_progress', 'to do', 'todo', 'backlog', 'reopened', 'active'], state)
        then 'open'
      when list_contains(['abandoned', 'cancelled', 'canceled', 'rejected', 'declined',
        'withdrawn', 'invalid', 'duplicate', 'won''t do', 'wont do', 'wontfix'], state)
        then 'abandoned'
      when list_contains(['done', 'closed', 'solved', 'resolved', 'completed', 'complete',
        'finished', 'merged'], state)
        then 'done'
      when closed is not null then 'done'
      when state is not null then 'open'
    end as state,
    ai_declared,
    kept_attrs(attrs) as attrs,
    case
      when item_id is null then 'item_id: empty'
      when contains(item_id, chr(0)) then 'item_id: holds a NUL'
      when item_id[1] in ('{', '[') and json_valid(item_id)
        then 'item_id: an object or a list; name a field that is one id'
      when no_number(size, size_number) then 'size: ' || not_a_number(size)
      when size_number < 0 then 'size: negative'
      when opened_at is not null and opened is null then 'opened_at: not a time'
      when started_at is not null and started is null then 'started_at: not a time'
      when first_closed_at is not null and first_closed is null
        then 'first_closed_at: not a time'
      when closed_at is not null and closed is null then 'closed_at: not a time'
      when updated_at is not null and updated is null then 'updated_at: not a time'
      when closed < opened then 'closed_at: closed before opened'
      when closed < started then 'closed_at: closed before started'
    end as reject,
    dropped_attrs(attrs) as dropped
  from typed
)
select
  source_row, item_id, source, use_case, worker, team, role, size, opened_at, started_at,
  coalesce(first_closed_at, closed_at) as first_closed_at,
  case when state = 'open' then null else closed_at end as closed_at,
  updated_at, state, ai_declared, attrs, reject, dropped
from checked
