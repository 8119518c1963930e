-- Who is behind values within cells: workers with an item in a cell that both arms have, by arm,
-- and workers with one in a cell that one arm has alone, in all and by arm.
-- Grain: one row. Cost: the sample, once.
with in_arms as (
  select worker, cell, arm
  from ({sample})
  where excluded = 0
),
cells as (
  select cell, count(distinct arm) = 2 as matched
  from in_arms
  group by cell
)
select
  count(distinct worker) filter (where matched and arm = 0) as workers_0,
  count(distinct worker) filter (where matched and arm = 1) as workers_1,
  count(distinct worker) filter (where not matched) as unmatched,
  count(distinct worker) filter (where not matched and arm = 0) as unmatched_0,
  count(distinct worker) filter (where not matched and arm = 1) as unmatched_1
from in_arms
join cells on cells.cell is not distinct from in_arms.cell
