-- connector: assignments
-- about: Which unit (item, worker or team) was assigned to which arm, and with what probability
-- reads: csv, json, parquet
-- seen: docs/connectors.md of this project
-- example: plan,unit_kind,unit,arm,since,until,probability
-- example: drafts,item,T-1,ai,2026-07-01,,0.5
-- gaps: none
-- options: item_source=items, plan=, dates=iso, decimal=point
-- columns: plan, unit_kind, unit!, arm!, since, until, probability

-- into: assignment
select
  source_row, coalesce(plan, nullif($plan, '')) as plan, unit_kind, unit, arm, since, until,
  probability
from source;
