-- How many people the workspace knows by pseudonyms, further names resolved.
-- Grain: one row. Cost: a scan of the columns that hold pseudonyms.
with seen as (
  select worker from item
  union
  select worker from usage
  union
  select worker from step
  union
  select reviewer from review
  union
  select worker from membership
  union
  select worker from seat
  union
  select worker from alias
  union
  select unit from assignment where unit_kind = 'worker'
)
select count(distinct coalesce(a.worker, s.worker)) as people
from seen s
left join alias a on a.alias = s.worker
