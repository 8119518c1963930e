-- The longest time in which nothing of a use case began or ended, within $from and $until, in
-- microseconds, by the hour; missing where all of it is within one hour. Grain: one row.
-- Cost: one scan of the use case's facts.
with happened as (
  select opened_at as moment
  from facts
  where use_case = $use_case
  union all
  select closed_at
  from facts
  where use_case = $use_case
),
hours as (
  select distinct epoch_us(date_trunc('hour', moment)) as hour
  from happened
  where moment >= $from
    and moment < $until
)
select max(length) as silence
from (
  select hour - lag(hour) over (order by hour) as length
  from hours
)
