-- How the calls that reach a use case were linked, by the share of items.
-- Grain: one row.
with cohort as (
  select item_id, worker
  from facts
  where use_case = $use_case
    and ($all or (coalesce(opened_at, started_at, closed_at) >= $from
      and coalesce(opened_at, started_at, closed_at) < $until))
),
best as (
  select
    c.item_id,
    max(case l.kind when 'explicit' then 3 when 'session' then 2 when 'inferred' then 1 else 0 end)
      as kind
  from cohort c
  left join usage_link l on l.item_id = c.item_id
  group by c.item_id
)
select
  avg(case when kind = 3 then 1e0 else 0e0 end),
  avg(case when kind = 2 then 1e0 else 0e0 end),
  avg(case when kind = 1 then 1e0 else 0e0 end),
  avg(case when kind is null or kind = 0 then 1e0 else 0e0 end),
  (select avg(case when worker is null then 1e0 else 0e0 end) from cohort)
from best
