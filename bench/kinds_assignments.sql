-- Every second of the people is assigned to AI from the first day on, as `assay assign` does.
insert into measure values ('x', 'effort', null, 0, 'm'), ('x', 'finished', null, 0, 'm');
create table found_link (usage_id varchar, item_id varchar, weight double, kind varchar);
create view usage_link as from found_link;

insert into assignment
select 'p', 'worker', 'w' || i, case i % 2 when 0 then 'no_ai' else 'ai' end,
  timestamp '2026-06-01', null, 0.5
from range({workers}) r(i)
