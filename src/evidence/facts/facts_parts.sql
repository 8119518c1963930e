-- What facts are put together from: temporary tables of one row per item, and where sources report.
-- Inputs: the temporary tables of usage_link.sql and the canonical tables.
-- "measures" is a list of columns `… as "m_NAME"` over (name, value, occurred_at, place).
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
-- Few groups of all calls.
seen as (
  select
    split_part(u.usage_id, ':', 1) as source,
    coalesce(u.team, m.team) as team,
    coalesce(k.worker, u.worker) as worker,
    min(u.occurred_at) as first_at,
    max(u.occurred_at) as last_at,
    bool_or(u.grain = 'call') as by_call
  from usage u
  left join known_worker k on k.alias = u.worker
  left join member m
    on m.worker = coalesce(k.worker, u.worker)
    and u.occurred_at >= m.since
    and u.occurred_at < m.until
  group by all
),
spans as (
  select source, min(first_at) as first_at, max(last_at) as last_at, bool_or(by_call) as by_call
  from seen
  group by source
)
select distinct coalesce(s.team, t.team) as team, p.source, p.first_at, p.last_at, p.by_call
from seen s
join spans p on p.source = s.source
left join usual_team t on t.worker = s.worker;

create or replace temp table linked as
with weighed as (
  select item_id, 1::double as weight, false as inferred, status = 'ok' as ok,
    occurred_at, input_tokens, output_tokens, usd, tool, model
  from resolved_call
  where grain = 'call'
    and item_id is not null
  union all
  select l.item_id, l.weight, l.kind = 'inferred', c.status = 'ok',
    c.occurred_at, c.input_tokens, c.output_tokens, c.usd, c.tool, c.model
  from linked_call l
  join unnamed_call c on c.call = l.call
)
select
  item_id,
  count(*) filter (where not inferred and ok)::double as calls,
  coalesce(sum(weight) filter (where inferred and ok), 0)
    as calls_inferred,
  min(occurred_at) filter (where not inferred and ok) as ai_first_at,
  min(occurred_at) as linked_first_at,
  sum(weight * input_tokens) as input_tokens,
  sum(weight * output_tokens) as output_tokens,
  sum(usd) filter (where not inferred) as usd,
  sum(weight * usd) filter (where inferred) as usd_inferred,
  count(*) filter (where not inferred and usd is null) as without_usd,
  count(*) filter (where inferred and usd is null) as without_usd_inferred,
  coalesce(sum(weight) filter (where usd is not null), 0) as calls_priced,
  coalesce(sum(weight) filter (where usd is null), 0) as calls_unpriced,
  arg_min(tool, occurred_at) filter (where not inferred and ok) as tool,
  arg_min(model, occurred_at) filter (where not inferred and ok) as model
from weighed
group by item_id;

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
