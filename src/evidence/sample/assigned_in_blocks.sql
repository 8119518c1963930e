asof left join (
  select unit, arm, since, until, coalesce(since, timestamp '0001-01-01') as valid_from,
    lag(arm) over (partition by unit order by since) as before
  from assignment
  where plan = $plan
    and unit_kind = $unit_kind
) assigned
  on assigned.unit = {unit}
  and coalesce(facts.started_at, facts.opened_at, timestamp '9999-12-31') >= assigned.valid_from
