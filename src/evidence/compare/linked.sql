-- How the calls that reach a use case were linked, by the share of items.
-- Grain: one row. Cost: one scan of facts, and of usage_link.
with best as (
  select
    item_id,
    max(case kind when 'explicit' then 3 when 'session' then 2 when 'inferred' then 1 end) as kind
  from usage_link
  where item_id is not null
  group by item_id
)
select
  avg(case when b.kind = 3 then 1e0 else 0e0 end),
  avg(case when b.kind = 2 then 1e0 else 0e0 end),
  avg(case when b.kind = 1 then 1e0 else 0e0 end),
  avg(case when b.kind is null then 1e0 else 0e0 end)
from facts f
left join best b on b.item_id = f.item_id
where f.use_case = $use_case
  and ($all or (f.counted_at >= $from
    and f.counted_at < $until))
