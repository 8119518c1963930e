-- Risk sets of all items of a sample, without arms. Times beyond the horizon are all alike.
-- Grain: one row per distinct time. Cost: the sample, once.
select
  least(minutes, {horizon} + 1e0) as minutes,
  count(*) filter (where ended)::double as events,
  count(*) filter (where not ended)::double as censored
from ({sample})
where excluded = 0
group by 1
order by 1
