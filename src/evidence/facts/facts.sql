-- What is kept: facts, one row per item that is no part of another, with what was linked to it; and
-- which item each call belongs to, as the view usage_link over what had to be found out about it.
-- Inputs: the temporary tables of usage_link.sql and facts_parts.sql, which go.
-- "use_case" is the rule of use_cases.yaml over the columns of facts, or null.

-- Grain: one row per call and item, but for calls that name an item by its own id: there are too many
-- of them to be written down again. Calls that name an item which has not arrived are `dangling`,
-- without item and weight.
create or replace table found_link as
select u.usage_id, o.item_id, 1::double as weight, 'explicit' as kind
from usage u
join other_name o on o.name = u.item_id
where u.grain = 'call'
union all
select u.usage_id, null, 0, 'dangling'
from usage u
where u.grain = 'call'
  and u.item_id in (
    select t.name
    from told t
    where not exists (select 1 from item_name n where n.name = t.name)
  )
union all
select c.usage_id, l.item_id, l.weight, l.kind
from linked_call l
join unnamed_call c on c.call = l.call;

-- Grain: one row per call and item, the weights of a call summing to 1 at most.
create or replace view usage_link as
select usage_id, item_id, weight, kind
from found_link
union all
select u.usage_id, u.item_id, 1::double, 'explicit'
from usage u
where u.grain = 'call'
  and u.item_id is not null
  and not exists (
    select 1
    from found_link f
    where f.usage_id = u.usage_id
      and f.kind in ('explicit', 'dangling')
  );

create or replace table facts as
with placed as (
  select
    w.*,
    coalesce(w.team, m.team) as team_then,
    coalesce(w.role, m.role) as role_then,
    m.attrs as worker_attrs
  from whole_item w
  left join member m
    on m.worker = w.worker
    and coalesce(w.start_at, w.closed_at, timestamp '9999-12-31') >= m.since
    and coalesce(w.start_at, w.closed_at, timestamp '9999-12-31') < m.until
),
-- What an hour of a role costs, and from when to when; without a role: of all that have none of their own.
pay as (
  select
    role,
    coalesce(since, timestamp '0001-01-01') as since,
    coalesce(lead(since) over (partition by role order by since nulls first),
      timestamp '9999-12-31 23:59:59') as until,
    usd_per_hour
  from labour
),
columns_of_facts as (
  select
    p.item_id, p.source, p.use_case, p.worker,
    p.team_then as team, p.role_then as role, p.size,
    p.opened_at, p.started_at, p.first_closed_at, p.closed_at, p.state,
    coalesce(p.opened_at, p.started_at, p.closed_at, p.first_closed_at) as counted_at,
    -- Missing: no source reports over the whole time. True: one that tells of single calls does.
    list_bool_or(list_transform(
      list_filter(r.spans, lambda s: s.first_at <= coalesce(p.start_at, p.closed_at)
        and s.last_at >= coalesce(p.closed_at, p.data_end)),
      lambda s: s.by_call)) as watched,
    -- The same of work that is not done: as far as it was seen.
    list_bool_or(list_transform(
      list_filter(r.spans, lambda s: s.first_at <= coalesce(p.start_at, p.closed_at)
        and s.last_at >= coalesce(p.closed_at, p.start_at)),
      lambda s: s.by_call)) as priced,
    r.covered_from,
    r.covered_until,
    coalesce(p.ai_declared, k.ai_declared) as ai_declared,
    least(t.ai_first_at, f.ai_first_at) as ai_first_at,
    least(t.linked_first_at, f.linked_first_at) as linked_first_at,
    (coalesce(t.calls, 0) + coalesce(f.calls, 0))::double as calls,
    coalesce(f.calls_inferred, 0) as calls_inferred,
    coalesce(t.input_tokens + f.input_tokens, t.input_tokens, f.input_tokens) as input_tokens,
    coalesce(t.output_tokens + f.output_tokens, t.output_tokens, f.output_tokens) as output_tokens,
    coalesce(t.usd + f.usd, t.usd, f.usd) as usd,
    f.usd_inferred,
    coalesce(t.links - t.calls_priced, 0) + coalesce(f.without_usd, 0) as without_usd,
    coalesce(f.without_usd_inferred, 0) as without_usd_inferred,
    coalesce(t.calls_priced, 0) + coalesce(f.calls_priced, 0) as calls_priced,
    coalesce(t.links - t.calls_priced, 0) + coalesce(f.calls_unpriced, 0) as calls_unpriced,
    -- Of the first call: what a later one names, the first did not.
    case least(t.ai_first_at, f.ai_first_at)
      when t.tool_at then t.tool
      when f.tool_at then f.tool
    end as tool,
    case least(t.ai_first_at, f.ai_first_at)
      when t.model_at then t.model
      when f.model_at then f.model
    end as model,
    s.steps, s.ai_steps,
    coalesce(own.usd_per_hour, everyone.usd_per_hour) as usd_per_hour,
    p.data_end,
    p.unbelieved,
    p.attrs,
    p.worker_attrs,
    m.* exclude (item_id)
  from placed p
  left join told t on t.name = p.item_id
  left join found f on f.item_id = p.item_id
  left join stepped s on s.item_id = p.item_id
  left join measured m on m.item_id = p.item_id
  left join part_mark k on k.item_id = p.item_id
  left join reporting r on r.team is not distinct from p.team_then
  left join pay own
    on own.role = p.role_then
    and coalesce(p.start_at, p.closed_at, timestamp '9999-12-31') >= own.since
    and coalesce(p.start_at, p.closed_at, timestamp '9999-12-31') < own.until
  left join pay everyone
    on everyone.role is null
    and coalesce(p.start_at, p.closed_at, timestamp '9999-12-31') >= everyone.since
    and coalesce(p.start_at, p.closed_at, timestamp '9999-12-31') < everyone.until
)
-- A cost is known where a source that tells of single calls would have told of each, and the price of
-- each is known: without a call it is then 0. To take the cost of calls without such a source would
-- leave out work without AI alone.
select watched is not null as covered, facts.*
  exclude (watched, priced, without_usd, without_usd_inferred)
  replace (
    case
      when without_usd > 0 then null
      when priced then coalesce(usd, 0)
    end as usd,
    case
      when without_usd_inferred > 0 then null
      when priced then coalesce(usd_inferred, 0)
    end as usd_inferred,
    coalesce({use_case}, use_case, 'unsorted') as use_case
  )
from columns_of_facts facts;

drop view priced_call;
drop view item_name;
drop table reporting;
drop table found;
drop table told;
drop table stepped;
drop table measured;
drop table part_mark;
drop table whole_item;
drop table other_name;
drop table name_link;
drop table linked_call;
drop table unnamed_call;
drop table member;
drop table known_worker;
