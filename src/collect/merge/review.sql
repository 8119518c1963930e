-- Merges the rows of `incoming` into review, in one transaction that the caller opened.
-- Key: audit, item_id, reviewer, criterion. The same key again: the later import wins.
create temp table fresh as
select distinct on (audit, item_id, reviewer, criterion)
  audit, item_id, reviewer, criterion, score, blinded, occurred_at
from incoming
where reject is null
order by rowid desc;

create temp table merged as
select
  r.audit is null as new,
  r.audit is null
    or (f.score, f.blinded, f.occurred_at) is distinct from (r.score, r.blinded, r.occurred_at)
    as changed,
  f.*
from fresh f
left join review r
  on r.audit = f.audit
  and r.item_id = f.item_id
  and r.reviewer is not distinct from f.reviewer
  and r.criterion = f.criterion;

delete from review r
using merged g
where g.changed
  and not g.new
  and r.audit = g.audit
  and r.item_id = g.item_id
  and r.reviewer is not distinct from g.reviewer
  and r.criterion = g.criterion;

insert into review
select audit, item_id, reviewer, criterion, score, blinded, occurred_at
from merged
where changed;

drop table fresh;
