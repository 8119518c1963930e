-- Who has items of a use case in a period, with an outcome or without.
-- Grain: one row per worker.
select worker, count(*) as items
from facts
where use_case = $use_case
  and worker is not null
  and ($all or (counted_at >= $from and counted_at < $until))
group by worker
order by worker
