-- The values of one part of the cells, the most frequent first.
-- Grain: one row per value. Cost: one scan of facts.
select {part} as level, count(*) as items
from facts
where facts.use_case = $use_case
  and ($all or (facts.counted_at >= $from and facts.counted_at < $until))
  and {scope}
group by 1
order by 2 desc, 1
limit 13
