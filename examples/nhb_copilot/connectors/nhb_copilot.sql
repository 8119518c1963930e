-- connector: nhb_copilot
-- about: Monthly work of open-source developers, and whether Copilot wrote their language from July 2021 on
-- reads: csv
-- seen: NHB_IndividualLevel.xlsx of NATHUMBEHAV-25073099/Replication, as CSV, users as numbers
-- example: user_id,yearmonth,TotalCommits,copilot_language_ppl,maintainer
-- gaps: totals of a month, no times of single commits; who works in such a language was not drawn
-- attrs: developer, language
-- columns: user_id!, yearmonth!, TotalCommits!, copilot_language_ppl!, maintainer!

-- into: item
-- One item: what a developer did in a month.
select
  source_row,
  'nhb:' || user_id || '-' || yearmonth as item_id,
  'code.month' as use_case,
  'developer ' || user_id as worker,
  substr(yearmonth, 1, 4) || '-' || substr(yearmonth, 5, 2) || '-01' as opened_at,
  substr(yearmonth, 1, 4) || '-' || substr(yearmonth, 5, 2) || '-28' as closed_at,
  'done' as state,
  map {
    'developer': case maintainer when '4' then 'core' else 'other' end,
    'language': case copilot_language_ppl when '1' then 'copilot' else 'other' end
  } as attrs
from source;

-- into: measure
select
  source_row,
  'nhb:' || user_id || '-' || yearmonth as item_id,
  'commits' as name,
  TotalCommits as value
from source;

-- into: assignment
select distinct on (user_id)
  source_row,
  'copilot' as plan,
  'worker' as unit_kind,
  'developer ' || user_id as unit,
  case copilot_language_ppl when '1' then 'ai' else 'no_ai' end as arm,
  case copilot_language_ppl when '1' then '2021-07-01' end as since
from source;
