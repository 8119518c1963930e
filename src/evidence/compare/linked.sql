-- How the calls that reach a use case were linked, by the share of items.
-- Grain: one row. Cost: one scan of facts and of found_link, one grouping of calls by what they name.
with best as (
  select item_id, max(kind) as kind
  from (
    select distinct item_id, 3 as kind
    from usage
    where grain = 'call'
    union all
    select
      item_id,
      case kind when 'explicit' then 3 when 'session' then 2 when 'inferred' then 1 end
    from found_link
  )
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
