-- Items with a date that is not believed; and those of them that are done, whose close it is.
-- Grain: one row. Cost: a scan of facts.
select
  count(*) as items,
  count(*) filter (where state = 'done' and closed_at is null) as closed_in_future
from facts
where unbelieved
