-- The stratum of each unit: that of its first item in the plan's period.
-- Grain: one row per unit ({unit}: worker or team). Cost: one scan of facts.
select
  {unit} as unit,
  arg_min({stratum}, (facts.counted_at, facts.item_id)) as stratum
from facts
where facts.use_case = $use_case
  and facts.counted_at >= $now_from
  and facts.counted_at < $now_until
  and {unit} is not null
group by 1
