-- The time by which a fifth of the completed work of a cohort was done, in minutes, and how many
-- people did that work.
-- "start" and "finish" are the metric's formulas.
-- Grain: one row. Cost: one scan of facts.
select
  quantile_cont((epoch_us({finish}) - epoch_us({start})) / 6e7, 0.2e0) as minutes,
  count(distinct worker) as workers
from facts
where use_case = $use_case
  and worker is not null
  and state = 'done'
  and ({finish}) >= ({start})
  and ($all or (counted_at >= $from and counted_at < $until))
