-- Who starts when; without a date who never does.
-- Grain: one row per worker.
insert into assignment
select distinct
  'r' || run, 'worker', person, case when starts < 8 then 'ai' else 'no_ai' end,
  case when starts < 8 then timestamp '2026-03-02' + to_days(7 * starts) end,
  null::timestamp, null
from drawn_times
