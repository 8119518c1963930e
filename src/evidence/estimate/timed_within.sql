-- The same of items within cells. {weight} is the weight of an item in its cell: 0 in cells without
-- items of both arms, and of items that are left out; {mix} joins a mix of cells that it is taken from, if
-- it is of neither arm.
-- Grain: one row per item of the cohort. Cost: the sample, once, and a join with its cells.
create or replace temp table timed as
with items as (
  select worker, cluster, arm, excluded, cell, least(minutes, {horizon} + 1e0) as minutes, ended
  from ({sample})
),
cell_mix as (
  select
    cell,
    row_number() over (order by cell) as stratum,
    count(*) filter (where arm = 0)::double as items_0,
    count(*) filter (where arm = 1)::double as items_1
  from items
  where excluded = 0
  group by cell
)
select
  s.worker, s.cluster, s.arm, s.excluded, m.stratum, s.minutes, s.ended,
  {weight} as weight
from items s
left join cell_mix m on m.cell is not distinct from s.cell
{mix}
