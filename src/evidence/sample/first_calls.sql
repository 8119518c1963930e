-- The tools (or models) of the first calls of items, with the people who did those items.
-- "key" is tool or model.
-- Grain: one row per tool, of most people first. Cost: one scan of facts.
select {key} as name, count(distinct worker) as workers
from facts
where {key} is not null
group by {key}
order by workers desc, name
