-- connector: steps
-- about: What happened to items, one step per row, by a person or by AI: an event log
-- reads: csv, json, parquet
-- seen: docs/connectors.md of this project
-- example: item_id,occurred_at,step,worker,by_ai
-- example: T-1,2026-07-01 09:30:00,assigned,ann@example.org,no
-- gaps: none
-- options: item_source=items, step=, dates=iso
-- columns: item_id!, occurred_at!, step, worker, by_ai

-- into: step
select
  source_row, item_id, occurred_at, coalesce(step, nullif($step, '')) as step, worker, by_ai
from source;
