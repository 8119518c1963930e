-- Who is in the arms, whatever came of their items: workers of each arm, and of those in cells that
-- both arms are in.
-- Grain: one row. Cost: the sample, once.
with in_arms as (
  select distinct worker, cell, arm
  from ({sample})
  where arm is not null and worker is not null
),
cells as (
  select cell, count(distinct arm) = 2 as matched
  from in_arms
  group by cell
)
select
  count(distinct worker) filter (where arm = 0) as workers_0,
  count(distinct worker) filter (where arm = 1) as workers_1,
  count(distinct worker) filter (where matched and arm = 0) as matched_0,
  count(distinct worker) filter (where matched and arm = 1) as matched_1
from in_arms
join cells on cells.cell is not distinct from in_arms.cell
