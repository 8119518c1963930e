-- Rows of a connector as dated acts of management.
-- Inputs: "select" the connector's statement. Grain: one row per row of the connector.
with given as (
  select
    null::bigint as source_row, null::varchar as policy, null::varchar as announced_at,
    null::varchar as starts_at, null::varchar as kind, null::varchar as scope,
    null::varchar as measure, null::varchar as threshold, null::varchar as period
  where false
  union all by name
  ({select}
  )
),
typed as (
  select
    source_row,
    read_text(policy) as policy,
    read_time(announced_at) as announced_at,
    read_time(starts_at) as starts_at,
    regexp_replace(lower(read_text(kind)), '[ -]+', '_', 'g') as kind,
    read_text(scope) as scope,
    lower(read_text(measure)) as measure,
    read_number(threshold) as threshold,
    lower(read_text(period)) as period,
    announced_at as announced_at_text,
    starts_at as starts_at_text,
    threshold as threshold_text
  from given
)
select
  source_row, policy, announced_at, starts_at, kind, scope, measure, threshold, period,
  case
    when policy is null then 'policy: empty'
    when unreadable(announced_at_text, announced_at) then 'announced_at: not a time'
    when unreadable(starts_at_text, starts_at) then 'starts_at: not a time'
    when announced_at is null and starts_at is null then 'starts_at: neither announced nor started'
    when kind is null then 'kind: empty'
    when kind not in ('mandate', 'quota', 'leaderboard', 'review_criterion', 'training',
      'tool_launch', 'other')
      then 'kind: not one of mandate, quota, leaderboard, review_criterion, training, tool_launch, '
        || 'other'
    when unreadable(threshold_text, threshold) then 'threshold: not a number'
    when period not in ('day', 'week', 'month', 'quarter', 'year')
      then 'period: not one of day, week, month, quarter, year'
  end as reject,
  0::bigint as dropped
from typed
