-- Merges the rows of `incoming` into usage, in one transaction that the caller opened.
-- Key: usage_id. The same key again: the first one wins, whatever time it says. (Looking only inside
-- the file's time range would be quicker, and would take a call whose time was corrected for two.)
-- But the item that a call names: where the first one's is not here and the later one's is, it is that.
-- Rows are found by id alone and copied once. Leaves the table `merged`: the place of each new one.
create temp table merged as
select min(rowid) as place, true as new, true as changed
from incoming i
where reject is null
  and not exists (
    select 1
    from usage u
    where u.usage_id = i.usage_id
  )
group by usage_id;

create temp table named_anew as
with other as (
  select u.usage_id, u.item_id as before, arg_min(i.item_id, i.rowid) as item_id
  from incoming i
  join usage u on u.usage_id = i.usage_id
  where i.reject is null
    and u.item_id <> i.item_id
  group by u.usage_id, u.item_id
),
here as (
  select item_id as name
  from item
  union all
  select l.other_id
  from link l
  join item i on i.item_id = l.item_id
)
select usage_id, item_id
from other o
where exists (select 1 from here where name = o.item_id)
  and not exists (select 1 from here where name = o.before);

insert into usage
select * exclude (source_row, reject, dropped)
from incoming
where rowid in (select place from merged);

update usage
set item_id = a.item_id
from named_anew a
where a.usage_id = usage.usage_id;

insert into merged
select null, false, true
from named_anew;

drop table named_anew;
