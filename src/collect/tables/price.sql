-- Rows of a connector as list prices of a model: US dollars per million tokens.
-- Inputs: "select" the connector's statement. Grain: one row per row of the connector.
with given as (
  select
    null::bigint as source_row, null::varchar as model, null::varchar as since,
    null::varchar as input, null::varchar as output, null::varchar as cache_read,
    null::varchar as cache_write
  where false
  union all by name
  ({select}
  )
)
select
  source_row,
  read_text(model) as model,
  read_time(since) as since,
  read_number(input) as input,
  read_number(output) as output,
  read_number(cache_read) as cache_read,
  read_number(cache_write) as cache_write,
  case
    when read_text(model) is null then 'model: empty'
    when unreadable(since, read_time(since)) then 'since: not a time'
    when unreadable(input, read_number(input)) then 'input: ' || not_a_number(input)
    when unreadable(output, read_number(output)) then 'output: ' || not_a_number(output)
    when unreadable(cache_read, read_number(cache_read)) then 'cache_read: ' || not_a_number(cache_read)
    when unreadable(cache_write, read_number(cache_write)) then 'cache_write: ' || not_a_number(cache_write)
    when read_number(input) < 0 then 'input: negative'
    when read_number(output) < 0 then 'output: negative'
    when read_number(cache_read) < 0 then 'cache_read: negative'
    when read_number(cache_write) < 0 then 'cache_write: negative'
    when read_number(input) is null and read_number(output) is null then 'input: no price'
  end as reject,
  0::bigint as dropped
from given
