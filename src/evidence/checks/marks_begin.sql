-- How many items of a comparison by marks came before the first that is marked.
-- Grain: one row. Cost: the sample, twice.
with counted as (
  select arm, counted_at
  from ({sample})
  where worker is not null
    and arm is not null
    and counted_at is not null
)
select
  count(*)::double as items,
  count(*) filter (where arm = 1)::double as marked,
  count(*) filter (
    where counted_at < (select min(counted_at) from counted where arm = 1))::double as before_first
from counted
