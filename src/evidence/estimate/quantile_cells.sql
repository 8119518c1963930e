-- The same counts for quantiles within cells.
-- Grain: one row per cluster, cell and arm, ordered by cluster; cells numbered from 0.
-- Cost: the sample, once.
with grouped as (
  select
    cluster, cell, arm,
    count(*)::double as items,
    count(*) filter (where y <= {value})::double as up_to,
    count(*) filter (where y = {value})::double as equal
  from ({sample})
  where excluded = 0
  group by cluster, cell, arm
)
select
  dense_rank() over (order by cluster) - 1 as cluster,
  dense_rank() over (order by cell) - 1 as cell,
  arm::bigint as arm,
  items,
  up_to,
  equal,
  cluster as name
from grouped
order by 1, 2, 3
