-- Items (weight) of each cluster in each arm, and its influence on the arm's restricted mean.
-- Grain: one row per cluster and arm. Cost: timed, once, and a join by time.
select
  dense_rank() over (order by cluster) - 1 as cluster,
  arm::bigint as arm,
  items,
  influence
from (
  select t.cluster, t.arm, sum(t.weight) as items, sum(t.weight * i.phi) as influence
  from timed t
  join influence i on i.arm = t.arm and i.minutes = t.minutes and i.ended = t.ended
  where t.weight > 0
  group by t.cluster, t.arm
)
order by 1, 2
