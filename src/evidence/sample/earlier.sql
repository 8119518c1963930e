-- Each person's mean of the metric in the period before; of a ratio that of the numerator less the
-- denominator times the ratio of all.
-- Grain: one row per worker. Cost: one scan of facts.
with earlier as (
  select
    worker,
    {mean} as mean
  from (
    select
      facts.worker as worker,
      {outcome},
      {reason} as why_no_value,
      {arm} as arm
    from facts
    {assignment}
    where {cohort}
      and facts.worker is not null
      and facts.first_closed_at + to_microseconds({matures}) <= $now_from
  )
  where why_no_value is null
    and arm is null
  group by worker
)
