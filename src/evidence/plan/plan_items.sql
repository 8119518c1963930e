-- What the data hold for a plan. counted_at is when an item was opened (closed, for sources without
-- a start). Where no item of the use case has a time, all of them are the plan's.
-- Grain: one row. Cost: one scan of facts.
select
  count(*) filter (where within or timeless) as items,
  count(distinct worker) filter (where within or timeless) as workers,
  epoch_us(min(counted_at) filter (where within)) as first_at,
  count(*) as ever,
  coalesce(any_value(timeless), false)::int as timeless
from (
  select
    worker,
    counted_at,
    counted_at >= $from and counted_at < $until as within,
    count(counted_at) over () = 0 as timeless
  from facts
  where use_case = $use_case
)
