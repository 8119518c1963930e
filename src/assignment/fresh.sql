-- Units of the temporary table `given` that the plan has not assigned yet.
-- Grain: one row per unit, by stratum.
select
  stratum,
  unit,
  min(place) as place,
  arg_min(missing, place) as missing
from given
where not exists (
  select 1
  from assignment a
  where a.plan = $plan
    and a.unit_kind = $unit_kind
    and a.unit = given.unit
)
group by stratum, unit
order by stratum, unit
