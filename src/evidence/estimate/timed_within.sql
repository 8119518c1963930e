-- The same of items within cells. {weight} is the weight of an item in its cell: 0 in cells without
-- items of both arms.
-- Grain: one row per item in an arm. Cost: the sample, once, and a join with its cells.
create or replace temp table timed as
with in_arms as (
  select worker, cluster, arm, cell, least(minutes, {horizon} + 1e0) as minutes, ended
  from ({sample})
  where excluded = 0
),
cell_mix as (
  select
    cell,
    count(*) filter (where arm = 0)::double as items_0,
    count(*) filter (where arm = 1)::double as items_1
  from in_arms
  group by cell
)
select
  s.worker, s.cluster, s.arm, s.minutes, s.ended,
  {weight} as weight,
  m.items_0 > 0 and m.items_1 > 0 as matched
from in_arms s
join cell_mix m on m.cell is not distinct from s.cell
