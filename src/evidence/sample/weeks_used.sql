-- In which weeks each person used AI, by what totals per person and day say. Totals over a span of
-- their own (bucket) may lie in several weeks, and say nothing of one.
-- Grain: one row per worker and week. Cost: one scan of usage.
select distinct
  coalesce(a.worker, u.worker) as worker,
  {week} as week
from usage u
left join alias a on a.alias = u.worker
where u.grain = 'day'
  and u.status = 'ok'
  and u.worker is not null
