-- Items by worker, and those up to the quantile of their arm and of its very value ({value}; null
-- before it is known). Where workers are the clusters, grouping by both would only cost time.
-- Grain: one row per worker, cluster, arm and reason for exclusion. Cost: the sample, once.
select
  worker,
  arm,
  excluded::bigint as excluded,
  count(*) as items,
  count(*) filter (where y <= {value})::double as up_to,
  count(*) filter (where y = {value})::double as equal,
  {cluster} as cluster
from ({sample})
group by worker, arm, excluded{cluster_too}
order by worker, arm, excluded{cluster_too}
