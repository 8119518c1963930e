-- The units that were given, with what the workspace knows of them.
-- Inputs: the temporary table listed (place, unit, c0, c1, …: cells of the file for each stratum,
-- null where it has no such column); the unit as facts have it, its strata there, those of the file,
-- and what comes of both.
-- Grain: one row per unit given. Cost: one scan of facts.
create temp table given as
with named as (
  select l.place, coalesce(a.worker, l.unit) as unit, {cells}
  from listed l
  left join (select alias, min(worker) as worker from alias where {people} group by alias) a
    on a.alias = l.unit
),
known as (
  select {unit} as unit, {values}
  from facts
  where {unit} in (select unit from named)
  group by 1
)
select
  named.place,
  named.unit,
  known.unit is not null as known,
  {stratum} as stratum,
  {missing} as missing
from named
left join known on known.unit = named.unit
