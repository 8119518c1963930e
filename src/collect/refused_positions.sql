-- Refused rows of `incoming`, with their position in it, from 0; and their row, where it is known.
-- Inputs: $first the smallest row id: they count from 0 only once they are committed.
-- Grain: one row per refused row.
insert into refused
select rowid - $first, source_row, reject
from incoming
where reject is not null
