-- Merges the rows of `incoming` into usage, in one transaction that the caller opened.
-- Key: usage_id. The same key again: the first one wins, whatever time it says. (Looking only inside
-- the file's time range would be quicker, and would take a call whose time was corrected for two.)
-- But the item that a call names: where the first one's is not here, and the later one's is, it is that.
create temp table fresh as
select * exclude (source_row, reject, dropped, place)
from (
  select *, row_number() over (partition by usage_id order by rowid) as place
  from incoming
  where reject is null
)
where place = 1;

create temp table named as
select item_id as name
from item
union
select l.other_id
from link l
join item i on i.item_id = l.item_id;

create temp table found as
select f.usage_id, f.item_id
from fresh f
join usage u on u.usage_id = f.usage_id
where u.item_id <> f.item_id
  and f.item_id in (select name from named)
  and u.item_id not in (select name from named);

create temp table merged as
select *, new or usage_id in (select usage_id from found) as changed
from (
  select
    not exists (
      select 1
      from usage u
      where u.usage_id = f.usage_id
    ) as new,
    f.usage_id
  from fresh f
);

update usage
set item_id = found.item_id
from found
where found.usage_id = usage.usage_id;

insert into usage
select f.*
from fresh f
where f.usage_id in (select usage_id from merged where new);

drop table named;
drop table found;
drop table fresh;
