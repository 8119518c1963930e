-- The panel of units and weeks that have AI or have not: what came of a unit's items in a week. The
-- arm is of all items where it is known, an outcome or not: who has none says nothing of AI.
-- Grain: one row per unit and week in which an item has an outcome, in that order.
-- Cost: the sample, once.
with known as (
  select cluster, cell, arm, excluded, {value} as value
  from ({sample})
  where excluded in (0, 4, 5, 6)
    and arm is not null
    and cluster is not null
)
select
  dense_rank() over (order by cluster) - 1 as unit,
  cell::bigint as week,
  count(*) filter (where excluded = 0)::double as items,
  avg(arm)::double as share,
  avg(value) filter (where excluded = 0) as mean,
  coalesce(var_pop(value) filter (where excluded = 0), 0) as variance,
  count(*) filter (where excluded = 0 and value is null) as unknown
from known
group by cluster, cell
having count(*) filter (where excluded = 0) > 0
order by 1, 2
