-- Risk sets of the restricted mean, by weight.
-- Grain: one row per arm and distinct time. Cost: timed, once.
select
  arm::bigint as arm,
  minutes,
  coalesce(sum(weight) filter (where ended), 0) as events,
  coalesce(sum(weight) filter (where not ended), 0) as censored
from {timed}
where excluded = 0 and weight > 0
group by arm, minutes
order by arm, minutes
