-- The panel of a staggered rollout.
-- Grain: one row per unit and period in which it has items with an outcome, in that order; first:
-- the period in which the unit is treated first, null for never. Cost: the sample, once.
select
  dense_rank() over (order by s.cluster) - 1 as unit,
  s.period,
  ({period_of_since})::bigint as first,
  s.items,
  s.outcome,
  dense_rank() over (order by {stratum}) - 1 as stratum
from (
  select cluster, cell::bigint as period, count(*)::double as items, {outcome}::double as outcome
  from ({sample}) s
  where excluded = 0
  group by cluster, cell
) s
join ({waves}) w
  on w.unit = s.cluster
{strata}
order by 1, 2
