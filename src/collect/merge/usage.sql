-- Merges the rows of `incoming` into usage, in one transaction that the caller opened.
-- The same key again: the first one wins. The anti join looks only inside the file's time range.
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
        and u.occurred_at between (select min(occurred_at) from fresh)
          and (select max(occurred_at) from fresh)
    ) as new,
    f.usage_id
  from fresh f
);

insert into usage
select f.*
from fresh f
where f.usage_id in (select usage_id from merged where new);

drop table fresh;
