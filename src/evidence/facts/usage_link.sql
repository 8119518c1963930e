-- Which item each call belongs to, by the first rule that fits; facts.sql keeps it.
-- Inputs: the canonical tables, name_link of name_links.sql. Leaves temporary tables: known_worker,
-- member, whole_item, other_name (names of items besides their own), told (one row per name that
-- calls give, with their sums), unnamed_call (one row per call that names no item) and linked_call
-- (one row per such call and item); and the views item_name (every name of an item) and priced_call.
-- Cost: scans of usage, one of item, one grouping of calls by the name they give. What names an item
-- by its own id is looked up name by name, never call by call.

create or replace temp table known_worker as
select alias, worker from alias;

-- Who was where, from when until when.
create or replace temp table member as
select *,
  coalesce(lead(since) over (partition by worker order by since), timestamp 'infinity') as until
from (
  select coalesce(k.worker, m.worker) as worker, m.team, m.role, m.attrs,
    coalesce(m.since, timestamp '0001-01-01') as since
  from membership m
  left join known_worker k on k.alias = m.worker
);

-- Items that are no part of another item.
create or replace temp table whole_item as
with
-- A date after the import (9999-12-31, a year mistyped) is no end of the data. Where most of a
-- source lies after it, the clock was wrong, and what is far from the bulk is left out instead.
believed as (
  select
    source,
    case
      when quantile_disc(coalesce(opened_at, started_at, closed_at), 0.9) > imports.last_at
        then quantile_disc(coalesce(opened_at, started_at, closed_at), 0.9) + interval 1 year
      else coalesce(imports.last_at, timestamp 'infinity')
    end as until
  from item
  cross join (select max(imported_at) + interval 1 day as last_at from imported) imports
  group by source, imports.last_at
),
-- A date that is not believed, or lies before 1900 (0001-01-01), counts as not given. A close that
-- exports write for want of one, at a turn of the year from 2099 on, says that the item is open. With
-- any other in the future it was closed some time: its state stays, and its close is unknown.
own as (
  select
    i.* replace (
      case when i.opened_at between timestamp '1900-01-01' and b.until then i.opened_at end
        as opened_at,
      case when i.started_at between timestamp '1900-01-01' and b.until then i.started_at end
        as started_at,
      case when i.first_closed_at between timestamp '1900-01-01' and b.until
        then i.first_closed_at end as first_closed_at,
      case when i.closed_at between timestamp '1900-01-01' and b.until then i.closed_at end
        as closed_at,
      case
        when i.state = 'done'
          and i.closed_at > b.until
          and i.closed_at >= timestamp '2099-12-30'
          and (dayofyear(i.closed_at) <= 2 or dayofyear(i.closed_at) >= 364)
          then 'open'
        else i.state
      end as state),
    coalesce(greatest(i.opened_at, i.started_at, i.first_closed_at, i.closed_at) > b.until
      or least(i.opened_at, i.started_at, i.first_closed_at, i.closed_at)
        < timestamp '1900-01-01', false) as unbelieved
  from item i
  join believed b on b.source is not distinct from i.source
  where not exists (
    select 1
    from name_link l
    join item target on target.item_id = l.item_id
    where l.other_id = i.item_id
  )
),
first_step as (
  select s.item_id, coalesce(k.worker, s.worker) as worker, min(s.occurred_at) as occurred_at
  from step s
  left join known_worker k on k.alias = s.worker
  group by all
),
ends as (
  select
    i.source,
    max(greatest(
      case when i.opened_at <= b.until then i.opened_at end,
      case when i.started_at <= b.until then i.started_at end,
      case when i.first_closed_at <= b.until then i.first_closed_at end,
      case when i.closed_at <= b.until then i.closed_at end,
      case when i.updated_at <= b.until then i.updated_at end)) as data_end
  from item i
  join believed b on b.source = i.source
  group by i.source
)
select
  o.* replace (coalesce(k.worker, o.worker) as worker),
  coalesce(o.started_at, f.occurred_at, o.opened_at) as start_at,
  e.data_end
from own o
left join known_worker k on k.alias = o.worker
left join first_step f on f.item_id = o.item_id and f.worker = coalesce(k.worker, o.worker)
left join ends e on e.source = o.source;

-- Names of items besides their own: what links give them.
create or replace temp table other_name as
select distinct l.other_id as name, l.item_id
from name_link l
join whole_item w on w.item_id = l.item_id
where not exists (select 1 from whole_item own where own.item_id = l.other_id);

create or replace temp view item_name as
select item_id as name, item_id from whole_item
union all
select name, item_id from other_name;

-- Calls, with the tokens that went in and their price.
-- usd is what the call itself says, else its tokens at the model's price of the day, in dollars per
-- million, else missing: never 0 for want of knowledge. Cached tokens that a source does not report
-- count as none; input and output have to be known, but for embeddings, which give no output.
create or replace temp view priced_call as
with listed as (
  select *,
    coalesce(lead(since) over (partition by model order by since), timestamp 'infinity') as until
  from (
    select model, coalesce(since, timestamp '0001-01-01') as since,
      input, output, cache_read, cache_write
    from price
  )
)
select
  u.rowid as call,
  u.* replace (
    coalesce(u.input_tokens, 0) + coalesce(u.cache_read_tokens, 0)
      + coalesce(u.cache_write_tokens, 0) as input_tokens,
    coalesce(u.usd,
      case
        when p.model is null then null
        else (
          case when u.input_tokens = 0 then 0 else u.input_tokens * p.input end
          + case
              when u.output_tokens = 0
                or (u.output_tokens is null and u.operation = 'embeddings') then 0
              else u.output_tokens * p.output
            end
          + case
              when coalesce(u.cache_read_tokens, 0) = 0 then 0
              else u.cache_read_tokens * p.cache_read
            end
          + case
              when coalesce(u.cache_write_tokens, 0) = 0 then 0
              else u.cache_write_tokens * p.cache_write
            end
        ) / 1e6
      end
    ) as usd
  ),
  case when u.status = 'ok' then u.occurred_at end as ok_at,
  -- By time, and within one moment by what is named: never by the order of rows.
  case when u.status = 'ok' then epoch_us(u.occurred_at) * 1024 + (hash(u.tool) % 1024)::bigint end
    as tool_order,
  case when u.status = 'ok' then epoch_us(u.occurred_at) * 1024 + (hash(u.model) % 1024)::bigint end
    as model_order
from usage u
left join listed p
  on p.model = u.model
  and u.occurred_at >= p.since
  and u.occurred_at < p.until
where u.grain = 'call';

-- What calls come to by the name that they give, whether there is such an item or not. Most of a
-- build is this grouping; to look items up for each call would be as much again.
create or replace temp table told as
select
  item_id as name,
  count(*) as links,
  count(ok_at) as calls,
  min(ok_at) as ai_first_at,
  min(occurred_at) as linked_first_at,
  sum(input_tokens) as input_tokens,
  sum(output_tokens) as output_tokens,
  sum(usd) as usd,
  count(usd) as calls_priced,
  arg_min(tool, tool_order) as tool,
  min(case when tool is not null then ok_at end) as tool_at,
  arg_min(model, model_order) as model,
  min(case when model is not null then ok_at end) as model_at
from priced_call
where item_id is not null
group by item_id;

-- Calls that name no item, and what they are linked to all the same.
create or replace temp table unnamed_call as
select
  c.call, c.usage_id, c.occurred_at, c.session, c.tool, c.model, c.input_tokens, c.output_tokens,
  c.usd, c.ok_at, c.tool_order, c.model_order,
  coalesce(k.worker, c.worker) as worker,
  split_part(c.usage_id, ':', 1) as source,
  element_at(c.attrs, 'agent')[1] is not null as by_agent
from priced_call c
left join known_worker k on k.alias = c.worker
where c.item_id is null;

create or replace temp table linked_call as
-- Calls of a session that name their item.
with explicit as (
  select n.item_id, split_part(u.usage_id, ':', 1) as source, u.session, u.occurred_at
  from usage u
  join item_name n on n.name = u.item_id
  where u.grain = 'call'
    and u.session is not null
),
-- Most sessions name one item: then it is that one, and no times need to be looked at.
naming_session as (
  select source, session, min(item_id) as item_id, min(item_id) <> max(item_id) as several
  from explicit
  group by source, session
),
of_session as (
  select c.call, c.source, c.session, c.occurred_at, s.item_id, s.several
  from unnamed_call c
  join naming_session s on s.source = c.source and s.session = c.session
),
-- One item for each moment, so that a build anew links the same.
of_several as (
  select e.source, e.session, e.occurred_at, min(e.item_id) as item_id
  from explicit e
  join naming_session s on s.source = e.source and s.session = e.session
  where s.several
  group by e.source, e.session, e.occurred_at
),
-- The next named item of the session: a commit comes after the calls that made it.
next_named as (
  select
    c.call, c.source, c.session, c.occurred_at,
    e.item_id
  from of_session c
  asof left join of_several e
    on e.source = c.source and e.session = c.session and c.occurred_at <= e.occurred_at
  where c.several
),
by_session as (
  select call, item_id
  from of_session
  where not several
  union all
  select call, item_id
  from next_named
  where item_id is not null
  union all
  select c.call, e.item_id
  from next_named c
  asof join of_several e
    on e.source = c.source and e.session = c.session and c.occurred_at > e.occurred_at
  where c.item_id is null
),
-- Items that a worker had in hand, cut into days, so that the join is by equality.
in_hand as (
  select
    item_id, worker, start_at,
    least(coalesce(closed_at, data_end), start_at + interval 14 days) as end_at
  from whole_item
  where worker is not null
    and start_at is not null
),
days as (
  select
    item_id, worker, start_at, end_at,
    unnest(generate_series(0, date_diff('day', start_at, end_at)))
      + epoch_us(date_trunc('day', start_at)) // 86400000000 as day
  from in_hand
  where end_at > start_at
),
candidates as (
  select c.call, d.item_id
  from unnamed_call c
  anti join by_session b on b.call = c.call
  join days d
    on d.worker = c.worker
    and d.day = epoch_us(c.occurred_at) // 86400000000
    and d.start_at <= c.occurred_at
    and c.occurred_at < d.end_at
  where not c.by_agent
),
shared as (
  select call, count(*) as items
  from candidates
  group by call
  having count(*) <= 5
)
select call, item_id, 1::double as weight, 'session' as kind
from by_session
union all
select c.call, c.item_id, 1 / s.items::double, 'inferred'
from candidates c
join shared s on s.call = c.call;
