-- connector: items
-- about: Work items (tickets, pull requests, approvals), one per row, under assay's own names or mapped
-- reads: csv, json, parquet
-- seen: docs/connectors.md of this project
-- example: item_id,use_case,worker,team,size,opened_at,started_at,closed_at,state
-- example: T-1,support.billing,ann@example.org,North,120,2026-07-01 09:00:00,2026-07-01 09:30:00,2026-07-01 11:00:00,done
-- gaps: none; every column of the table item can be given, and measures by --map measure.NAME=COLUMN
-- options: source=items, use_case=, dates=iso, decimal=point, satisfaction_scale=0..1, quality_scale=0..1
-- attrs: *
-- columns: item_id!, source, use_case, worker, team, role, size, opened_at, started_at
-- columns: first_closed_at, closed_at, updated_at, state, ai_declared

-- into: item
select
  source_row, item_id, source, coalesce(use_case, nullif($use_case, '')) as use_case, worker, team,
  role, size, opened_at, started_at, first_closed_at, closed_at, updated_at, state, ai_declared,
  attrs
from source;

-- into: measure
select
  source_row,
  case when contains(item_id, ':') then item_id else $source || ':' || item_id end as item_id,
  unnest(map_keys(measures)) as name,
  coalesce(closed_at, opened_at) as occurred_at,
  unnest(map_values(measures)) as value
from source
-- Where no column is one, the file is not gone through.
where measures is not null;
