-- Who has an item in a group that is left out there: beside another number of the group's items the
-- counts of those that are compared would tell of them.
-- Grain: one row per group and worker. Cost: the sample, once.
select distinct split_part(cell, chr(31), 1) as name, worker
from ({sample})
where excluded <> 0 and worker is not null
order by 1, 2
