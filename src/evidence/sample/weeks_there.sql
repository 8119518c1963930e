-- Do daily totals, and nothing else, tell of AI on the items of a use case in a period?
-- Grain: one row. Cost: one scan of facts and of usage.
select
  count(*) filter (where calls > 0 or calls_inferred > 0 or linked_first_at is not null)
    as with_calls,
  count(*) filter (where ai_declared is not null) as marked,
  count(*) filter (where worker in (select worker from ({used}))) as of_users
from facts
where use_case = $use_case
  and ($all or (counted_at >= $from
    and counted_at < $until))
