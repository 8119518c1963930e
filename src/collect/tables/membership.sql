-- Rows of a connector as memberships of workers in teams.
-- Inputs: "select" the connector's statement. Grain: one row per row of the connector.
with given as (
  select
    null::bigint as source_row, null::varchar as worker, null::varchar as since,
    null::varchar as team, null::varchar as role, null::map(varchar, varchar) as attrs
  where false
  union all by name
  ({select}
  )
)
select
  source_row,
  worker_of(worker) as worker,
  read_time(since) as since,
  read_text(team) as team,
  read_text(role) as role,
  kept_attrs(attrs) as attrs,
  case
    when read_text(worker) is null then 'worker: empty'
    when unreadable(since, read_time(since)) then 'since: not a time'
    when read_text(team) is null and read_text(role) is null then 'team: neither team nor role'
  end as reject,
  dropped_attrs(attrs) as dropped
from given
