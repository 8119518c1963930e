-- Units in two arms of the plan at one moment. A row without an end goes on; names of one person are
-- one unit.
-- Inputs: $plan, $unit_kind, $arm_0, $arm_1. Grain: one row. Cost: a sort of the plan's assignments.
with held as (
  select
    coalesce(k.worker, a.unit) as unit,
    a.arm,
    coalesce(a.since, timestamp '-infinity') as since,
    coalesce(a.until, timestamp 'infinity') as until
  from assignment a
  left join (select alias, min(worker) as worker from alias group by alias) k
    on k.alias = a.unit
    and a.unit_kind = 'worker'
  where a.plan = $plan
    and a.unit_kind = $unit_kind
),
-- Where an arm begins (1) and ends (-1); ends come first.
turns as (
  select unit, arm, since as moment, 1 as step from held
  union all
  select unit, arm, until, -1 from held
),
held_then as (
  select
    unit,
    sum(case when arm = $arm_0 then step else 0 end) over so_far as zero,
    sum(case when arm = $arm_1 then step else 0 end) over so_far as one,
    sum(case when arm in ($arm_0, $arm_1) then 0 else step end) over so_far as other
  from turns
  window so_far as (partition by unit order by moment, step rows unbounded preceding)
)
select count(distinct unit) as units
from held_then
where (zero > 0)::integer + (one > 0)::integer + (other > 0)::integer > 1
