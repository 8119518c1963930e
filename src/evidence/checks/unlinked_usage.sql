-- Calls of the period by the people of a comparison, and those of them that belong to no item: with
-- what they cost, where that is said of all.
-- Grain: one row. Cost: the sample, a scan of usage and of found_link.
with people as (
  select distinct worker
  from ({sample})
  where worker is not null
),
linked as (
  select usage_id, min(kind) as kind
  from found_link
  group by usage_id
),
calls as (
  select coalesce(l.kind <> 'dangling', u.item_id is not null) as has_item, u.usd
  from usage u
  left join (select alias, worker from alias) k on k.alias = u.worker
  join people p on p.worker = coalesce(k.worker, u.worker)
  left join linked l on l.usage_id = u.usage_id
  where u.grain = 'call'
    and u.status = 'ok'
    and ($all or (u.occurred_at >= $now_from and u.occurred_at < $now_until))
)
select
  count(*)::double as calls,
  count(*) filter (where not has_item)::double as unlinked,
  case when count(*) = count(usd) then sum(usd) end::double as usd,
  case when count(*) = count(usd) then coalesce(sum(usd) filter (where not has_item), 0) end::double
    as unlinked_usd
from calls
