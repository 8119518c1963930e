-- Which plans assigned items of a use case in a period, and to which arms.
-- Grain: one row per plan, kind of unit and arm; the plan with most items first.
with cohort as (
  select item_id, worker, team
  from facts
  where use_case = $use_case
    and ($all or (coalesce(opened_at, started_at, closed_at) >= $from
      and coalesce(opened_at, started_at, closed_at) < $until))
),
named as (
  select a.plan, a.unit_kind, a.arm, a.probability, c.item_id
  from assignment a
  join cohort c on a.unit_kind = 'item' and a.unit = c.item_id
  union all
  select a.plan, a.unit_kind, a.arm, a.probability, c.item_id
  from assignment a
  join cohort c on a.unit_kind = 'worker' and a.unit = c.worker
  union all
  select a.plan, a.unit_kind, a.arm, a.probability, c.item_id
  from assignment a
  join cohort c on a.unit_kind = 'team' and a.unit = c.team
)
select
  plan,
  unit_kind,
  arm,
  count(distinct item_id) as items,
  max(probability) as probability,
  sum(count(distinct item_id)) over (partition by plan, unit_kind) as plan_items
from named
group by plan, unit_kind, arm
order by plan_items desc, plan, unit_kind, items desc, arm
