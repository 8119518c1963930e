-- Moments of covariates and of pseudo-values of the log of the restricted mean (Andersen, Klein &
-- Rosthoj 2003, Biometrika 90:15-27, by influence in place of deletion): an item's is
-- ln R + W phi / R of its arm, whose mean is ln R, W being the weight of the arm.
-- Inputs: the temporary tables timed and influence of the estimate of these times within cells.
-- Grain: one row per worker and arm. Cost: the sample, once, and a join by time.
with weights as (
  select arm, sum(weight) as weight
  from timed
  where weight > 0
  group by arm
)
select
  s.worker,
  s.arm::bigint as arm,
  0::bigint as excluded,
  count(*) as items,
  moments({columns} case s.arm when 0 then {log_0} + w.weight * i.phi / {mean_0}
    else {log_1} + w.weight * i.phi / {mean_1} end) as moments,
  s.worker as cluster
from ({sample}) s
join influence i
  on i.arm = s.arm
  and i.minutes = least(s.minutes, {horizon} + 1e0)
  and i.ended = s.ended
join weights w on w.arm = s.arm
where s.excluded = 0
group by s.worker, s.arm
order by s.worker, s.arm
