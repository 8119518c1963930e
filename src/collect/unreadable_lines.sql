-- JSON lines: lines that hold no object, with the fault that the reader found.
-- Grain: one row per line. Cost: a scan of the file.
select line::bigint as row, null::varchar as column_name, fault as reason
from json_lines()
where fault is not null
