left join (
  select unit, arm, since, until
  from assignment
  where plan = $plan
    and unit_kind = $unit_kind
) assigned
  on assigned.unit = {unit}
