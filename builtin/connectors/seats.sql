-- connector: seats
-- about: Licences of AI tools: who has one, since when, and what it costs in a month
-- reads: csv, json, parquet
-- seen: docs/connectors.md of this project
-- example: worker,tool,since,until,usd_per_month
-- example: ann@example.org,copilot,2026-01-01,,19
-- gaps: none; a seat that nobody has is a row without a worker
-- options: tool=, dates=iso, decimal=point
-- columns: worker, tool, since, until, usd_per_month

-- into: seat
select
  source_row, worker, coalesce(tool, nullif($tool, '')) as tool, since, until, usd_per_month
from source;
