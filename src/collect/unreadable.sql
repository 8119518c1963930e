-- CSV: records of the last scan that were no rows, with a reason in our words; and behind a record
-- whose quotes end wrongly, or that is too long, the lines that its quotes took for text.
-- Inputs: reject_errors; quoted_lines (record, lines, broken).
-- Grain: one row per record or line. The engine counts records, the header being 1.
with rejected_record as (
  select
    line::bigint as record,
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
),
placed as (
  select
    r.record + (coalesce(sum(q.lines) over (order by r.record), 0) - coalesce(q.lines, 0))::bigint
      as row,
    r.column_name,
    r.reason,
    q.lines
  from rejected_record r
  left join quoted_lines q
    on q.record = r.record
    and (q.broken or r.reason = 'longer than 2,000,000 bytes')
)
select row, column_name, reason
from placed
union all
select row + unnest(generate_series(1, lines)) as row, column_name,
  'inside a quote that does not end' as reason
from placed
where lines > 0
order by row
