-- People behind both trims of an arm: those with an item that a trim takes (or parts), and those with
-- one that it leaves (or parts).
-- Inputs: $trimmed, $top (the lowest value that a trim from the top takes of), $bottom (the highest
-- that one from the bottom takes of).
-- Grain: one row. Cost: the sample, once.
select
  count(*) filter (where highest >= $top) as taken_from_top,
  count(*) filter (where lowest <= $top) as left_below,
  count(*) filter (where lowest <= $bottom) as taken_from_bottom,
  count(*) filter (where highest >= $bottom) as left_above
from (
  select worker, min(y) as lowest, max(y) as highest
  from ({sample})
  where excluded = 0
    and arm = $trimmed
    and cluster is not null
  group by worker
)
