-- Who of a sample has a value from earlier, and how many items are of people without one.
-- Grain: one row. Cost: the sample, once.
select
  count(distinct worker) filter (where {missing} = 0) as workers,
  count(*) filter (where {missing} = 1) as without
from ({sample})
where excluded = 0
