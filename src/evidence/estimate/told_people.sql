-- Of how many people a sum would tell: those with another {value} than the usual one, and of a
-- ratio those with a {divisor} other than 0. {divisor} is null where there is none.
-- The usual value is the one that most people have throughout. Items of both arms come as arm 2.
-- Grain: one row per arm, of all items and of those in cells with both arms (matched).
-- Cost: the sample, once.
with in_cells as materialized (
  select
    worker, arm::bigint as arm, cell,
    min(v) as v_low, max(v) as v_high, min(d) as d_low, max(d) as d_high
  from (
    select worker, arm, cell, {value} as v, nullif({divisor}, 0) as d
    from ({sample})
    where excluded = 0
  )
  group by worker, arm, cell
),
in_both as (
  select cell
  from in_cells
  group by cell
  having count(distinct arm) = 2
),
taken as (
  select false as matched, *
  from in_cells
  union all
  select true, in_cells.*
  from in_cells
  join in_both on in_both.cell is not distinct from in_cells.cell
),
by_worker as (
  select
    matched, worker, side.arm,
    min(v_low) as v_low, max(v_high) as v_high, min(d_low) as d_low, max(d_high) as d_high
  from taken
  join (values (0), (1), (2)) side(arm) on side.arm = taken.arm or side.arm = 2
  group by matched, worker, side.arm
),
alike_v as (
  select matched, arm, count(*) as people
  from by_worker
  where v_low = v_high
  group by matched, arm, v_low
),
alike_d as (
  select matched, arm, count(*) as people
  from by_worker
  where d_low = d_high
  group by matched, arm, d_low
)
select
  matched::bigint as matched,
  arm::bigint as arm,
  count(*) as people,
  coalesce(
    (select max(a.people) from alike_v a where a.matched = w.matched and a.arm = w.arm), 0
  ) as people_alike,
  count(*) filter (where v_low <> 0 or v_high <> 0) as people_not_0,
  count(d_low) as divided,
  coalesce(
    (select max(a.people) from alike_d a where a.matched = w.matched and a.arm = w.arm), 0
  ) as divided_alike
from by_worker w
group by matched, arm
order by matched, arm
