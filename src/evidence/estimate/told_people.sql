-- Of how many people a sum would tell: those with another {value} than the usual one, and of a
-- ratio those with a {divisor} other than 0. {divisor} is null where there is none.
-- The usual value is the one that most people have throughout. Items of both arms come as arm 2.
-- Who carries a number: the fewest people beside whose weight that of all others is less than a
-- quarter of what one of them has on average (null where nobody has weight). A person's weight is of
-- items, or of the divisors of a ratio; within cells on the mix of arm 0, of arm 1, and as a
-- regression weighs cells that have a level each.
-- Grain: one row per arm, of all items and of those in cells with both arms (matched).
-- Cost: the sample, once.
with in_cells as materialized (
  select
    worker, arm::bigint as arm, cell,
    min(v) as v_low, max(v) as v_high, min(d) as d_low, max(d) as d_high,
    count(*)::double as items, {weight} as weight
  from (
    select worker, arm, cell, {value} as v, nullif({divisor}, 0) as d
    from ({sample})
    where excluded = 0
  )
  group by worker, arm, cell
),
in_both as (
  select
    cell,
    sum(items) filter (where arm = 0) as items_0,
    sum(items) filter (where arm = 1) as items_1
  from in_cells
  group by cell
  having count(distinct arm) = 2
),
weights as (
  select false as matched, worker, arm, sum(weight) as on_0, sum(weight) as on_1, sum(weight) as level
  from in_cells
  group by worker, arm
  union all
  select
    true, worker, arm,
    sum(weight * items_0 / if(arm = 0, items_0, items_1)),
    sum(weight * items_1 / if(arm = 0, items_0, items_1)),
    sum(weight * if(arm = 0, items_1, items_0) / (items_0 + items_1))
  from in_cells
  join in_both on in_both.cell is not distinct from in_cells.cell
  group by worker, arm
),
ranked as (
  select
    matched, arm, mix,
    row_number() over heaviest as people,
    sum(weight) over heaviest as theirs,
    sum(weight) over (partition by matched, arm, mix) as of_all
  from (unpivot weights on on_0, on_1, level into name mix value weight)
  where weight > 0
  window heaviest as (
    partition by matched, arm, mix order by weight desc, worker
    rows between unbounded preceding and current row
  )
),
carried as (
  select
    matched, arm,
    min(people) filter (where mix = 'on_0') as on_0,
    min(people) filter (where mix = 'on_1') as on_1,
    min(people) filter (where mix = 'level') as level
  from ranked
  where of_all - theirs < theirs / people / 4
  group by matched, arm
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
  ) as divided_alike,
  any_value(on_0) as carry_0,
  any_value(on_1) as carry_1,
  any_value(level) as carry_level
from by_worker w
left join carried using (matched, arm)
group by matched, arm
order by matched, arm
