-- From when on each person has had a seat: null is never, 0001-01-01 from the first day.
-- Grain: one row per worker of facts. Cost: one scan of facts and of seat.
select
  f.worker as unit,
  min(s.since) as since
from (select distinct worker from facts where worker is not null) f
left join (
  select
    coalesce(a.worker, seat.worker) as worker,
    coalesce(seat.since, timestamp '0001-01-01') as since
  from seat
  left join alias a on a.alias = seat.worker
  where seat.worker is not null
) s
  on s.worker = f.worker
group by f.worker
