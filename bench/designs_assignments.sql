-- Plans of each unit; those of turns are of weeks, the waves begin a month after each other.
insert into measure values ('x', 'effort', null, 0, 'm');
create table found_link (usage_id varchar, item_id varchar, weight double, kind varchar);
create view usage_link as from found_link;

insert into assignment
select 'worker', 'worker', 'w' || i, case i % 2 when 0 then 'no_ai' else 'ai' end,
  timestamp '2026-06-01', null, 0.5
from range({workers}) r(i);

insert into assignment
select 'team', 'team', 'team' || i, case i % 2 when 0 then 'no_ai' else 'ai' end,
  timestamp '2026-06-01', null, 0.5
from range({teams}) r(i);

insert into assignment
select 'waves', 'worker', 'w' || i, case i % 4 when 0 then 'no_ai' else 'ai' end,
  case i % 4 when 0 then null else timestamp '2026-07-01' + to_months((i % 4)::int - 1) end,
  null, null
from range({workers}) r(i);

insert into assignment
select 'turns', 'team', 'team' || i, case hash(i, w) % 2 when 0 then 'no_ai' else 'ai' end,
  timestamp '2026-06-01' + to_days(7 * w::int), timestamp '2026-06-01' + to_days(7 * w::int + 7),
  0.5
from range({teams}) r(i), range({weeks}) v(w);

insert into assignment
select 'item', 'item', item_id, case hash(item_id) % 2 when 0 then 'no_ai' else 'ai' end,
  counted_at, null, 0.5
from facts
where counted_at >= timestamp '2026-06-01'
