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
select
  team,
  min(first_at) as covered_from,
  max(last_at) as covered_until,
  list({'first_at': first_at, 'last_at': last_at, 'by_call': by_call}) as spans
from (
  select distinct coalesce(s.team, t.team) as team, p.source, p.first_at, p.last_at, p.by_call
  from seen s
  join spans p on p.source = s.source
  left join usual_team t on t.worker = s.worker
)
group by team;

-- What is linked to an item by more than its own name: as told of usage_link.sql, and with weights.
create or replace temp table found as
with weighed as (
  select o.item_id, 1::double as weight, false as inferred,
    c.occurred_at, c.ok_at, c.input_tokens, c.output_tokens, c.usd, c.tool, c.model, c.tool_order,
    c.model_order
  from priced_call c
  join other_name o on o.name = c.item_id
  union all
  select l.item_id, l.weight, l.kind = 'inferred',
    c.occurred_at, c.ok_at, c.input_tokens, c.output_tokens, c.usd, c.tool, c.model, c.tool_order,
    c.model_order
  from linked_call l
  join unnamed_call c on c.call = l.call
)
select
  item_id,
  count(ok_at) filter (where not inferred) as calls,
  sum(weight) filter (where inferred and ok_at is not null) as calls_inferred,
  min(ok_at) filter (where not inferred) as ai_first_at,
  min(occurred_at) as linked_first_at,
  sum(weight * input_tokens) as input_tokens,
  sum(weight * output_tokens) as output_tokens,
  sum(usd) filter (where not inferred) as usd,
  sum(weight * usd) filter (where inferred) as usd_inferred,
  count(*) filter (where not inferred and usd is null) as without_usd,
  count(*) filter (where inferred and usd is null) as without_usd_inferred,
  coalesce(sum(weight) filter (where usd is not null), 0) as calls_priced,
  coalesce(sum(weight) filter (where usd is null), 0) as calls_unpriced,
  arg_min(tool, tool_order) filter (where not inferred) as tool,
  min(ok_at) filter (where not inferred and tool is not null) as tool_at,
  arg_min(model, model_order) filter (where not inferred) as model,
  min(ok_at) filter (where not inferred and model is not null) as model_at
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

-- Values of an item's own name and of its parts. place orders what repeats. Reviews of the criterion
-- quality are values of the measure, of items that have none.
create or replace temp table measured as
with placed as (
  select
    n.item_id, m.name, m.value, m.occurred_at,
    row_number() over (partition by n.item_id, m.name
      order by m.occurred_at nulls first, m.rowid) as place
  from measure m
  join item_name n on n.name = m.item_id
  union all
  select n.item_id, 'quality', r.score, r.occurred_at, 1
  from review r
  join item_name n on n.name = r.item_id
  where r.criterion = 'quality'
    and r.score between 0 and 1
    and n.item_id not in (
      select o.item_id
      from measure m
      join item_name o on o.name = m.item_id
      where m.name = 'quality'
    )
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
