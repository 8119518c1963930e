-- CSV, after a scan: how many records were rejected; and what the lines in quotes that look like
-- records were read as, where the record was taken.
-- Inputs: reject_errors; quoted_lines (record, lines, broken). Grain: one row.
with rejected_record as (
  select distinct line::bigint as record
  from reject_errors
  where scan_id = (select max(scan_id) from reject_errors)
),
taken as (
  select
    q.record + coalesce((
      select sum(b.lines)
      from quoted_lines b
      where b.broken
        and b.record < q.record), 0) as row,
    q.lines
  from quoted_lines q
  where not q.broken
    and q.record not in (select record from rejected_record)
)
select
  (select count(*) from rejected_record) as rejected,
  count(*) as values,
  coalesce(min(row), 0)::bigint as row,
  coalesce(sum(lines), 0)::bigint as lines
from taken
