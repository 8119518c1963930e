-- Who is in each stratum of a draw. Where a stratum has items of one arm only, nothing can be told
-- from it.
-- Grain: one row per stratum, those with both arms first. Cost: the sample, once.
select
  cell,
  count(*) filter (where arm = 0) as items_0,
  count(*) filter (where arm = 1) as items_1
from ({sample})
where excluded = 0
group by cell
order by items_0 = 0 or items_1 = 0, cell
