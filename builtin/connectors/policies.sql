-- connector: policies
-- about: Dated acts of management: mandates, quotas, leaderboards, training, tools that were launched
-- reads: csv, json, parquet
-- seen: docs/connectors.md of this project
-- example: policy,announced_at,starts_at,kind,scope,measure,threshold,period
-- example: ai-first,2026-06-15,2026-07-01,quota,support,calls,20,week
-- gaps: none
-- options: dates=iso, decimal=point
-- columns: policy!, announced_at, starts_at, kind!, scope, measure, threshold, period

-- into: policy
select source_row, policy, announced_at, starts_at, kind, scope, measure, threshold, period
from source;
