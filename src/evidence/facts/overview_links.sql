-- How calls were linked to items.
-- Grain: one row.
with kinds as (
  select usage_id, min(kind) as kind
  from usage_link
  group by usage_id
)
select
  count(*) filter (where k.kind = 'explicit') as explicit,
  count(*) filter (where k.kind = 'session') as session,
  count(*) filter (where k.kind = 'inferred') as inferred,
  count(*) filter (where k.kind = 'dangling') as dangling,
  count(*) filter (where k.kind is null) as none
from usage u
left join kinds k on k.usage_id = u.usage_id
where u.grain = 'call'
