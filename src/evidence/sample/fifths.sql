-- The values that cut a number into fifths of a cohort. "value" is a formula's SQL.
-- Grain: one row, a list of four. Cost: one scan of facts.
select quantile_cont({value}::double, [0.2, 0.4, 0.6, 0.8])
from facts
where use_case = $use_case
  and ($all or (counted_at >= $from and counted_at < $until))
