-- connector: echoes
-- about: Echoes of AI: developers who did a task with an AI assistant or without (task1_preprocessed.csv)
-- reads: csv
-- seen: task1_preprocessed.csv of codescene-research/echoes-of-ai-emse-2025
-- options: dates=dmy
-- example: github,ai,clean_time,codehealth,coverage,entry-date
-- gaps: when the work began is not there, only when the entry survey was filled in; clean_time is in seconds, though the authors' README says minutes
-- columns: github!, ai!, clean_time, codehealth, coverage, entry-date

-- One person handed in two entries.
-- into: item
with numbered as (select row_number() over () as entry, * from source)
select
  source_row,
  'echoes:' || entry as item_id,
  'code.feature' as use_case,
  github as worker,
  "entry-date" as opened_at,
  'done' as state
from numbered;

-- into: measure
with numbered as (select row_number() over () as entry, * from source)
select
  source_row,
  'echoes:' || entry as item_id,
  unnest(['work_seconds', 'code_health', 'coverage']) as name,
  unnest([clean_time, codehealth, coverage]) as value
from numbered;

-- into: assignment
with numbered as (select row_number() over () as entry, * from source)
select
  source_row,
  'echoes' as plan,
  'item' as unit_kind,
  'echoes:' || entry as unit,
  case ai when 'True' then 'ai' else 'no_ai' end as arm
from numbered;
