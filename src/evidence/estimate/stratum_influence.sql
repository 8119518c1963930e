-- Weight of items within strata, and their influence on the arm's restricted mean, by cluster.
-- Grain: one row per cluster, stratum and arm. Cost: timed, once, and a join by time.
select
  {cluster} as cluster,
  stratum,
  t.arm::bigint as arm,
  sum(weight) as items,
  sum(weight * phi) as influence
from timed t
join influence i on i.arm = t.arm and i.minutes = t.minutes and i.ended = t.ended
where excluded = 0 and weight > 0
group by {cluster}, stratum, t.arm
order by {cluster}, stratum, t.arm
