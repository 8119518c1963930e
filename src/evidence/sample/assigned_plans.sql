-- Which plans assigned items of a use case in a period, and to which arms.
-- "units" is a list of selects, one per kind of unit that was assigned at all: assigned_units.sql,
-- of the plan $only alone unless it is null.
-- "plans" is a truth over plan: of those that are left out.
-- lowest and highest are the probabilities that its units were given (null: some without); arms
-- counts those of the whole plan; begins and ends: some assignment of the plan says since or until
-- when.
-- Grain: one row per plan, kind of unit and arm; the plan with most items first.
with cohort as (
  select item_id, worker, team
  from facts
  where use_case = $use_case
    and {scope}
    and ($all or (counted_at >= $from
      and counted_at < $until))
),
named as (
  {units}
)
select
  plan,
  unit_kind,
  arm,
  sum(items)::bigint as items,
  case when count(*) = count(lowest) then min(lowest) end as lowest,
  sum(sum(items)) over (partition by plan, unit_kind) as plan_items,
  bool_or(bool_or(repeats)) over (partition by plan, unit_kind) as repeats,
  sum(units)::bigint as units,
  max(highest) as highest,
  max(arms) as arms,
  bool_or(bool_or(begins)) over (partition by plan, unit_kind) as begins,
  bool_or(bool_or(ends)) over (partition by plan, unit_kind) as ends
from named
where {plans}
group by plan, unit_kind, arm
order by plan_items desc, plan, unit_kind, items desc, arm
