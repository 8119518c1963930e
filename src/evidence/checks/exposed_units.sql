-- Workers or teams that had met AI before they were assigned.
-- Inputs: $plan, $unit_kind, $arm_0, $arm_1, and what the unit of an item of facts is.
-- Grain: one row per arm. Cost: one scan of facts.
with assigned as (
  select unit, case arm when $arm_0 then 0 else 1 end as arm, min(since) as since
  from assignment
  where plan = $plan
    and unit_kind = $unit_kind
    and arm in ($arm_0, $arm_1)
  group by unit, arm
),
met as (
  select {unit} as unit, min(ai_first_at) as first_at
  from facts
  where ai_first_at is not null
  group by 1
)
select
  a.arm,
  count(*) as units,
  count(*) filter (where met.first_at < a.since) as exposed
from assigned a
left join met on met.unit = a.unit
where a.since is not null
group by a.arm
order by a.arm
