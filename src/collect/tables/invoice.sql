-- Rows of a connector as invoiced spend on a tool over a time. A credit note is negative.
-- Inputs: "select" the connector's statement. Grain: one row per row of the connector.
with given as (
  select
    null::bigint as source_row, null::varchar as tool, null::varchar as since,
    null::varchar as until, null::varchar as usd
  where false
  union all by name
  ({select}
  )
)
select
  source_row,
  lower(read_text(tool)) as tool,
  read_time(since) as since,
  read_time(until) as until,
  read_number(usd) as usd,
  case
    when read_text(tool) is null then 'tool: empty'
    when read_text(since) is null then 'since: empty'
    when read_time(since) is null then 'since: not a time'
    when unreadable(until, read_time(until)) then 'until: not a time'
    when read_time(until) <= read_time(since) then 'until: not after since'
    when read_text(usd) is null then 'usd: empty'
    when read_number(usd) is null then 'usd: ' || not_a_number(usd)
  end as reject,
  0::bigint as dropped
from given
