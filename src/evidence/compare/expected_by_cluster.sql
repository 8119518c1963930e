-- What people expected with AI beside what they expected without, of the items in the arms, and how
-- many people.
-- {weight} is 1 for a mean of logarithms; for a ratio of sums what was expected without.
-- {value} is then the logarithm of the ratio, or the ratio.
-- Grain: one row per cluster. Cost: the sample, once.
with asked as (
  select cluster, worker, {weight} as weight, {weight} * {value} as total
  from ({sample})
  where excluded = 0
    and x1 > 0
    and x2 > 0
)
select
  cluster,
  sum(weight)::double as weight,
  sum(total)::double as total,
  (select count(distinct worker) from asked) as workers
from asked
group by cluster
order by cluster
