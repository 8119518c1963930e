-- Facts as they would be built: items of {workers} people in {teams} teams, over {days} days from the
-- first of June on and as many before. AI met more of the items of every second person, and of a team
-- in some of its weeks.
-- Grain: one row per item.
create or replace table facts as
select
  't:' || i as item_id,
  't' as source,
  'help' as use_case,
  'w' || w as worker,
  'team' || (w % {teams}) as team,
  null::varchar as role,
  (hash(i, 1) % 1000)::double as size,
  moment as opened_at,
  moment as started_at,
  moment as first_closed_at,
  moment as closed_at,
  'done' as state,
  true as covered,
  timestamp '2025-01-01' as covered_from,
  timestamp '2027-01-01' as covered_until,
  case when met then 'bot' end as ai_declared,
  case when met then moment end as ai_first_at,
  case when met then moment end as linked_first_at,
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
  moment as counted_at,
  null::map(varchar, varchar) as attrs,
  ((hash(i, 3) % 1000)::double / 1e3) as m_effort
from (
  select
    i, w, moment,
    hash(i, 9) % 100 < 10 + 10 * (w % 2) + hash(w % {teams}, week(moment)) % 60 as met
  from (
    select
      i,
      hash(i) % {workers} as w,
      timestamp '2026-06-01'
        + to_minutes((hash(i, 2) % (2 * 1440 * {days}))::bigint - 1440 * {days}) as moment
    from range({items}) r(i)
  )
)
