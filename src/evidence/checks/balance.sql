-- What was known of items before the draw, by cluster and arm: those without an outcome too.
-- Inputs: the sample with its covariates; columns: for each of them count, mean and variance.
-- Grain: one row per cluster and arm. Cost: the sample, once.
select
  cluster,
  arm,
  {columns}
from ({sample})
where arm is not null
  and worker is not null
  and cluster is not null
group by cluster, arm
order by cluster, arm
