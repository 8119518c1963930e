-- The panel of units and weeks by arm: what came of the items that have an outcome.
-- Grain: one row per unit, week and arm, in that order; weeks numbered from 0. Cost: the sample, once.
with known as (
  select cluster, cell::bigint as week, arm, {value} as value
  from ({sample})
  where excluded = 0
    and cluster is not null
)
select
  dense_rank() over (order by cluster) - 1 as unit,
  dense_rank() over (order by week) - 1 as week,
  arm::bigint as arm,
  count(*)::double as items,
  avg(value) as mean,
  coalesce(var_pop(value), 0) * count(*) as squares,
  count(*) filter (where value is null) as unknown
from known
group by cluster, week, arm
order by 1, 2, 3
