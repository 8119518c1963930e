-- connector: labour
-- about: What an hour of work costs, US dollars, by role, since when
-- reads: csv, json, parquet
-- seen: docs/connectors.md of this project
-- example: role,since,usd_per_hour
-- example: agent,2026-01-01,38.50
-- gaps: none; a row without a role holds for all roles that have none of their own
-- options: dates=iso, decimal=point
-- columns: role, since, usd_per_hour!

-- into: labour
select source_row, role, since, usd_per_hour
from source;
