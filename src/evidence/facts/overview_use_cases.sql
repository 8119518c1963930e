-- Use cases with their sizes; those of fewer than $min_group people are one row without a name.
-- How many of a use case's items met AI is missing where those that did, or those that did not, are of
-- fewer people. Days and times are those of $zone.
-- Grain: one row per use case, the largest first. Cost: two scans of facts.
with large as (
  select use_case
  from facts
  group by use_case
  having count(distinct worker) >= $min_group
),
named as (
  select l.use_case as shown, f.*, f.calls > 0 or f.calls_inferred > 0 as called,
    f.ai_declared is not null as marked
  from facts f
  left join large l on l.use_case = f.use_case
)
select
  shown as use_case,
  count(*) as items,
  strftime(timezone($zone, min(counted_at)::timestamptz), '%Y-%m-%d') as first_day,
  strftime(timezone($zone, max(counted_at)::timestamptz), '%Y-%m-%d') as last_day,
  case
    when count(distinct worker) filter (where called) not between 1 and $min_group - 1
      and count(distinct worker) filter (where not called) not between 1 and $min_group - 1
      then count(*) filter (where called)
  end as with_calls,
  case
    when count(distinct worker) filter (where marked) not between 1 and $min_group - 1
      and count(distinct worker) filter (where not marked) not between 1 and $min_group - 1
      then count(*) filter (where marked)
  end as marked
from named
group by shown
order by shown is null, items desc, shown
