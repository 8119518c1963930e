-- connector: invoices
-- about: What was invoiced for AI tools, US dollars, over which time
-- reads: csv, json, parquet
-- seen: docs/connectors.md of this project
-- example: tool,since,until,usd
-- example: copilot,2026-07-01,2026-08-01,1900
-- gaps: other currencies
-- options: tool=, dates=iso, decimal=point
-- columns: tool, since!, until, usd!

-- into: invoice
select source_row, coalesce(tool, nullif($tool, '')) as tool, since, until, usd
from source;
