-- How many workers are behind the effect of a staggered rollout.
-- Grain: one row: workers of the waves that are in it, and of the largest set that these are
-- compared with, both in strata that have the other. Cost: the sample, once.
with seen as (
  select distinct
    s.worker,
    {stratum} as stratum,
    coalesce({period_of_since}::bigint, 9223372036854775807) in ({in_it}) as treated,
    coalesce({period_of_since}::bigint, 9223372036854775807) > {after} as control
  from (select distinct worker, cluster from ({sample}) where excluded = 0) s
  join ({waves}) w
    on w.unit = s.cluster
  {strata}
),
strata as (
  select stratum
  from seen
  group by stratum
  having bool_or(treated) and bool_or(control)
)
select
  count(distinct worker) filter (where treated) as treated,
  count(distinct worker) filter (where control) as controls
from seen
join strata on strata.stratum is not distinct from seen.stratum
