-- Means by group, for comparing the effect in each; groups and strata within stand in the cell of the
-- sample, with chr(31) between.
-- Grain: one row per worker, cluster, stratum and arm, ordered by cluster; all numbered from 0.
-- Cost: the sample, once.
with grouped as (
  select worker, cluster, cell, arm, count(*)::double as items, avg(y) as mean
  from ({sample})
  where excluded = 0
  group by worker, cluster, cell, arm
)
select
  dense_rank() over (order by cluster) - 1 as cluster,
  dense_rank() over (order by worker) - 1 as worker,
  dense_rank() over (order by split_part(cell, chr(31), 1)) - 1 as part,
  dense_rank() over (order by cell) - 1 as stratum,
  arm::bigint as arm,
  items,
  mean,
  split_part(cell, chr(31), 1) as name
from grouped
order by 1, 4, 5, 2
