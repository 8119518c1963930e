-- The arms of a plan for each run, as drawn: of items, of workers, or of teams that take turns.
-- Grain: one row per unit, and week where units take turns.
insert into assignment
select distinct
  'r' || run, {unit}, case when second then 'ai' else 'no_ai' end, {since_until},
  case when second then chance else 1 - chance end
from drawn_times
where day >= 0
