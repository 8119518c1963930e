-- What the data hold for a plan. counted_at is when an item was opened (closed, for sources without
-- a start). Grain: one row. Cost: two scans of facts.
select
  count(*) filter (where counted_at >= $from and counted_at < $until) as items,
  count(distinct worker) filter (where counted_at >= $from and counted_at < $until) as workers,
  epoch_us(min(counted_at) filter (where counted_at >= $from and counted_at < $until)) as first_at,
  count(*) as ever,
  count(counted_at) as timed,
  (select epoch_us(max(data_end)) from facts) as data_end
from facts
where use_case = $use_case
