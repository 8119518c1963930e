-- By how many periods the time of anticipation reaches before the starts, at most.
-- Grain: one row. Cost: the units, once.
select coalesce(max({period_of_since} - {period_of_ahead}), 0)::bigint as periods
from (
  select since, since - to_microseconds({anticipation}) as ahead
  from ({waves})
  where since > timestamp '0001-01-01'
)
