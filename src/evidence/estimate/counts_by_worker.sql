-- Counts of a sample of durations or quantiles.
-- Grain: one row per worker, arm and reason for exclusion. Cost: the sample, once.
select worker, arm, excluded::bigint as excluded, count(*) as items
from ({sample})
group by worker, arm, excluded
order by worker, arm, excluded
