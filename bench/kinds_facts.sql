-- Facts as they would be built: items of {workers} people. The mark is of each item; every tenth is
-- still open.
-- Grain: one row per item.
create or replace table facts as
select
  't:' || i as item_id,
  't' as source,
  'help' as use_case,
  'w' || (hash(i) % {workers}) as worker,
  null::varchar as team,
  null::varchar as role,
  (hash(i, 1) % 1000)::double as size,
  started_at as opened_at,
  started_at,
  closed_at as first_closed_at,
  closed_at,
  case when closed_at is null then 'open' else 'done' end as state,
  false as covered,
  case when hash(i, 4) % 2 = 0 then 'bot' end as ai_declared,
  null::timestamp as ai_first_at,
  null::timestamp as linked_first_at,
  0e0 as calls,
  0e0 as calls_inferred,
  null::double as input_tokens,
  null::double as output_tokens,
  null::double as usd,
  null::double as usd_inferred,
  null::varchar as tool,
  null::varchar as model,
  null::double as steps,
  null::double as ai_steps,
  timestamp '2026-12-01' as data_end,
  null::timestamp as counted_at,
  0e0 as calls_priced,
  0e0 as calls_unpriced,
  null::map(varchar, varchar) as attrs,
  ((hash(i, 3) % 1000)::double / 1e3) as m_effort,
  (hash(i, 5) % 10 > 1)::int::double as m_finished
from (
  select
    i, started_at,
    case
      when hash(i, 6) % 10 > 0 then started_at + to_minutes(((hash(i, 7) % 20000))::bigint)
    end as closed_at
  from (
    select i, timestamp '2026-06-01' + to_minutes((hash(i, 2) % 200000)::bigint) as started_at
    from range({items}) r(i)
  )
)
