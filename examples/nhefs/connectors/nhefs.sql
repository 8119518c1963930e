-- connector: nhefs
-- about: Giving up smoking and weight, 1971 to 1982 (NHEFS, as in Hernan & Robins, What If)
-- reads: csv
-- seen: NHEFS of the book's web page, as CSV
-- example: seqn,qsmk,sex,race,age,education,wt71,wt82_71
-- columns: seqn!, qsmk!, sex!, race!, age!, education!, smokeintensity!, smokeyrs!, exercise!
-- columns: active!, wt71!, wt82_71

-- into: item
select
  source_row,
  'nhefs:' || seqn as item_id,
  'weight' as use_case,
  seqn as worker,
  'done' as state
from source;

-- into: measure
select
  source_row,
  'nhefs:' || seqn as item_id,
  unnest(['sex', 'race', 'age', 'education', 'cigarettes', 'years', 'exercise', 'active', 'weight',
    'gain']) as name,
  unnest([sex, race, age, education, smokeintensity, smokeyrs, exercise, active, wt71,
    wt82_71]) as value
from source;

-- into: assignment
select
  source_row,
  'nhefs' as plan,
  'item' as unit_kind,
  'nhefs:' || seqn as unit,
  case qsmk when '1' then 'stopped' else 'went_on' end as arm
from source;
