-- Items of each arm by day of the period, days from 0 at its beginning; for the checks of a calendar.
-- Grain: one row per day with an item in an arm, ordered. Cost: the sample, once.
select
  (epoch_us(counted_at) - epoch_us($now_from)) // 86400000000 as day,
  count(*) filter (where arm = 0)::double as items_0,
  count(*) filter (where arm = 1)::double as items_1
from ({sample})
where worker is not null
  and arm is not null
  and counted_at is not null
group by 1
order by 1
