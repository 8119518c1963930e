-- Means of the two spans of a year by person, of ratios of both parts.
-- Grain: one row per worker, cell and span. Cost: the sample, once.
select
  worker,
  cell,
  arm::bigint as span,
  count(*)::double as items,
  avg(y) as mean,
  avg({divisor}) as divisor
from ({sample})
where excluded = 0
group by worker, cell, arm
order by worker, cell, arm
