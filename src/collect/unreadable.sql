-- CSV: records of the last scan that were no rows, with a reason in our words.
-- Grain: one row per record. The engine counts records, the header being 1.
select
  line::bigint as row,
  column_name,
  case min(error_type::varchar)
    when 'MISSING COLUMNS' then 'fewer columns than the header'
    when 'TOO MANY COLUMNS' then 'more columns than the header'
    when 'UNQUOTED VALUE' then 'a quote that does not end'
    when 'INVALID ENCODING' then 'not UTF-8'
    when 'INVALID UNICODE' then 'not UTF-8'
    when 'LINE SIZE OVER MAXIMUM' then 'longer than 2,000,000 bytes'
    else 'cannot be read'
  end as reason
from (
  select
    line,
    error_type,
    case when error_type::varchar in ('MISSING COLUMNS', 'TOO MANY COLUMNS') then null
      else column_name end as column_name,
    row_number() over (partition by line order by byte_position, error_type::varchar) as place
  from reject_errors
  where scan_id = (select max(scan_id) from reject_errors)
)
where place = 1
group by line, column_name
order by line
