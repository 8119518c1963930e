-- Use cases with their sizes.
-- Grain: one row per use case, the largest first. Cost: one scan of facts.
select
  use_case,
  count(*) as items,
  strftime(min(counted_at), '%Y-%m-%d') as first_day,
  strftime(max(counted_at), '%Y-%m-%d') as last_day,
  count(*) filter (where calls > 0 or calls_inferred > 0) as with_calls,
  count(*) filter (where ai_declared is not null) as marked
from facts
group by use_case
order by items desc, use_case
