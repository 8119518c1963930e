-- How calls were linked to items.
-- Grain: one row.
with found as (
  select
    count(distinct usage_id) filter (where kind = 'session') as session,
    count(distinct usage_id) filter (where kind = 'inferred') as inferred,
    count(distinct usage_id) filter (where kind = 'dangling') as dangling
  from found_link
),
named as (
  select count(*) as calls, count(item_id) as named
  from usage
  where grain = 'call'
)
select
  n.named - f.dangling as explicit,
  f.session,
  f.inferred,
  f.dangling,
  n.calls - n.named - f.session - f.inferred as none
from named n
cross join found f
