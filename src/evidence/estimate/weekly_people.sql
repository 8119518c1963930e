-- Who is behind an effect within units: workers with an item in either arm, in units whose share of
-- work with AI is not the same in all their weeks. The others tell of weeks, and of nothing else.
-- Grain: one row. Cost: the sample, once.
with known as (
  select worker, cluster, cell, arm, excluded
  from ({sample})
  where excluded in (0, 4, 5, 6)
    and arm is not null
    and cluster is not null
),
weeks as (
  select cluster, cell, avg(arm) as share
  from known
  group by cluster, cell
  having count(*) filter (where excluded = 0) > 0
),
varying as (
  select cluster
  from weeks
  group by cluster
  having max(share) - min(share) > 1e-9
)
select
  count(distinct cluster) as units,
  count(distinct worker) filter (where arm = 0) as workers_0,
  count(distinct worker) filter (where arm = 1) as workers_1
from known
join varying using (cluster)
where excluded = 0
