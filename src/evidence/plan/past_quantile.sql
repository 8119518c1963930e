-- The quantile of a sample, the values at a rank below and a rank above it, and items.
-- Grain: one row. Cost: the sample, once, and all its values in memory.
select
  quantile_disc(y, [{low}, {share}, {high}]) as at_ranks,
  count(*) as items
from ({sample})
where excluded = 0
