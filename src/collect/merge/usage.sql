-- Merges the rows of `incoming` into usage, in one transaction that the caller opened.
-- Key: usage_id. The same key again: the first one wins, whatever time it says. (Looking only inside
-- the file's time range would be quicker, and would take a call whose time was corrected for two.)
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

insert into usage
select * exclude (source_row, reject, dropped)
from incoming
where rowid in (select place from merged);
