-- Merges the rows of `incoming` into assignment, in one transaction that the caller opened.
-- Key: plan, unit_kind, unit, since. The first one wins: an arm is drawn once. A row that gives the
-- same unit another arm is rejected.
update incoming
set reject = 'arm: this unit was assigned to another arm before'
from (
  select plan, unit_kind, unit, since, arg_min(arm, place) as arm
  from (
    select plan, unit_kind, unit, since, arm, -1 as place from assignment
    union all
    select plan, unit_kind, unit, since, arm, rowid as place from incoming where reject is null
  )
  group by all
) first
where incoming.reject is null
  and incoming.plan = first.plan
  and incoming.unit_kind = first.unit_kind
  and incoming.unit = first.unit
  and incoming.since is not distinct from first.since
  and incoming.arm <> first.arm;

create temp table fresh as
select distinct on (plan, unit_kind, unit, since) plan, unit_kind, unit, arm, since, until,
  probability
from incoming
where reject is null
order by rowid;

create temp table merged as
select *, new as changed
from (
  select
    not exists (
      select 1
      from assignment a
      where a.plan = f.plan
        and a.unit_kind = f.unit_kind
        and a.unit = f.unit
        and a.since is not distinct from f.since
    ) as new,
    f.*
  from fresh f
);

insert into assignment
select plan, unit_kind, unit, arm, since, until, probability
from merged
where new;

drop table fresh;
