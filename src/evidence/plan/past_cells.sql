-- What the past has for a plan's power: items and moments of the columns in each cell, which is a
-- segment of time and a team. Grain: one row per worker and cell. Cost: the sample, once.
select
  worker,
  cell,
  count(*) as items,
  moments({columns}) as moments
from ({sample})
where excluded = 0
group by worker, cell
order by worker, cell
