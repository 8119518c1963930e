-- The moment of the first item of a use case that anybody did, for what lies before a plan's period.
-- Grain: one row. Cost: one scan of the use case's facts.
select epoch_us(min(counted_at)) as first
from facts
where worker is not null
  and use_case = $use_case
  and {scope}
