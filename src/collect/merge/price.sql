-- Merges the rows of `incoming` into price, in one transaction that the caller opened.
-- Key: model, since. The same key again: the later import wins.
create temp table fresh as
select distinct on (model, since) model, since, input, output, cache_read, cache_write
from incoming
where reject is null
order by rowid desc;

create temp table merged as
select
  p.model is null as new,
  p.model is null
    or (f.input, f.output, f.cache_read, f.cache_write) is distinct from
      (p.input, p.output, p.cache_read, p.cache_write)
    as changed,
  f.*
from fresh f
left join price p on p.model = f.model and p.since is not distinct from f.since;

delete from price p
using merged g
where g.changed
  and not g.new
  and p.model = g.model
  and p.since is not distinct from g.since;

insert into price
select model, since, input, output, cache_read, cache_write
from merged
where changed;

drop table fresh;
