-- Rows of a connector as scores that human reviewers gave to items in an audit.
-- Inputs: "select" the connector's statement; $item_source names item ids without a source.
-- Grain: one row per row of the connector. reject holds "column: reason" where it is no review.
with given as (
  select
    null::bigint as source_row, null::varchar as audit, null::varchar as item_id,
    null::varchar as reviewer, null::varchar as criterion, null::varchar as score,
    null::varchar as blinded, null::varchar as occurred_at
  where false
  union all by name
  ({select}
  )
)
select
  source_row,
  read_text(audit) as audit,
  named_in(item_id, $item_source) as item_id,
  worker_of(reviewer) as reviewer,
  lower(read_text(criterion)) as criterion,
  coalesce(read_number(score), read_truth(score)::integer::double) as score,
  coalesce(read_truth(blinded), false) as blinded,
  read_time(occurred_at) as occurred_at,
  case
    when read_text(audit) is null then 'audit: empty'
    when read_text(item_id) is null then 'item_id: empty'
    when read_text(criterion) is null then 'criterion: empty'
    when not regexp_full_match(lower(read_text(criterion)), '[a-z][a-z0-9_]{0,62}')
      then 'criterion: write small letters, digits and _'
    when read_text(score) is null then 'score: empty'
    when coalesce(read_number(score), read_truth(score)::integer::double) is null
      then 'score: not a number'
    when unreadable(blinded, read_truth(blinded)) then 'blinded: not yes or no'
    when unreadable(occurred_at, read_time(occurred_at)) then 'occurred_at: not a time'
  end as reject,
  0::bigint as dropped
from given
