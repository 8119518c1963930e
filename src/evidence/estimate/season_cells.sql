-- Cells that all four spans have items in, with those of the earlier span of this year: the mix that all are
-- weighted to.
-- Grain: one row per cell. Cost: the sample, once.
create or replace temp table season_cells as
select cell, count(*) filter (where arm = 0)::double as items
from ({sample})
where excluded = 0
  and cell in (select cell from season_earlier)
group by cell
having count(distinct arm) = 2
