-- The imports, newest first.
-- Days and times are those of $zone.
-- Grain: one row per import.
select
  connector,
  strftime(timezone($zone, imported_at::timestamptz), '%Y-%m-%d %H:%M') as imported_at,
  rows_read,
  accepted,
  rejected
from imported
order by imported.imported_at desc, connector
limit 20
