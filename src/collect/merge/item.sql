-- Merges the rows of `incoming` into item, in one transaction that the caller opened.
-- The same key again: the later updated_at wins field by field, else the later import; a field that
-- the winner leaves empty keeps what was there. Where the times of the two are not of one item (closed
-- before opened or started), the winner's times stand alone. Most rows of a first import meet no other
-- of their key, and are copied as they are; the others are folded, which costs most. Ids that come
-- twice in the file are looked for by their hash, which costs a third of it. Leaves the table `merged`:
-- one row for each item of the file, and whether it is new or changed; and `parted`: the items whose
-- times were not of one.

-- Rows that meet another of their key, here or in the file.
create temp table met as
with repeated as (
  select hash(item_id) as id_hash
  from incoming
  where reject is null
  group by id_hash
  having count(*) > 1
)
select rowid as place
from incoming i
where reject is null
  and (hash(item_id) in (select id_hash from repeated)
    or exists (select 1 from item h where h.item_id = i.item_id));

create temp table chosen as
with repeated as materialized (
  select item_id
  from incoming
  where rowid in (select place from met)
  group by item_id
  having count(*) > 1
),
ranked as (
  select *, row_number() over (order by updated_at nulls first, rowid) as rank
  from incoming
  where reject is null
    and item_id in (select item_id from repeated)
),
grouped as (
  select
    item_id,
    arg_max(source, rank) as source,
    arg_max(use_case, rank) filter (where use_case is not null) as use_case,
    arg_max(worker, rank) filter (where worker is not null) as worker,
    arg_max(team, rank) filter (where team is not null) as team,
    arg_max(role, rank) filter (where role is not null) as role,
    arg_max(size, rank) filter (where size is not null) as size,
    arg_max(opened_at, rank) filter (where opened_at is not null) as opened_at,
    arg_max(started_at, rank) filter (where started_at is not null) as started_at,
    min(first_closed_at) as first_closed_at,
    arg_max(closed_at, rank) filter (where closed_at is not null) as closed_at,
    max(updated_at) as updated_at,
    arg_max(state, rank) filter (where state is not null) as state,
    arg_max(ai_declared, rank) filter (where ai_declared is not null) as ai_declared,
    arg_max(attrs, rank) filter (where attrs is not null) as attrs,
    arg_max({'opened_at': opened_at, 'started_at': started_at, 'first_closed_at': first_closed_at,
      'closed_at': closed_at, 'state': state}, rank) as last,
    coalesce(
      arg_max(closed_at, rank) filter (where closed_at is not null) < greatest(
        arg_max(opened_at, rank) filter (where opened_at is not null),
        arg_max(started_at, rank) filter (where started_at is not null)),
      false) as apart
  from ranked
  group by item_id
),
folded as (
  select
    item_id, source, use_case, worker, team, role, size, opened_at, started_at, first_closed_at,
    closed_at, updated_at, state, ai_declared, attrs, false as apart
  from incoming i
  where rowid in (select place from met)
    and not exists (select 1 from repeated r where r.item_id = i.item_id)
  union all
  select
    item_id, source, use_case, worker, team, role, size,
    case when apart then last.opened_at else opened_at end as opened_at,
    case when apart then last.started_at else started_at end as started_at,
    case when apart then last.first_closed_at else first_closed_at end as first_closed_at,
    case when apart then last.closed_at else closed_at end as closed_at,
    updated_at,
    case when apart then coalesce(last.state, 'open') else state end as state,
    ai_declared, attrs, apart
  from grouped
),
both_sides as (
  select
    f as fresh,
    i as held,
    i.item_id is null as new,
    coalesce(i.updated_at > f.updated_at, false) as held_wins
  from folded f
  left join item i on i.item_id = f.item_id
),
choice as (
  select
    new,
    held,
    fresh,
    held_wins,
    fresh.item_id as item_id,
    case when held_wins then held.source else fresh.source end as source,
    case when held_wins then coalesce(held.use_case, fresh.use_case)
      else coalesce(fresh.use_case, held.use_case) end as use_case,
    case when held_wins then coalesce(held.worker, fresh.worker)
      else coalesce(fresh.worker, held.worker) end as worker,
    case when held_wins then coalesce(held.team, fresh.team)
      else coalesce(fresh.team, held.team) end as team,
    case when held_wins then coalesce(held.role, fresh.role)
      else coalesce(fresh.role, held.role) end as role,
    case when held_wins then coalesce(held.size, fresh.size)
      else coalesce(fresh.size, held.size) end as size,
    case when held_wins then coalesce(held.opened_at, fresh.opened_at)
      else coalesce(fresh.opened_at, held.opened_at) end as opened_at,
    case when held_wins then coalesce(held.started_at, fresh.started_at)
      else coalesce(fresh.started_at, held.started_at) end as started_at,
    least(held.first_closed_at, fresh.first_closed_at) as first_closed_at,
    case when held_wins then coalesce(held.closed_at, fresh.closed_at)
      else coalesce(fresh.closed_at, held.closed_at) end as last_closed_at,
    greatest(held.updated_at, fresh.updated_at) as updated_at,
    case when held_wins then held.state
      else coalesce(fresh.state, held.state, 'open') end as state,
    case when held_wins then coalesce(held.ai_declared, fresh.ai_declared)
      else coalesce(fresh.ai_declared, held.ai_declared) end as ai_declared,
    case when held_wins then coalesce(held.attrs, fresh.attrs)
      else coalesce(fresh.attrs, held.attrs) end as attrs
  from both_sides
),
told as (
  select *, coalesce(last_closed_at < greatest(opened_at, started_at), false) as apart
  from choice
),
settled as (
  select * replace (
    case when not apart then opened_at when held_wins then held.opened_at
      else fresh.opened_at end as opened_at,
    case when not apart then started_at when held_wins then held.started_at
      else fresh.started_at end as started_at,
    case
      when apart and held_wins then held.first_closed_at
      when apart then fresh.first_closed_at
      when first_closed_at < opened_at and held_wins
        then coalesce(held.first_closed_at, last_closed_at)
      when first_closed_at < opened_at then coalesce(fresh.first_closed_at, last_closed_at)
      else first_closed_at
    end as first_closed_at,
    case when not apart then last_closed_at when held_wins then held.closed_at
      else fresh.closed_at end as last_closed_at,
    case when not apart then state when held_wins then held.state
      else coalesce(fresh.state, 'open') end as state,
    apart or fresh.apart as apart)
  from told
)
select
  item_id, source, use_case, worker, team, role, size, opened_at, started_at, first_closed_at,
  case when state = 'open' then null else last_closed_at end as closed_at,
  updated_at, state, ai_declared, attrs, apart, new,
  new
    or (source, state) is distinct from (held.source, held.state)
    or (use_case, worker, team, role, size)
      is distinct from (held.use_case, held.worker, held.team, held.role, held.size)
    or (opened_at, started_at, first_closed_at, closed_at, updated_at) is distinct from
      (held.opened_at, held.started_at, held.first_closed_at, held.closed_at, held.updated_at)
    or (ai_declared, attrs) is distinct from (held.ai_declared, held.attrs) as changed
from settled;

delete from item
where item_id in (select item_id from chosen where changed and not new);

-- In one statement: of two, the second one's rows are not seen by this process once they are committed
-- (engine 1.5.6), where the first one had none.
insert into item
select
  item_id, source, use_case, worker, team, role, size, opened_at, started_at, first_closed_at,
  case when coalesce(state, 'open') = 'open' then null else closed_at end as closed_at,
  updated_at, coalesce(state, 'open') as state, ai_declared, attrs
from incoming i
anti join met m on m.place = i.rowid
where reject is null
union all
select
  item_id, source, use_case, worker, team, role, size, opened_at, started_at, first_closed_at,
  closed_at, updated_at, state, ai_declared, attrs
from chosen
where changed;

create temp table merged as
select new, changed
from chosen
union all
select true, true
from range((select count(*) from incoming where reject is null) - (select count(*) from met));

create temp table parted as
select item_id
from chosen
where apart;

drop table met;
drop table chosen;
