-- Rows of the file that the refused positions are, where `incoming` came with them.
-- Grain: one row per refused row.
insert into place
select rowid - (select min(rowid) from incoming), source_row
from incoming
where reject is not null
