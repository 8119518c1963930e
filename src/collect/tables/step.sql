-- Rows of a connector as steps of items: something that happened to one, by a person or by AI.
-- Inputs: "select" the connector's statement; $item_source names item ids without a source.
-- Grain: one row per row of the connector. reject holds "column: reason" where it is no step.
with given as (
  select
    null::bigint as source_row, null::varchar as item_id, null::varchar as occurred_at,
    null::varchar as step, null::varchar as worker, null::varchar as by_ai
  where false
  union all by name
  ({select}
  )
)
select
  source_row,
  named_in(item_id, $item_source) as item_id,
  read_time(occurred_at) as occurred_at,
  read_text(step) as step,
  worker_of(worker) as worker,
  coalesce(read_truth(by_ai), false) as by_ai,
  case
    when read_text(item_id) is null then 'item_id: empty'
    when read_text(occurred_at) is null then 'occurred_at: empty'
    when read_time(occurred_at) is null then 'occurred_at: not a time'
    when read_text(step) is null then 'step: empty'
    when length(read_text(step)) > 64 or contains(step, '@')
      then 'step: a kind of step has 64 characters at most, and no @'
    when unreadable(by_ai, read_truth(by_ai)) then 'by_ai: not yes or no'
  end as reject,
  0::bigint as dropped
from given
