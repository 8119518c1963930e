-- Moments of the columns and counts, for least squares by cluster.
-- Where workers are the clusters, grouping by both would only cost time.
-- "groups" are those of dummies.
-- Grain: one row per worker, cluster, arm, group and reason for exclusion. Cost: the sample, once.
select
  worker,
  arm,
  excluded::bigint as excluded,
  count(*) as items,
  moments({columns}) as moments,
  {cluster} as cluster{groups}
from ({sample})
group by worker, arm, excluded{cluster_too}{groups}
order by worker, arm, excluded{cluster_too}{groups}
