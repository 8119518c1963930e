-- Moments of y for the difference within strata; items without one are left out.
-- Grain: one row per cluster, stratum and arm, ordered so; clusters and strata numbered from 0.
-- Cost: the sample, once.
with grouped as (
  select cluster, cell, arm, moments(y) as moments
  from ({sample})
  where excluded = 0
  group by cluster, cell, arm
)
select
  dense_rank() over (order by cluster) - 1 as cluster,
  dense_rank() over (order by cell) - 1 as stratum,
  arm::bigint as arm,
  moments
from grouped
order by 1, 2, 3
