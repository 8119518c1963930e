-- Influence of each worker on the restricted mean of each arm.
-- Grain: one row per worker and arm. Cost: timed, once, and a join by time.
select
  dense_rank() over (order by worker) - 1 as worker,
  arm::bigint as arm,
  influence
from (
  select t.worker, t.arm, sum(t.weight * i.phi) as influence
  from timed t
  join influence i on i.arm = t.arm and i.minutes = t.minutes and i.ended = t.ended
  where t.weight > 0
  group by t.worker, t.arm
)
order by 1, 2
