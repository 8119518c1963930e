-- Rows of a connector as seats: a licence of a tool, somebody's or nobody's, for a time.
-- Inputs: "select" the connector's statement. Grain: one row per row of the connector.
with given as (
  select
    null::bigint as source_row, null::varchar as worker, null::varchar as tool,
    null::varchar as since, null::varchar as until, null::varchar as usd_per_month
  where false
  union all by name
  ({select}
  )
)
select
  source_row,
  worker_of(worker) as worker,
  lower(read_text(tool)) as tool,
  read_time(since) as since,
  read_time(until) as until,
  read_number(usd_per_month) as usd_per_month,
  case
    when read_text(tool) is null then 'tool: empty'
    when unreadable(since, read_time(since)) then 'since: not a time'
    when unreadable(until, read_time(until)) then 'until: not a time'
    when read_time(until) <= read_time(since) then 'until: not after since'
    when unreadable(usd_per_month, read_number(usd_per_month)) then 'usd_per_month: ' || not_a_number(usd_per_month)
    when read_number(usd_per_month) < 0 then 'usd_per_month: negative'
  end as reject,
  0::bigint as dropped
from given
