-- Merges the rows of `incoming` into step, in one transaction that the caller opened.
-- Key: item_id, occurred_at, step. The first import that has it wins; within one import equal steps
-- are all kept, since two people may do the same in the same second.
create temp table merged as
select *, new as changed
from (
  select
    not exists (
      select 1
      from step s
      where s.item_id = i.item_id
        and s.occurred_at = i.occurred_at
        and s.step = i.step
        and s.occurred_at between (select min(occurred_at) from incoming where reject is null)
          and (select max(occurred_at) from incoming where reject is null)
    ) as new,
    i.item_id, i.occurred_at, i.step, i.worker, i.by_ai, i.rowid as place
  from incoming i
  where i.reject is null
);

insert into step
select item_id, occurred_at, step, worker, by_ai
from merged
where new
order by place;
