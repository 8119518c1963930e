-- connector: echoes_task2
-- about: Echoes of AI: developers who changed code that others had written with an AI assistant or without (task2_preprocessed.csv)
-- reads: csv
-- seen: task2_preprocessed.csv of codescene-research/echoes-of-ai-emse-2025
-- options: dates=dmy
-- example: github,predecessor,treatment,clean_time,codehealth,entry-date
-- gaps: when the work began is not there, only when the entry survey was filled in; clean_time is in seconds, though the authors' README says minutes; rows without a treatment are people who never started
-- columns: github!, predecessor!, treatment!, clean_time, codehealth, entry-date

-- into: item
-- The team of an item is whose code it was, since several people changed the same.
select
  source_row,
  'echoes2:' || github as item_id,
  'code.evolution' as use_case,
  github as worker,
  'code of ' || predecessor as team,
  "entry-date" as opened_at,
  'done' as state
from source
where treatment <> '';

-- into: measure
select
  source_row,
  'echoes2:' || github as item_id,
  unnest(['work_seconds', 'code_health']) as name,
  unnest([clean_time, codehealth]) as value
from source
where treatment <> '';

-- into: assignment
-- Who changed whose code was drawn. About half of the code had been written with an assistant.
select distinct on (predecessor)
  source_row,
  'echoes_task2' as plan,
  'team' as unit_kind,
  'code of ' || predecessor as unit,
  case treatment when 'ai' then 'written_with_ai' when 'human' then 'written_without' end as arm,
  '0.5' as probability
from source
where treatment <> '';
