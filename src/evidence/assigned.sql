left join (
  select unit, arm, since, until
  from assignment
  where plan = $plan
    and unit_kind = $unit_kind
) assigned
  on assigned.unit = {unit}
  and (assigned.since is null or coalesce(facts.started_at, facts.opened_at) is null
    or coalesce(facts.started_at, facts.opened_at) >= assigned.since)
  and (assigned.until is null or coalesce(facts.started_at, facts.opened_at) is null
    or coalesce(facts.started_at, facts.opened_at) < assigned.until)
