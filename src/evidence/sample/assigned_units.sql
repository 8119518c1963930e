select a.plan, a.unit_kind, a.arm, case when bool_and(a.known) then min(a.lowest) end as lowest,
    max(a.highest) as highest, sum(c.items) as items, max(a.times) > 1 as repeats, count(*) as units,
    max(k.arms) as arms, bool_or(k.begins) as begins, bool_or(k.ends) as ends
  from (
    select plan, unit_kind, unit, arm, count(*) = count(probability) as known,
      min(probability) as lowest, max(probability) as highest,
      sum(count(*)) over (partition by plan, unit) as times
    from assignment
    where unit_kind = '{kind}'
      and ($only is null or plan = $only)
    group by plan, unit_kind, unit, arm
  ) a
  join (
    select plan, count(distinct arm) as arms, count(since) > 0 as begins, count(until) > 0 as ends
    from assignment
    where unit_kind = '{kind}'
      and ($only is null or plan = $only)
    group by plan
  ) k on k.plan = a.plan
  join (select {unit} as unit, count(*) as items from cohort group by 1) c on c.unit = a.unit
  group by a.plan, a.unit_kind, a.arm
