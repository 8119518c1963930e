-- Use cases with their sizes; those of fewer than $min_group people are one row without a name.
-- Days and times are those of $zone.
-- Grain: one row per use case, the largest first. Cost: two scans of facts.
with large as (
  select use_case
  from facts
  group by use_case
  having count(distinct worker) >= $min_group
),
named as (
  select l.use_case as shown, f.*
  from facts f
  left join large l on l.use_case = f.use_case
)
select
  shown as use_case,
  count(*) as items,
  strftime(timezone($zone, min(counted_at)::timestamptz), '%Y-%m-%d') as first_day,
  strftime(timezone($zone, max(counted_at)::timestamptz), '%Y-%m-%d') as last_day,
  count(*) filter (where calls > 0 or calls_inferred > 0) as with_calls,
  count(*) filter (where ai_declared is not null) as marked
from named
group by shown
order by shown is null, items desc, shown
