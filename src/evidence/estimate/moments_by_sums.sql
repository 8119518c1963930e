-- The same moments by plain sums about a pivot, for engines without functions of ours, and as the
-- oracle of moments(): count, means and centred cross-products of two columns.
-- Grain: one row per worker, arm and reason for exclusion. Cost: the sample, twice.
with sample as ({sample}),
centre as (
  select avg(x) as x, avg(y) as y
  from sample
  where excluded = 0
)
select
  s.worker,
  s.arm,
  s.excluded::bigint as excluded,
  count(*) as items,
  count(s.y) as n,
  p.x + sum(s.x - p.x) / count(s.y) as mean_x,
  p.y + sum(s.y - p.y) / count(s.y) as mean_y,
  sum((s.x - p.x) * (s.x - p.x)) - sum(s.x - p.x) * sum(s.x - p.x) / count(s.y) as c_xx,
  sum((s.y - p.y) * (s.x - p.x)) - sum(s.y - p.y) * sum(s.x - p.x) / count(s.y) as c_yx,
  sum((s.y - p.y) * (s.y - p.y)) - sum(s.y - p.y) * sum(s.y - p.y) / count(s.y) as c_yy
from sample s, centre p
group by s.worker, s.arm, s.excluded, p.x, p.y
order by s.worker, s.arm, s.excluded
