-- Means of numerator and denominator for ratios within cells.
-- Grain: one row per cluster, cell and arm, ordered by cluster; cells numbered from 0.
-- Cost: the sample, once.
with grouped as (
  select cluster, cell, arm, count(*)::double as items, avg(y) as numerator, avg(d) as denominator
  from ({sample})
  where excluded = 0
  group by cluster, cell, arm
)
select
  dense_rank() over (order by cluster) - 1 as cluster,
  dense_rank() over (order by cell) - 1 as cell,
  arm::bigint as arm,
  items,
  numerator,
  denominator
from grouped
order by 1, 2, 3
