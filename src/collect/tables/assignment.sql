-- Rows of a connector as assignments of a unit to an arm.
-- Inputs: "select" the connector's statement; $item_source names item ids without a source; the kind of
-- unit is, unless it is given, that of the plan (drawn_unit), or item.
-- Grain: one row per row of the connector.
with given as (
  select
    null::bigint as source_row, null::varchar as plan, null::varchar as unit_kind,
    null::varchar as unit, null::varchar as arm, null::varchar as since, null::varchar as until,
    null::varchar as probability
  where false
  union all by name
  ({select}
  )
),
kinds as (
  select
    *,
    coalesce(lower(read_text(unit_kind)), drawn_unit(read_text(plan)), 'item') as kind
  from given
)
select
  source_row,
  read_text(plan) as plan,
  kind as unit_kind,
  case kind
    when 'item' then named_in(unit, $item_source)
    when 'worker' then worker_of(unit)
    else read_text(unit)
  end as unit,
  lower(read_text(arm)) as arm,
  read_time(since) as since,
  read_time(until) as until,
  read_number(probability) as probability,
  case
    when read_text(plan) is null then 'plan: empty'
    when kind not in ('item', 'worker', 'team') then 'unit_kind: not one of item, worker, team'
    when drawn_unit(read_text(plan)) <> kind
      then 'unit_kind: ' || kind || ', where the plan draws by ' || drawn_unit(read_text(plan))
    when read_text(unit) is null then 'unit: empty'
    when kind <> 'worker' and contains(unit, '@')
      then 'unit: an address of a person; write worker as unit_kind'
    when read_text(arm) is null then 'arm: empty'
    when not regexp_full_match(lower(read_text(arm)), '[a-z][a-z0-9_]{0,62}')
      then 'arm: write small letters, digits and _'
    when unreadable(since, read_time(since)) then 'since: not a time'
    when unreadable(until, read_time(until)) then 'until: not a time'
    when read_time(until) <= read_time(since) then 'until: not after since'
    when unreadable(probability, read_number(probability)) then 'probability: not a number'
    when not (read_number(probability) > 0 and read_number(probability) < 1)
      then 'probability: not between 0 and 1'
  end as reject,
  0::bigint as dropped
from kinds
