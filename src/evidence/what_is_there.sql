-- What the whole workspace holds, to say what cannot be said.
-- Grain: one row.
select
  count(*) as items,
  count(opened_at) + count(started_at) as starts,
  (select count(*) from usage) as calls,
  count(*) filter (where use_case = 'unsorted') as unsorted,
  strftime(min(counted_at), '%Y-%m-%d') as first_day,
  strftime(max(counted_at), '%Y-%m-%d') as last_day
from facts
