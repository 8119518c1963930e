-- Moments of the columns and counts, for least squares by cluster.
-- Grain: one row per worker, cluster, arm and reason for exclusion. Cost: the sample, once.
select
  worker,
  arm,
  excluded::bigint as excluded,
  count(*) as items,
  moments({columns}) as moments,
  cluster
from ({sample})
group by worker, arm, excluded, cluster
order by worker, arm, excluded, cluster
