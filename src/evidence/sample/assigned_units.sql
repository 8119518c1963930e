-- Which plans assigned units of one kind ({kind}), and to which arms; part of assigned_plans.sql.
-- A unit is nearly always in one arm of a plan: it is grouped by its name alone, and the few that
-- are in several are looked up again. (A window over units and arms sorts a plan of a million items,
-- which takes three times as long.)
-- Grain: one row per plan and arm. Cost: one scan of assignment, and one of the cohort.
select a.plan, '{kind}' as unit_kind, a.arm,
    case when bool_and(a.known) then min(a.lowest) end as lowest,
    max(a.highest) as highest, sum(c.items) as items, max(a.times) > 1 as repeats, count(*) as units,
    max(k.arms) as arms, bool_or(k.begins) as begins, bool_or(k.ends) as ends
  from (
    with per_unit as (
      select plan, unit, min(arm) as arm, max(arm) as last_arm, count(*) as times,
        count(*) = count(probability) as known, min(probability) as lowest,
        max(probability) as highest
      from assignment
      where unit_kind = '{kind}'
        and ($only is null or plan = $only)
      group by plan, unit
    )
    select plan, unit, arm, times, known, lowest, highest
    from per_unit
    where arm = last_arm
    union all
    select o.plan, o.unit, o.arm, max(p.times), count(*) = count(o.probability),
      min(o.probability), max(o.probability)
    from assignment o
    join per_unit p on p.plan = o.plan and p.unit = o.unit
    where o.unit_kind = '{kind}'
      and p.arm <> p.last_arm
    group by o.plan, o.unit, o.arm
  ) a
  join (
    select plan, count(distinct arm) as arms, count(since) > 0 as begins, count(until) > 0 as ends
    from assignment
    where unit_kind = '{kind}'
      and ($only is null or plan = $only)
    group by plan
  ) k on k.plan = a.plan
  join ({cohort_units}) c on c.unit = a.unit
  group by a.plan, a.arm
