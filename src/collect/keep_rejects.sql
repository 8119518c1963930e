-- Keeps the rows that could not be read and those that were refused, in the order of the file.
-- Inputs: the tables unreadable, incoming and place; $file_hash, $connector; $shifts: rows in `place`
-- count readable records only, so that each unreadable one before them moves them down by one.
-- Grain: one row per rejected row.
insert into rejected
with moved as (
  select
    row - row_number() over (order by row) + 1 as first_row,
    row_number() over (order by row) as shift
  from unreadable
  where $shifts
),
steps as (
  select first_row, max(shift) as shift
  from moved
  group by first_row
),
refused as (
  select
    p.row + coalesce(s.shift, 0) as row,
    p.position,
    case when contains(i.reject, ': ') then split_part(i.reject, ': ', 1) end as column_name,
    case when contains(i.reject, ': ') then substr(i.reject, strpos(i.reject, ': ') + 2)
      else i.reject end as reason
  from (
    select rowid - (select min(rowid) from incoming) as position, reject
    from incoming
    where reject is not null
  ) i
  left join place p on p.position = i.position
  asof left join steps s on p.row >= s.first_row
)
select $file_hash, $connector, row, column_name, reason
from (
  select row, -1 as position, column_name, reason from unreadable
  union all
  select row, position, column_name, reason from refused
)
order by row nulls last, position
