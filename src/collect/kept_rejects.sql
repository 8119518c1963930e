-- A page of the rejected rows that a workspace keeps.
-- Inputs: $after the last row id of the page before, $max rows.
-- Grain: one row per rejected row.
select rowid::bigint as place, file_hash, connector, row, column_name, reason
from rejected
where rowid > $after
order by rowid
limit $max
