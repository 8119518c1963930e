-- Merges the rows of `incoming` into alias, in one transaction that the caller opened.
-- Key: alias. The same key again: the later import wins.
create temp table fresh as
select alias, arg_max(worker, rowid) as worker
from incoming
where reject is null
  and alias <> worker
group by alias;

create temp table merged as
select
  a.alias is null as new,
  a.alias is null or a.worker <> f.worker as changed,
  f.*
from fresh f
left join alias a on a.alias = f.alias;

delete from alias
where alias in (select alias from merged where changed and not new);

insert into alias
select alias, worker
from merged
where changed;

drop table fresh;
