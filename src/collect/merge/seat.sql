-- Merges the rows of `incoming` into seat, in one transaction that the caller opened.
-- Key: worker, tool, since. The same key again: the later import wins. Seats of nobody have one key
-- together, so the rows that an import gives replace all that were there.
create temp table fresh as
select worker, tool, since, until, usd_per_month
from (
  select
    *,
    row_number() over (partition by worker, tool, since order by rowid desc) as place
  from incoming
  where reject is null
)
where worker is null
  or place = 1;

create temp table fresh_keys as
select
  worker, tool, since,
  list_sort(list({'until': until, 'usd': usd_per_month})) as given
from fresh
group by worker, tool, since;

create temp table held_keys as
select
  s.worker, s.tool, s.since,
  list_sort(list({'until': s.until, 'usd': s.usd_per_month})) as held
from seat s
join fresh_keys f
  on f.worker is not distinct from s.worker
  and f.tool = s.tool
  and f.since is not distinct from s.since
group by s.worker, s.tool, s.since;

create temp table merged as
select
  h.tool is null as new,
  f.given is distinct from h.held as changed,
  f.worker, f.tool, f.since
from fresh_keys f
left join held_keys h
  on h.worker is not distinct from f.worker
  and h.tool = f.tool
  and h.since is not distinct from f.since;

delete from seat s
using merged g
where g.changed
  and not g.new
  and s.worker is not distinct from g.worker
  and s.tool = g.tool
  and s.since is not distinct from g.since;

insert into seat
select f.*
from fresh f
join merged g
  on g.worker is not distinct from f.worker
  and g.tool = f.tool
  and g.since is not distinct from f.since
where g.changed;

drop table fresh;
drop table fresh_keys;
drop table held_keys;
