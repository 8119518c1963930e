-- Merges the rows of `incoming` into usage, in one transaction that the caller opened.
-- Key: usage_id. The same key again: the first one wins, whatever time it says. (Looking only inside
-- the file's time range would be quicker, and would take a call whose time was corrected for two.)
create temp table fresh as
select * exclude (source_row, reject, dropped, place)
from (
  select *, row_number() over (partition by usage_id order by rowid) as place
  from incoming
  where reject is null
)
where place = 1;

create temp table merged as
select *, new as changed
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

insert into usage
select f.*
from fresh f
where f.usage_id in (select usage_id from merged where new);

drop table fresh;
