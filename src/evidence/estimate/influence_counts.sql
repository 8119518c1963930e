-- Items by worker, the weight of those that are compared, and their influence on the arm's restricted
-- mean. Where workers are the clusters, grouping by both would only cost time.
-- Grain: one row per worker, cluster, arm and reason for exclusion. Cost: timed, once, and a join
-- by time.
select
  worker,
  t.arm,
  excluded::bigint as excluded,
  count(*) as items,
  {cluster} as cluster,
  sum(weight) as weight,
  sum(weight * phi) as influence,
  count(*) filter (where weight = 0) as unmatched{hazard}
from {timed} t
left join influence i
  -- An "excluded = 0 and" would be a join in nested loops.
  on i.arm = case when excluded = 0 then t.arm end and i.minutes = t.minutes and i.ended = t.ended
group by worker, t.arm, excluded{cluster_too}
order by worker, t.arm, excluded{cluster_too}
