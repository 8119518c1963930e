left join (
  -- With an end, which is where the unit's next row begins, the join hashes the units and looks
  -- through the rows of one. An "asof join" sorts all items, which takes three times as long.
  select *, lead(valid_from, 1, timestamp 'infinity') over (partition by unit order by valid_from)
      as valid_until
  from (
    select unit, case arm when $arm_0 then 0 when $arm_1 then 1 end as in_arm, since, until,
      coalesce(since, timestamp '0001-01-01') as valid_from
    from assignment
    where plan = $plan
      and unit_kind = $unit_kind
  )
) assigned
  on assigned.unit = {unit}
  and coalesce(facts.started_at, facts.opened_at, timestamp '9999-12-31') >= assigned.valid_from
  and coalesce(facts.started_at, facts.opened_at, timestamp '9999-12-31') < assigned.valid_until
