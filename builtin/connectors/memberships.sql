-- connector: memberships
-- about: Who was in which team and role, since when
-- reads: csv, json, parquet
-- seen: docs/connectors.md of this project
-- example: worker,since,team,role
-- example: ann@example.org,2026-01-01,North,agent
-- gaps: none; further facts of a person as attr.training=yes, attr.tenure=2y
-- options: dates=iso
-- attrs: *
-- columns: worker!, since, team, role

-- into: membership
select source_row, worker, since, team, role, attrs
from source;
