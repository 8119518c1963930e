-- Merges the rows of `incoming` into policy, in one transaction that the caller opened.
-- Key: policy. The same key again: the later import wins.
create temp table fresh as
select distinct on (policy)
  policy, announced_at, starts_at, kind, scope, measure, threshold, period
from incoming
where reject is null
order by rowid desc;

create temp table merged as
select
  p.policy is null as new,
  p.policy is null
    or (f.announced_at, f.starts_at, f.kind, f.scope) is distinct from
      (p.announced_at, p.starts_at, p.kind, p.scope)
    or (f.measure, f.threshold, f.period) is distinct from (p.measure, p.threshold, p.period)
    as changed,
  f.*
from fresh f
left join policy p on p.policy = f.policy;

delete from policy
where policy in (select policy from merged where changed and not new);

insert into policy
select policy, announced_at, starts_at, kind, scope, measure, threshold, period
from merged
where changed;

drop table fresh;
