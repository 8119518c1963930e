-- The time by which a fifth of the completed work of a cohort was done, in minutes, and how many
-- people did that work.
-- "start" and "finish" are the metric's formulas; as found, time counts from the start of work on.
-- Grain: one row. Cost: one scan of facts.
select
  quantile_cont((epoch_us({finish}) - epoch_us(greatest({start}, coalesce(started_at, opened_at)))) / 6e7, 0.2e0)
    as minutes,
  count(distinct worker) as workers
from facts
where use_case = $use_case
  and worker is not null
  and state = 'done'
  and ({finish}) >= greatest({start}, coalesce(started_at, opened_at))
  and ($all or (counted_at >= $from and counted_at < $until))
