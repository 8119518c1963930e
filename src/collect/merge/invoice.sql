-- Merges the rows of `incoming` into invoice, in one transaction that the caller opened.
-- Key: tool, since, until. The same key again: the later import wins. An invoice may have several
-- lines for one tool and time, so the rows that an import gives replace all that were there.
create temp table fresh_keys as
select tool, since, until, list_sort(list(usd)) as given
from incoming
where reject is null
group by tool, since, until;

create temp table held_keys as
select i.tool, i.since, i.until, list_sort(list(i.usd)) as held
from invoice i
join fresh_keys f
  on f.tool = i.tool
  and f.since = i.since
  and f.until is not distinct from i.until
group by i.tool, i.since, i.until;

create temp table merged as
select
  h.tool is null as new,
  f.given is distinct from h.held as changed,
  f.tool, f.since, f.until
from fresh_keys f
left join held_keys h
  on h.tool = f.tool
  and h.since = f.since
  and h.until is not distinct from f.until;

delete from invoice i
using merged g
where g.changed
  and not g.new
  and i.tool = g.tool
  and i.since = g.since
  and i.until is not distinct from g.until;

insert into invoice
select f.tool, f.since, f.until, f.usd
from incoming f
join merged g
  on g.tool = f.tool
  and g.since = f.since
  and g.until is not distinct from f.until
where g.changed
  and f.reject is null;

drop table fresh_keys;
drop table held_keys;
