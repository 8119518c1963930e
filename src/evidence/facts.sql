-- facts: one row per item that is no part of another, with what was linked to it.
-- Inputs: the temporary tables of usage_link.sql, usage_link, and the canonical tables.
-- "measures" is a list of columns `… as "m_NAME"` over (name, value, occurred_at, place).
-- "use_case" is the rule of use_cases.yaml over the columns of facts, or null.
-- Cost: a scan of each table, hash joins by item and by worker.

-- Where and when each usage source reports. A call's team is its own, else the worker's at the
-- time, else the one that most of the worker's items have.
create or replace temp table reporting as
with usual_team as (
  select worker, mode(team) as team
  from whole_item
  where worker is not null
    and team is not null
  group by worker
),
seen as (
  select
    c.source,
    c.occurred_at,
    c.grain,
    coalesce(u.team, m.team, t.team) as team
  from resolved_call c
  join usage u on u.usage_id = c.usage_id
  asof left join (
    select coalesce(k.worker, m.worker) as worker, m.team,
      coalesce(m.since, timestamp '0001-01-01') as since
    from membership m
    left join known_worker k on k.alias = m.worker
  ) m on m.worker = c.worker and c.occurred_at >= m.since
  left join usual_team t on t.worker = c.worker
),
spans as (
  select
    source,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at,
    bool_or(grain = 'call') as by_call
  from seen
  group by source
)
select distinct s.team, p.source, p.first_at, p.last_at, p.by_call
from seen s
join spans p on p.source = s.source;

create or replace temp table linked as
select
  l.item_id,
  count(*) filter (where l.kind <> 'inferred' and c.status = 'ok')::double as calls,
  coalesce(sum(l.weight) filter (where l.kind = 'inferred' and c.status = 'ok'), 0)
    as calls_inferred,
  min(c.occurred_at) filter (where l.kind <> 'inferred' and c.status = 'ok') as ai_first_at,
  min(c.occurred_at) as linked_first_at,
  sum(l.weight * c.input_tokens) as input_tokens,
  sum(l.weight * c.output_tokens) as output_tokens,
  sum(c.usd) filter (where l.kind <> 'inferred') as usd,
  sum(l.weight * c.usd) filter (where l.kind = 'inferred') as usd_inferred,
  count(*) filter (where l.kind <> 'inferred' and c.usd is null) as without_usd,
  count(*) filter (where l.kind = 'inferred' and c.usd is null) as without_usd_inferred,
  coalesce(sum(l.weight) filter (where c.usd is not null), 0) as calls_priced,
  coalesce(sum(l.weight) filter (where c.usd is null), 0) as calls_unpriced,
  arg_min(c.tool, c.occurred_at) filter (where l.kind <> 'inferred' and c.status = 'ok') as tool,
  arg_min(c.model, c.occurred_at) filter (where l.kind <> 'inferred' and c.status = 'ok') as model
from usage_link l
join resolved_call c on c.usage_id = l.usage_id
where l.item_id is not null
group by l.item_id;

create or replace temp table stepped as
select
  n.item_id,
  count(*)::double as steps,
  count(*) filter (where s.by_ai)::double as ai_steps
from step s
join item_name n on n.name = s.item_id
group by n.item_id;

-- Values of an item's own name and of its parts. place orders what repeats.
create or replace temp table measured as
with placed as (
  select
    n.item_id, m.name, m.value, m.occurred_at,
    row_number() over (partition by n.item_id, m.name
      order by m.occurred_at nulls first, m.rowid) as place
  from measure m
  join item_name n on n.name = m.item_id
)
select item_id, {measures}
from placed
group by item_id;

-- What an item's parts say of it.
create or replace temp table part_mark as
select n.item_id, min(i.ai_declared) as ai_declared
from item i
join item_name n on n.name = i.item_id
where n.item_id <> i.item_id
  and i.ai_declared is not null
group by n.item_id;

create or replace table facts as
with placed as (
  select
    w.*,
    coalesce(w.team, m.team) as team_then,
    coalesce(w.role, m.role) as role_then
  from whole_item w
  asof left join (
    select coalesce(k.worker, m.worker) as worker, m.team, m.role,
      coalesce(m.since, timestamp '0001-01-01') as since
    from membership m
    left join known_worker k on k.alias = m.worker
  ) m
    on m.worker = w.worker
    and coalesce(w.start_at, w.closed_at, timestamp '9999-12-31') >= m.since
),
columns_of_facts as (
  select
    p.item_id, p.source, p.use_case, p.worker,
    p.team_then as team, p.role_then as role, p.size,
    p.opened_at, p.started_at, p.first_closed_at, p.closed_at, p.state,
    coalesce(p.opened_at, p.started_at, p.closed_at, p.first_closed_at) as counted_at,
    -- Missing: no source reports over the whole time. True: one that tells of single calls does.
    (
      select bool_or(r.by_call)
      from reporting r
      where r.team is not distinct from p.team_then
        and r.first_at <= coalesce(p.start_at, p.closed_at)
        and r.last_at >= coalesce(p.closed_at, p.data_end)
    ) as watched,
    (select min(r.first_at) from reporting r where r.team is not distinct from p.team_then)
      as covered_from,
    (select max(r.last_at) from reporting r where r.team is not distinct from p.team_then)
      as covered_until,
    coalesce(p.ai_declared, k.ai_declared) as ai_declared,
    l.ai_first_at,
    l.linked_first_at,
    coalesce(l.calls, 0) as calls,
    coalesce(l.calls_inferred, 0) as calls_inferred,
    l.input_tokens, l.output_tokens,
    l.usd, l.usd_inferred, l.without_usd, l.without_usd_inferred, l.item_id is not null as linked,
    coalesce(l.calls_priced, 0) as calls_priced,
    coalesce(l.calls_unpriced, 0) as calls_unpriced,
    l.tool, l.model,
    s.steps, s.ai_steps,
    p.data_end,
    p.attrs,
    m.* exclude (item_id)
  from placed p
  left join linked l on l.item_id = p.item_id
  left join stepped s on s.item_id = p.item_id
  left join measured m on m.item_id = p.item_id
  left join part_mark k on k.item_id = p.item_id
)
-- A cost is known where the price of every call is. Without a call it is 0, if a source that tells
-- of single calls would have told of one.
select watched is not null as covered, facts.*
  exclude (watched, linked, without_usd, without_usd_inferred)
  replace (
    case
      when without_usd > 0 then null
      when linked or watched then coalesce(usd, 0)
    end as usd,
    case
      when without_usd_inferred > 0 then null
      when linked or watched then coalesce(usd_inferred, 0)
    end as usd_inferred,
    coalesce({use_case}, use_case, 'unsorted') as use_case
  )
from columns_of_facts facts;

drop table reporting;
drop table linked;
drop table stepped;
drop table measured;
drop table part_mark;
drop table whole_item;
drop table item_name;
drop table resolved_call;
drop table known_worker;
