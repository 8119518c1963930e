-- Values of an arm at ranks, from the smallest on.
-- Inputs: $trimmed (the arm), $rank_0 … $rank_3.
-- Grain: one row. Cost: the sample, once, and a sort of its different values.
select
  min(y) filter (where up_to >= $rank_0) as value_0,
  min(y) filter (where up_to >= $rank_1) as value_1,
  min(y) filter (where up_to >= $rank_2) as value_2,
  min(y) filter (where up_to >= $rank_3) as value_3
from (
  select y, sum(items) over (order by y) as up_to
  from (
    select y, count(*) as items
    from ({sample})
    where excluded = 0
      and arm = $trimmed
      and cluster is not null
    group by y
  )
)
