left join (
  select unit, case arm when $arm_0 then 0 when $arm_1 then 1 {rest} end as in_arm, since, until
  from assignment
  where plan = $plan
    and unit_kind = $unit_kind
) assigned
  on assigned.unit = {unit}
