-- Means for the blocked difference.
-- Grain: one row per worker, cell and arm, ordered by worker; cells numbered from 0.
-- Cost: the sample, once.
with grouped as (
  select worker, cell, arm, count(*)::double as items, avg(y) as mean
  from ({sample})
  where excluded = 0
  group by worker, cell, arm
)
select
  dense_rank() over (order by worker) - 1 as worker,
  dense_rank() over (order by cell) - 1 as cell,
  arm::bigint as arm,
  items,
  mean
from grouped
order by 1, 2, 3
