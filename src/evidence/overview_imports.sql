-- The imports, newest first.
-- Grain: one row per import.
select
  connector,
  strftime(imported_at, '%Y-%m-%d %H:%M') as imported_at,
  rows_read,
  accepted,
  rejected
from imported
order by imported.imported_at desc, connector
limit 20
