-- Merges the rows of `incoming` into usage, in one transaction that the caller opened.
-- Key: usage_id. The same key again: the first one wins, whatever time it says. (Looking only inside
-- the file's time range would be quicker, and would take a call whose time was corrected for two.)
-- But the item that a call names: where the first one's is not here and the later one's is, it is that.
-- Rows are found by id alone and copied once. Ids that come twice in the file are looked for by their
-- hash, which costs a third of it. Leaves the table `merged`: one row for each new or changed call.
create temp table before as
select count(*) as calls
from usage;

-- Rows whose id is here.
create temp table known as
select
  i.rowid as place,
  case when u.item_id <> i.item_id then u.usage_id end as usage_id,
  case when u.item_id <> i.item_id then u.item_id end as before,
  case when u.item_id <> i.item_id then i.item_id end as item_id
from incoming i
join usage u on u.usage_id = i.usage_id
where i.reject is null;

-- Rows behind the first one of their id.
create temp table later as
with repeated as (
  select hash(usage_id) as id_hash
  from incoming
  where reject is null
  group by id_hash
  having count(*) > 1
)
select rowid as place
from incoming
where reject is null
  and hash(usage_id) in (select id_hash from repeated)
qualify row_number() over (partition by usage_id order by rowid) > 1;

create temp table named_anew as
with other as (
  select usage_id, before, arg_min(item_id, place) as item_id
  from known
  where usage_id is not null
  group by usage_id, before
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
from incoming i
anti join (select place from known union all select place from later) p on p.place = i.rowid
where reject is null;

update usage
set item_id = a.item_id
from named_anew a
where a.usage_id = usage.usage_id;

create temp table merged as
select true as new, true as changed
from range((select count(*) from usage) - (select calls from before))
union all
select false, true
from named_anew;

drop table before;
drop table known;
drop table later;
drop table named_anew;
