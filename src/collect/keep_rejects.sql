-- Keeps the rows that could not be read and those that were refused, in the order of the file.
-- Inputs: the tables unreadable and refused; $file_hash, $connector; $shifts: rows of `refused` count
-- readable records only, so that each unreadable one before them moves them down by one.
-- Grain: one row per rejected row.
insert into rejected
with all_of_them as (
  -- The i-th unreadable record, from 0, moves what would be at or behind its row less i.
  select
    row - row_number() over (order by row) + 1 as key,
    0 as kind,
    row,
    -1 as position,
    column_name,
    reason
  from unreadable
  union all
  select
    row as key,
    1 as kind,
    row,
    position,
    case when contains(reject, ': ') then split_part(reject, ': ', 1) end as column_name,
    case when contains(reject, ': ') then substr(reject, strpos(reject, ': ') + 2)
      else reject end as reason
  from refused
),
moved as (
  -- For one of `refused`: how many of `unreadable` stand before it. (A running count over a frame
  -- takes the square of the time.)
  select
    *,
    row_number() over (order by key nulls last, kind, position)
      - row_number() over (partition by kind order by key nulls last, position) as shift
  from all_of_them
)
select
  $file_hash,
  $connector,
  case when $shifts and kind = 1 then row + shift else row end as row,
  column_name,
  reason
from moved
order by 3 nulls last, position
