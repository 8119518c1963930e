-- The last time at which least workers of an arm (all, where it has fewer) are at risk.
-- Grain: one row per arm. Cost: timed, once.
select arm::bigint as arm, list(minutes order by minutes desc)[least({least}, count(*))] as minutes
from (
  select arm, worker, max(minutes) as minutes
  from {timed}
  where excluded = 0 and weight > 0
  group by arm, worker
)
group by arm
order by arm
