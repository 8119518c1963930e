-- How many workers are behind the effect of a staggered rollout.
-- Grain: one row: workers of the waves that are in it, and of the largest set that these are
-- compared with. Cost: the sample, once.
select
  count(distinct worker) filter (where first in ({in_it})) as treated,
  count(distinct worker) filter (where first > {after}) as controls
from (
  select s.worker, coalesce({period_of_since}::bigint, 9223372036854775807) as first
  from ({sample}) s
  join ({waves}) w
    on w.unit = s.cluster
  where s.excluded = 0
)
