-- Who is to be forgotten, and what is theirs, in the transaction that deletes it.
-- Input: the temporary table wanted (worker), one row per name given, null for none.
-- Leaves named (pseudonyms given), forgotten (those and their further names), forgotten_name (ids of
-- their items, and further ids of the same items), forgotten_session. Cost: a scan of each table.

create temp table named as
select distinct worker
from wanted
where worker is not null;

create temp table forgotten as
with recursive pair as (
  select alias as one, worker as other from alias
  union all
  select worker, alias from alias
),
person as (
  select worker from named
  union
  select pair.other
  from person
  join pair on pair.one = person.worker
)
select worker from person;

create temp table forgotten_item as
select item_id
from item
where worker in (select worker from forgotten);

-- A part of their item that is an item of somebody else stays.
create temp table forgotten_name as
select item_id as name from forgotten_item
union
select l.other_id
from link l
join forgotten_item f on f.item_id = l.item_id
where not exists (select 1 from item i where i.item_id = l.other_id);

create temp table forgotten_session as
select distinct split_part(usage_id, ':', 1) as source, session
from usage
where worker in (select worker from forgotten)
  and session is not null;
