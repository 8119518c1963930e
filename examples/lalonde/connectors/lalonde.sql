-- connector: lalonde
-- about: A training programme and people of a survey (LaLonde; Dehejia & Wahba)
-- reads: csv
-- seen: lalonde of R's MatchIt, as CSV
-- example: treat,age,educ,race,married,nodegree,re74,re75,re78
-- columns: treat!, age!, educ!, race!, married!, nodegree!, re74!, re75!, re78!

-- into: item
with numbered as (select row_number() over () as person, * from source)
select
  source_row,
  'lalonde:' || person as item_id,
  'training' as use_case,
  'person ' || person as worker,
  'done' as state
from numbered;

-- into: measure
with numbered as (select row_number() over () as person, * from source)
select
  source_row,
  'lalonde:' || person as item_id,
  unnest(['age', 'educ', 'black', 'hispan', 'married', 'nodegree', 're74', 're75', 're78']) as name,
  unnest([age, educ, (race = 'black')::int::varchar, (race = 'hispan')::int::varchar, married,
    nodegree, re74, re75, re78]) as value
from numbered;

-- into: assignment
with numbered as (select row_number() over () as person, * from source)
select
  source_row,
  'lalonde' as plan,
  'item' as unit_kind,
  'lalonde:' || person as unit,
  case treat when '1' then 'training' else 'no_training' end as arm
from numbered;
