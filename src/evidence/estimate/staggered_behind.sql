-- How many workers are behind each mean that a cell of the panel compares: in each period those of
-- each wave, and those of all units that are treated later than it, in strata that have both then.
-- Grain: one row per period and wave (null: nobody, after all), later. Cost: the sample, once.
with seen as (
  select distinct s.worker, s.period, {stratum} as stratum,
    coalesce({period_of_since}::bigint, 9223372036854775807) as first
  from (
    select distinct worker, cluster, cell::bigint as period
    from ({sample})
    where excluded = 0
  ) s
  join ({waves}) w
    on w.unit = s.cluster
  {strata}
),
waves as (
  select distinct first from seen
),
in_strata as (
  select
    seen.period,
    waves.first as wave,
    seen.stratum,
    seen.worker,
    seen.first = waves.first as of_wave,
    seen.first > waves.first as later,
    bool_or(seen.first = waves.first) over same as has_wave,
    bool_or(seen.first > waves.first) over same as has_later
  from seen
  cross join waves
  window same as (partition by seen.period, waves.first, seen.stratum)
)
select
  period,
  wave,
  count(distinct worker) filter (where of_wave and (has_later or not {within})) as of_wave,
  count(distinct worker) filter (where later and (has_wave or not {within})) as later
from in_strata
group by period, wave
order by 1, 2
