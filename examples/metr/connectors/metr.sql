-- connector: metr
-- about: METR's trial of early-2025 AI on experienced open-source developers (data_complete.csv)
-- reads: csv
-- seen: data_complete.csv of METR/Measuring-Early-2025-AI-on-Exp-OSS-Devs, July 2025
-- example: dev_id,issue_id,predicted_time_no_ai,ai_treatment,initial_implementation_time
-- gaps: no times of the clock, so no periods; missing review times are filled as the paper does
-- columns: dev_id!, issue_id!, predicted_time_no_ai!, predicted_time_ai_allowed, ai_treatment!
-- columns: initial_implementation_time!, post_review_implementation_time!

-- into: item
select
  source_row,
  'metr:' || dev_id || '-' || issue_id as item_id,
  'code.issue' as use_case,
  dev_id as worker,
  'done' as state
from source;

-- into: measure
-- A missing review time becomes the mean of the others in the same arm.
with filled as (
  select
    *,
    coalesce(
      try_cast(post_review_implementation_time as double),
      avg(try_cast(post_review_implementation_time as double)) over (partition by ai_treatment)
    ) as review
  from source
)
select
  source_row,
  'metr:' || dev_id || '-' || issue_id as item_id,
  unnest(['implementation_minutes', 'review_minutes', 'predicted_minutes',
    'predicted_minutes_ai']) as name,
  unnest([initial_implementation_time, review::varchar, predicted_time_no_ai,
    predicted_time_ai_allowed]) as value
from filled;

-- into: assignment
-- 1 is "AI allowed": the column's description in the authors' README says the opposite, their
-- regression.py and the paper's sign do not.
select
  source_row,
  'metr' as plan,
  'item' as unit_kind,
  'metr:' || dev_id || '-' || issue_id as unit,
  case try_cast(ai_treatment as double) when 1 then 'ai' when 0 then 'no_ai' end as arm,
  '0.5' as probability
from source;
