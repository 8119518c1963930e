-- connector: reviews
-- about: Scores that people gave to items in an audit of quality, one criterion per row
-- reads: csv, json, parquet
-- seen: docs/connectors.md of this project
-- example: audit,item_id,reviewer,criterion,score,blinded,occurred_at
-- example: july,T-1,eve@example.org,correct,0.8,yes,2026-07-20
-- gaps: none; comments of reviewers are not read
-- options: item_source=items, audit=, criterion=quality, dates=iso, decimal=point
-- columns: audit, item_id!, reviewer, criterion, score!, blinded, occurred_at

-- into: review
select
  source_row, coalesce(audit, nullif($audit, '')) as audit, item_id, reviewer,
  coalesce(criterion, nullif($criterion, '')) as criterion, score, blinded, occurred_at
from source;
