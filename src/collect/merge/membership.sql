-- Merges the rows of `incoming` into membership, in one transaction that the caller opened.
-- Key: worker, since. The same key again: the later import wins.
create temp table fresh as
select distinct on (worker, since) worker, since, team, role, attrs
from incoming
where reject is null
order by rowid desc;

create temp table merged as
select
  m.worker is null as new,
  m.worker is null or (f.team, f.role, f.attrs) is distinct from (m.team, m.role, m.attrs)
    as changed,
  f.*
from fresh f
left join membership m on m.worker = f.worker and m.since is not distinct from f.since;

delete from membership m
using merged g
where g.changed
  and not g.new
  and m.worker = g.worker
  and m.since is not distinct from g.since;

insert into membership
select worker, since, team, role, attrs
from merged
where changed;

drop table fresh;
