-- Items of a comparison with the group that each is of, for what asks for a group's items anew.
-- Grain: one row per item in an arm. Cost: the sample, once.
create or replace temp table by_items as
select
  item_id, worker, cluster, arm, excluded, cell, split_part(cell, chr(31), 1) as part, {outcome}
from ({sample})
where excluded = 0
