-- Items of a sample with the time they took, for the passes of the restricted mean: a part of each.
-- Times beyond the horizon are all alike.
-- Grain: one row per item of the cohort. Cost: the sample, once.
select
  worker, cluster, arm, excluded, least(minutes, {horizon} + 1e0) as minutes, ended,
  1e0 as weight
from ({sample})
