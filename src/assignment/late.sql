-- Items of the temporary table `given` that were done before the plan assigned them.
-- Grain: one row. Cost: the units given, once.
select count(distinct g.unit) as items
from given g
join assignment a on a.unit = g.unit
join facts f on f.item_id = g.unit
where a.plan = $plan
  and a.unit_kind = 'item'
  and f.first_closed_at <= a.since
  and coalesce(f.started_at, f.opened_at) is distinct from a.since
