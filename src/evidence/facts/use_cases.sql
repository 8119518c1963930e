-- Use cases of a period with their sizes.
-- Grain: one row per use case, the largest first.
select use_case, count(*) as items, count(distinct worker) as workers
from facts
where $all
  or (counted_at >= $from and counted_at < $until)
group by use_case
order by items desc, use_case
