-- The value that 1 % of a sample's items lie above.
-- Grain: one row. Cost: the sample, once, and an exact quantile of its values.
select
  quantile_cont(y, 0.99) as cut,
  count(*)::double as items
from ({sample})
where excluded = 0
