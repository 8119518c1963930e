-- connector: measures
-- about: Observed values of items, one per row: satisfaction, errors, predicted minutes, …
-- reads: csv, json, parquet
-- seen: docs/connectors.md of this project
-- example: item_id,name,occurred_at,value
-- example: T-1,satisfaction,2026-07-02,0.75
-- gaps: text values are not measures; yes and no become 1 and 0
-- options: source=measures, item_source=items, name=, dates=iso, decimal=point, satisfaction_scale=0..1, quality_scale=0..1
-- columns: item_id!, name, occurred_at, value!, source

-- into: measure
select
  source_row, item_id, coalesce(name, nullif($name, '')) as name, occurred_at, value, source
from source;
