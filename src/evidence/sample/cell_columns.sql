-- What a cohort has to be alike in.
-- Grain: one row.
select count(team), count(worker), count(size)
from facts
where use_case = $use_case
  and ($all or (counted_at >= $from and counted_at < $until))
