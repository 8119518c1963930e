-- Daily totals, which name no item: one day of each week with AI, and a source that reports on all
-- of the time.
insert into usage (usage_id, occurred_at, worker, grain, status)
select distinct
  'u:' || person || '-' || week, timestamp '2026-03-04' + to_days(7 * week), person, 'day', 'ok'
from drawn_times
where takes_it;

insert into usage (usage_id, occurred_at, worker, grain, status) values
  ('u:from', '2026-01-01', 'x', 'day', 'ok'),
  ('u:until', '2026-06-01', 'x', 'day', 'ok')
