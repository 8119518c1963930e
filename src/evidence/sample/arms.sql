-- What could tell the arms of a use case apart in a period.
-- Grain: one row.
select
  count(*) as items,
  count(*) filter (where calls > 0 or calls_inferred > 0) as with_calls,
  count(*) filter (where calls > 0) as with_linked_calls,
  count(*) filter (where ai_declared is not null) as marked,
  count(*) filter (where covered) as covered,
  (select count(*) from found_link where kind = 'dangling') as dangling
from facts
where use_case = $use_case
  and ($all or (counted_at >= $from
    and counted_at < $until))
