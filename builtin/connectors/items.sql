-- connector: items
-- about: Work items (tickets, pull requests, approvals) under assay's own column names
-- reads: csv
-- seen: this project, docs/connectors.md
-- example: item_id,opened_at,closed_at,worker
-- gaps: none: every column of the table can be given
-- attrs: *

-- into: item
select * from source;
