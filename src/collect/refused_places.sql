-- Rows of the file that the refused positions are.
-- Inputs: "select" the typed select over a source that counts its rows; the table `refused`.
-- Grain: one row per refused row. Cost: a scan of the file in order.
select position, source_row as row
from (
  select source_row, row_number() over () - 1 as position
  from ({select})
)
where position in (select position from refused)
