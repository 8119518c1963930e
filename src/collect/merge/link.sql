-- Merges the rows of `incoming` into link, in one transaction that the caller opened.
-- Key: other_id. The same key again: the later import wins.
create temp table fresh as
select other_id, arg_max(item_id, rowid) as item_id
from incoming
where reject is null
group by other_id;

create temp table merged as
select
  l.other_id is null as new,
  l.other_id is null or l.item_id <> f.item_id as changed,
  f.*
from fresh f
left join link l on l.other_id = f.other_id;

delete from link
where other_id in (select other_id from merged where changed and not new);

insert into link
select other_id, item_id
from merged
where changed;

drop table fresh;
