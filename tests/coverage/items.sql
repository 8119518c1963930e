-- Items, with what was measured of each, of all that was drawn. {team}: a person's team;
-- {declared}: the mark that AI was used.
-- Grain of each insert: one row per item drawn, or per item and measure.
create or replace temp view drawn_times as
select
  *,
  't:' || run || '-' || worker || '-' || item as id,
  'w' || run || '-' || worker as person,
  timestamp '2026-03-02' + to_microseconds((day * 864e8)::bigint) as t0
from drawn;

insert into item (
  item_id, source, use_case, worker, team, size, opened_at, started_at, closed_at, first_closed_at,
  updated_at, state, ai_declared
)
select
  id, 't', 'r' || run, person, {team}, size, t0, t0, done, done,
  timestamp '2026-05-01', case when done is null then 'open' else 'done' end, {declared}
from (
  select *, case when t1 < timestamp '2026-05-01' then t1 end as done
  from (select *, t0 + to_microseconds((takes * 864e8)::bigint) as t1 from drawn_times)
);

insert into measure select id, 'effort', null, effort, 'm' from drawn_times;
insert into measure select id, 'event', null, event::int, 'm' from drawn_times;
insert into measure select id, 'finished', null, finished::int, 'm' from drawn_times;
