-- Rows of a connector as what an hour of work costs, by role. A row without a role holds for all
-- roles that have none of their own.
-- Inputs: "select" the connector's statement. Grain: one row per row of the connector.
with given as (
  select
    null::bigint as source_row, null::varchar as role, null::varchar as since,
    null::varchar as usd_per_hour
  where false
  union all by name
  ({select}
  )
)
select
  source_row,
  read_text(role) as role,
  read_time(since) as since,
  read_number(usd_per_hour) as usd_per_hour,
  case
    when unreadable(since, read_time(since)) then 'since: not a time'
    when read_text(usd_per_hour) is null then 'usd_per_hour: empty'
    when read_number(usd_per_hour) is null then 'usd_per_hour: ' || not_a_number(usd_per_hour)
    when read_number(usd_per_hour) < 0 then 'usd_per_hour: negative'
  end as reject,
  0::bigint as dropped
from given
