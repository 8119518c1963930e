-- Calls that name an item which is not here, and the source under which most of their ids are items.
-- Inputs: "calls" SQL of calls with their item_id. Grain: one row. Cost: hash joins by id, whose
-- tables are made of items: nothing is kept of a call, of which there may be many more.
with named as (
  select item_id as name
  from item
  union all
  select l.other_id
  from link l
  join item i on i.item_id = l.item_id
),
unmet as not materialized (
  select substr(c.item_id, strpos(c.item_id, ':') + 1) as native
  from ({calls}) c
  anti join named n on n.name = c.item_id
  where c.item_id is not null
),
elsewhere as (
  select split_part(i.item_id, ':', 1) as source, count(*) as calls
  from unmet u
  join item i on substr(i.item_id, strpos(i.item_id, ':') + 1) = u.native
  group by all
  order by calls desc, source
  limit 1
)
select
  (select count(*) from unmet) as calls,
  e.source,
  e.calls as found
from (select 1)
left join elsewhere e on true
