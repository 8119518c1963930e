-- connector: people
-- about: Further names of one person (login, e-mail, employee id), so that their work meets their usage
-- reads: csv, json, parquet
-- seen: docs/connectors.md of this project
-- example: alias,worker
-- example: alee,ann@example.org
-- gaps: none; both names become keyed pseudonyms while reading
-- columns: alias!, worker!

-- into: alias
select source_row, alias, worker
from source;
