-- Merges the rows of `incoming` into labour, in one transaction that the caller opened.
-- Key: role, since; either may be missing. The same key again: the later import wins.
create temp table fresh as
select distinct on (role, since) role, since, usd_per_hour
from incoming
where reject is null
order by rowid desc;

create temp table merged as
select
  l.usd_per_hour is null as new,
  l.usd_per_hour is null or f.usd_per_hour <> l.usd_per_hour as changed,
  f.*
from fresh f
left join labour l
  on l.role is not distinct from f.role
  and l.since is not distinct from f.since;

delete from labour l
using merged g
where g.changed
  and not g.new
  and l.role is not distinct from g.role
  and l.since is not distinct from g.since;

insert into labour
select role, since, usd_per_hour
from merged
where changed;

drop table fresh;
