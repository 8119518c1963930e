-- Items that are alone in their unit's week, and of how many workers they are.
-- Grain: one row. Cost: the sample, once.
select count(*) as items, count(distinct worker) as workers
from (
  select worker, count(*) over (partition by cluster, cell) as beside
  from ({sample})
  where excluded = 0
    and cluster is not null
)
where beside = 1
