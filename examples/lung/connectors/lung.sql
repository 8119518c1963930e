-- connector: lung
-- about: Survival in advanced lung cancer, by sex (Loprinzi 1994): times with open ends
-- reads: csv
-- seen: lung of R's survival, as CSV
-- example: inst,time,status,age,sex
-- gaps: the start is made 2000-01-01 for everybody: only days since are known
-- columns: time!, status!, sex!

-- into: item
with numbered as (select row_number() over () as person, * from source)
select
  source_row,
  'lung:' || person as item_id,
  'survival' as use_case,
  'person ' || person as worker,
  '2000-01-01' as opened_at,
  '2000-01-01' as started_at,
  strftime(date '2000-01-01' + "time"::int, '%Y-%m-%d') as closed_at,
  case status when '2' then 'done' else 'abandoned' end as state
from numbered;

-- into: assignment
with numbered as (select row_number() over () as person, * from source)
select
  source_row,
  'lung' as plan,
  'item' as unit_kind,
  'lung:' || person as unit,
  case sex when '2' then 'women' else 'men' end as arm
from numbered;
