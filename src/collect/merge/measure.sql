-- Merges the rows of `incoming` into measure, in one transaction that the caller opened.
-- Key: item_id, name, occurred_at. The same key again: the later import wins, and inside one file
-- the later row.
create temp table fresh as
select item_id, name, occurred_at, arg_max(value, rowid) as value, arg_max(source, rowid) as source
from incoming
where reject is null
group by item_id, name, occurred_at;

create temp table merged as
select
  m.item_id is null as new,
  m.item_id is null or (f.value, f.source) is distinct from (m.value, m.source) as changed,
  f.item_id, f.name, f.occurred_at
from fresh f
left join measure m
  on m.item_id = f.item_id
  and m.name = f.name
  and m.occurred_at is not distinct from f.occurred_at;

delete from measure m
using merged g
where g.changed
  and not g.new
  and m.item_id = g.item_id
  and m.name = g.name
  and m.occurred_at is not distinct from g.occurred_at;

insert into measure
select f.*
from fresh f
join merged g
  on g.item_id = f.item_id
  and g.name = f.name
  and g.occurred_at is not distinct from f.occurred_at
where g.changed;

drop table fresh;
