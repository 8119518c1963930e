-- When the clocks of a zone were changed within the time of the facts (of these years), and how far
-- they were ahead of UTC from then on; in microseconds, as is the end of that time. They are changed
-- on a whole minute, and once a day at most.
-- Grain: one row per change, after one for the beginning; none where no fact has a time.
-- Cost: the times of facts, and the calendar once for each day and each minute of a day of change.
with bounds as (
  select
    greatest(date_trunc('day', min(counted_at)), timestamp '1980-01-01') as first,
    least(date_trunc('day', greatest(max(counted_at), max(data_end))) + interval 1 day,
      timestamp '2100-01-01') as last
  from facts
  having count(counted_at) > 0
),
days as (
  select moment, epoch_us(timezone($zone, moment::timestamptz)) - epoch_us(moment) as ahead
  from (
    select unnest(generate_series(first, last, interval 1 day)) as moment
    from bounds
  )
),
closer as (
  select unnest(generate_series(moment - interval 1 day, moment, interval 1 minute)) as moment
  from (
    select moment, ahead, lag(ahead) over (order by moment) as before
    from days
  )
  where before <> ahead
),
seen as (
  select moment, ahead
  from days
  union
  select moment, epoch_us(timezone($zone, moment::timestamptz)) - epoch_us(moment)
  from closer
)
select epoch_us(moment) as moment, ahead, (select max(epoch_us(moment)) from days) as until
from (
  select moment, ahead, lag(ahead) over (order by moment) as before
  from seen
)
where before is distinct from ahead
order by moment
