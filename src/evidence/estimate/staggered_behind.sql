-- How many workers are behind each mean that a cell of the panel compares: in each period those of
-- each wave, and those of all units that are treated later than it.
-- Grain: one row per period and wave (null: nobody, after all), later. Cost: the sample, once.
with seen as (
  select distinct s.worker, s.cell::bigint as period,
    coalesce({period_of_since}::bigint, 9223372036854775807) as first
  from ({sample}) s
  join ({waves}) w
    on w.unit = s.cluster
  where s.excluded = 0
),
waves as (
  select distinct first from seen
)
select
  seen.period,
  waves.first as wave,
  count(distinct seen.worker) filter (where seen.first = waves.first) as of_wave,
  count(distinct seen.worker) filter (where seen.first > waves.first) as later
from seen
cross join waves
group by seen.period, waves.first
order by 1, 2
