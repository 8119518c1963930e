-- One call for each item that was done with AI, and a source that reports on all of the time.
insert into usage (usage_id, occurred_at, worker, item_id, grain, status)
select 'u:' || id, t0 + interval 1 second, person, id, 'call', 'ok'
from drawn_times
where takes_it;

insert into usage (usage_id, occurred_at, worker, grain, status) values
  ('u:from', '2026-01-01', 'x', 'call', 'ok'),
  ('u:until', '2026-06-01', 'x', 'call', 'ok')
