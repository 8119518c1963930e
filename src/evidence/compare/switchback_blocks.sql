-- How many blocks each arm has.
-- Grain: one row per arm. Cost: the sample, once.
select arm::bigint as arm, count(distinct cluster) as blocks
from ({sample})
where excluded = 0
group by arm
order by arm
