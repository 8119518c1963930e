-- The panel of a staggered rollout.
-- Grain: one row per unit and period in which it has items with an outcome, in that order; first:
-- the period in which the unit is treated first, null for never. Cost: the sample, once.
select
  dense_rank() over (order by s.cluster) - 1 as unit,
  s.cell::bigint as period,
  any_value({period_of_since})::bigint as first,
  count(*)::double as items,
  {outcome}::double as outcome,
  count(distinct s.worker) as workers,
  dense_rank() over (order by any_value({stratum})) - 1 as stratum
from ({sample}) s
join ({waves}) w
  on w.unit = s.cluster
{strata}
where s.excluded = 0
group by s.cluster, s.cell
order by 1, 2
