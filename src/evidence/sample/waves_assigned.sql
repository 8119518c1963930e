-- From when on each unit of a plan is treated: null is never, 0001-01-01 from the first day.
-- Grain: one row per unit that the plan names. Cost: one scan of assignment.
select
  unit,
  case
    when bool_or(arm = $arm_1 and since is null) then timestamp '0001-01-01'
    else min(since) filter (where arm = $arm_1)
  end as since
from assignment
where plan = $plan
  and unit_kind = $unit_kind
  and arm in ($arm_0, $arm_1)
group by unit
