-- The same as past_cells.sql of the influence of each item on the restricted mean, which the
-- temporary table influence has by time. Grain: one row per worker and cell. Cost: the sample, once,
-- and a join by time.
select
  s.worker,
  s.cell,
  count(*) as items,
  moments(i.phi) as moments
from ({sample}) s
join influence i on i.minutes = least(s.minutes, {horizon} + 1e0) and i.ended = s.ended
where s.excluded = 0
group by s.worker, s.cell
order by s.worker, s.cell
