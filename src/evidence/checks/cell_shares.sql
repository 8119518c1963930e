-- Items of a period and of the one before by cell, for the check of a mix that shifted.
-- Grain: one row per cell. Cost: one scan of facts.
select
  count(*) filter (where facts.counted_at >= $now_from and facts.counted_at < $now_until)::double,
  count(*) filter (where facts.counted_at >= $before_from
    and facts.counted_at < $before_until)::double
from facts
where facts.worker is not null
  and facts.use_case = $use_case
  and {scope}
  and ((facts.counted_at >= $now_from and facts.counted_at < $now_until)
    or (facts.counted_at >= $before_from and facts.counted_at < $before_until))
group by {cell}
