-- The imports, newest first. Further tables that an import could have filled, and found nothing for,
-- are left out.
-- Days and times are those of $zone.
-- Grain: one row per import.
select
  connector,
  strftime(timezone($zone, imported_at::timestamptz), '%Y-%m-%d %H:%M') as imported_at,
  rows_read,
  accepted,
  rejected
from imported
where rows_read > 0
  or not contains(regexp_replace(connector, '^git:[0-9a-f]{16}', 'git'), ':')
order by imported.imported_at desc, connector
limit 20
