-- Items and workers of strata that have one arm only.
-- Grain: one row. Cost: the sample, once.
with in_arms as (
  select
    worker,
    min(arm) over (partition by cell) = max(arm) over (partition by cell) as alone
  from ({sample})
  where excluded = 0
)
select
  count(*) filter (where alone) as items,
  count(distinct worker) filter (where alone) as workers
from in_arms
