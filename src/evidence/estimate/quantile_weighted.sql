-- The quantile of each arm among items of cells that both arms have, weighted to the mix of one arm
-- ({weight}), and those at a rank below and a rank above it.
-- Grain: one row per arm. Cost: the sample, once, its values grouped and sorted.
with in_arms as materialized (
  select arm, cell, y
  from ({sample})
  where excluded = 0
),
mix as (
  select
    cell,
    count(*) filter (where arm = 0)::double as items_0,
    count(*) filter (where arm = 1)::double as items_1
  from in_arms
  group by cell
  having items_0 > 0 and items_1 > 0
),
weighted as (
  select s.arm, s.y, sum({weight}) as weight
  from in_arms s
  join mix m on m.cell is not distinct from s.cell
  group by s.arm, s.y
),
-- Sums of weights are not whole: what rounding takes from a share must not move the quantile on.
running as (
  select
    arm,
    y,
    sum(weight) over (partition by arm order by y) / sum(weight) over (partition by arm) + 1e-12
      as share
  from weighted
)
select
  arm::bigint as arm,
  min(y) filter (where share >= case arm when 0 then {low_0} else {low_1} end) as low,
  min(y) filter (where share >= {share}) as value,
  min(y) filter (where share >= case arm when 0 then {high_0} else {high_1} end) as high
from running
group by arm
order by arm
