-- The quantile of each arm, and those at a rank below and a rank above it. Ranks differ by arm.
-- Grain: one row. Cost: the sample, once, and all values of its arms in memory.
select
  quantile_disc(y, [{low_0}, {share}, {high_0}]) filter (where arm = 0) as arm_0,
  quantile_disc(y, [{low_1}, {share}, {high_1}]) filter (where arm = 1) as arm_1
from ({sample})
where excluded = 0
