-- Items of a sample with the time they took, once, for the passes of the restricted mean.
-- Times beyond the horizon are all alike.
-- Grain: one row per item in an arm. Cost: the sample, once.
create or replace temp table timed as
select
  worker, cluster, arm, least(minutes, {horizon} + 1e0) as minutes, ended,
  1e0 as weight,
  true as matched
from ({sample})
where excluded = 0
