-- What the whole workspace holds, to say what cannot be said.
-- Days and times are those of $zone.
-- Grain: one row.
select
  count(*) as items,
  count(opened_at) + count(started_at) as starts,
  (select count(*) from usage) as calls,
  count(*) filter (where use_case = 'unsorted') as unsorted,
  strftime(timezone($zone, min(counted_at)::timestamptz), '%Y-%m-%d') as first_day,
  strftime(timezone($zone, max(counted_at)::timestamptz), '%Y-%m-%d') as last_day,
  count(*) filter (where ai_declared is not null) as marked,
  coalesce(epoch_us(timezone($zone, max(counted_at)::timestamptz)) // 86400000000, 0) as last_of_all
from facts
