-- What was imported, by connector. Of a repository the connector's name holds a pseudonym of the
-- folder, which is left out.
-- Grain: one row per connector and table.
select
  regexp_replace(connector, '^git:[0-9a-f]{16}', 'git') as connector,
  count(*) as files,
  strftime(min(imported_at), '%Y-%m-%d') as first,
  strftime(max(imported_at), '%Y-%m-%d') as last,
  sum(accepted)::bigint as accepted,
  sum(rejected)::bigint as rejected
from imported
group by all
order by all
