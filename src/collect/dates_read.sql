-- How many values of a time column each order of dates cannot read.
-- Inputs: "select" the connector's statement; "column" of it. Grain: one row. Cost: a scan of the file.
select
  count(*) as given,
  count(*) filter (where isfinite(read_iso(v)) is not true) as iso,
  count(*) filter (where isfinite(read_dmy(v)) is not true) as dmy,
  count(*) filter (where isfinite(read_mdy(v)) is not true) as mdy
from (
  select {column} as v
  from (
    {select}
  )
)
where read_text(v) is not null
