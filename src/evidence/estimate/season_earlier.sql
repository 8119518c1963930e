-- Cells that both spans of the year before have items in.
-- Grain: one row per cell. Cost: the sample, once.
create or replace temp table season_earlier as
select cell
from ({sample})
where excluded = 0
group by cell
having count(distinct arm) = 2
