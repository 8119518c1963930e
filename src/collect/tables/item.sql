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
typed as (
  select
    source_row,
    named_in(item_id, $source) as item_id,
    coalesce(read_text(source), split_part(named_in(item_id, $source), ':', 1)) as source,
    use_case_of(use_case) as use_case,
    worker_of(worker) as worker,
    read_text(team) as team,
    read_text(role) as role,
    read_number(size) as size,
    read_time(opened_at) as opened_at,
    read_time(started_at) as started_at,
    read_time(first_closed_at) as first_closed_at,
    read_time(closed_at) as closed_at,
    read_time(updated_at) as updated_at,
    case
      when lower(read_text(state)) in ('open', 'new', 'pending', 'hold', 'on hold', 'on-hold',
        'waiting', 'in progress', 'in_progress', 'to do', 'todo', 'backlog', 'reopened', 'active')
        then 'open'
      when lower(read_text(state)) in ('abandoned', 'cancelled', 'canceled', 'rejected',
        'declined', 'withdrawn', 'invalid', 'duplicate', 'won''t do', 'wont do', 'wontfix')
        then 'abandoned'
      when lower(read_text(state)) in ('done', 'closed', 'solved', 'resolved', 'completed',
        'complete', 'finished', 'merged')
        then 'done'
      when read_time(closed_at) is not null then 'done'
      when read_text(state) is not null then 'open'
    end as state,
    lower(read_text(ai_declared)) as ai_declared,
    kept_attrs(attrs) as attrs,
    case
      when read_text(item_id) is null then 'item_id: empty'
      when unreadable(size, read_number(size)) then 'size: not a number'
      when read_number(size) < 0 then 'size: negative'
      when unreadable(opened_at, read_time(opened_at)) then 'opened_at: not a time'
      when unreadable(started_at, read_time(started_at)) then 'started_at: not a time'
      when unreadable(first_closed_at, read_time(first_closed_at))
        then 'first_closed_at: not a time'
      when unreadable(closed_at, read_time(closed_at)) then 'closed_at: not a time'
      when unreadable(updated_at, read_time(updated_at)) then 'updated_at: not a time'
      when read_time(closed_at) < read_time(opened_at) then 'closed_at: closed before opened'
      when read_time(closed_at) < read_time(started_at) then 'closed_at: closed before started'
    end as reject,
    dropped_attrs(attrs) as dropped
  from given
)
select
  source_row, item_id, source, use_case, worker, team, role, size, opened_at, started_at,
  coalesce(first_closed_at, closed_at) as first_closed_at,
  case when state = 'open' then null else closed_at end as closed_at,
  updated_at, state, ai_declared, attrs, reject, dropped
from typed
