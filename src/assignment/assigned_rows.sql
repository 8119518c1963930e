-- What the plan assigned to the units of the temporary table `given`.
-- first_day and last_day are days of $zone, both included.
-- Grain: one row per unit and assignment, in the order in which units were first given.
select
  g.place,
  a.arm,
  epoch_us(a.since) as since,
  epoch_us(a.until) as until,
  a.probability,
  timezone($zone, a.since::timestamptz)::date::varchar as first_day,
  timezone($zone, (a.until - interval 1 microsecond)::timestamptz)::date::varchar as last_day
from (select unit, min(place) as place from given group by unit) g
join assignment a on a.unit = g.unit
where a.plan = $plan
  and a.unit_kind = $unit_kind
order by g.place, a.since nulls first
