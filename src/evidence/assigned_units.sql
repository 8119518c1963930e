select a.plan, a.unit_kind, a.arm, case when count(*) = count(a.probability) then max(a.probability) end as probability,
    sum(c.items) as items,
    max(a.times) > 1 as repeats, count(*) as units
  from (
    select plan, unit_kind, unit, arm, max(probability) as probability,
      sum(count(*)) over (partition by plan, unit) as times
    from assignment
    where unit_kind = '{kind}'
    group by plan, unit_kind, unit, arm
  ) a
  join (select {unit} as unit, count(*) as items from cohort group by 1) c on c.unit = a.unit
  group by a.plan, a.unit_kind, a.arm
