-- Calls that name an item which is not here, and the source under which most of their ids are items.
-- Inputs: "calls" SQL of calls with their item_id. Grain: one row. Cost: hash joins by id.
with named as (
  select item_id as name
  from item
  union all
  select l.other_id
  from link l
  join item i on i.item_id = l.item_id
),
unmet as (
  select
    item_id,
    substr(item_id, strpos(item_id, ':') + 1) as native,
    count(*) as calls
  from ({calls})
  where item_id is not null
    and item_id not in (select name from named)
  group by item_id
),
elsewhere as (
  select split_part(i.item_id, ':', 1) as source, sum(u.calls)::bigint as calls
  from unmet u
  join item i on substr(i.item_id, strpos(i.item_id, ':') + 1) = u.native
  group by all
  order by calls desc, source
  limit 1
)
select
  (select coalesce(sum(calls), 0)::bigint from unmet) as calls,
  e.source,
  e.calls as found
from (select 1)
left join elsewhere e on true
