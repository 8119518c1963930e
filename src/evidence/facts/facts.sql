-- The two tables that are kept: usage_link, and facts, one row per item that is no part of another,
-- with what was linked to it.
-- Inputs: the temporary tables of usage_link.sql and facts_parts.sql, which go.
-- "use_case" is the rule of use_cases.yaml over the columns of facts, or null.

-- Grain: one row per call and item, the weights of a call summing to 1 at most; calls that name an
-- item which has not arrived are `dangling`, without item and weight.
create or replace table usage_link as
select
  u.usage_id,
  n.item_id,
  case when n.item_id is null then 0 else 1 end::double as weight,
  case when n.item_id is null then 'dangling' else 'explicit' end as kind
from usage u
left join item_name n on n.name = u.item_id
where u.grain = 'call'
  and u.item_id is not null
union all
select c.usage_id, l.item_id, l.weight, l.kind
from linked_call l
join unnamed_call c on c.call = l.call;

create or replace table facts as
with placed as (
  select
    w.*,
    coalesce(w.team, m.team) as team_then,
    coalesce(w.role, m.role) as role_then
  from whole_item w
  left join member m
    on m.worker = w.worker
    and coalesce(w.start_at, w.closed_at, timestamp '9999-12-31') >= m.since
    and coalesce(w.start_at, w.closed_at, timestamp '9999-12-31') < m.until
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
    p.unbelieved,
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

drop view resolved_call;
drop table reporting;
drop table linked;
drop table stepped;
drop table measured;
drop table part_mark;
drop table whole_item;
drop table item_name;
drop table name_link;
drop table linked_call;
drop table unnamed_call;
drop table member;
drop table known_worker;
