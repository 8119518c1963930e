-- Rows of a connector as other names of workers; both names become pseudonyms here.
-- Inputs: "select" the connector's statement. Grain: one row per row of the connector.
with given as (
  select null::bigint as source_row, null::varchar as alias, null::varchar as worker
  where false
  union all by name
  ({select}
  )
)
select
  source_row,
  worker_of(alias) as alias,
  worker_of(worker) as worker,
  case
    when read_text(alias) is null then 'alias: empty'
    when read_text(worker) is null then 'worker: empty'
  end as reject,
  0::bigint as dropped
from given
