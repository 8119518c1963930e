left join (
  -- As in assigned_in_turn.sql; with a name of the block, and the arm of the one before.
  select *, lead(valid_from, 1, timestamp 'infinity') over (partition by unit order by valid_from)
      as valid_until,
    lag(in_arm) over (partition by unit order by since) as before
  from (
    select unit, case arm when $arm_0 then 0 when $arm_1 then 1 end as in_arm, since, until,
      coalesce(since, timestamp '0001-01-01') as valid_from,
      unit || ' ' || since::varchar as block
    from assignment
    where plan = $plan
      and unit_kind = $unit_kind
  )
) assigned
  on assigned.unit = {unit}
  and coalesce(facts.started_at, facts.opened_at, timestamp '9999-12-31') >= assigned.valid_from
  and coalesce(facts.started_at, facts.opened_at, timestamp '9999-12-31') < assigned.valid_until
