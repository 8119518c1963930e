-- Positions of refused rows in `incoming`, from 0. Row ids count from 0 only once they are committed.
-- Grain: one row per refused row.
select rowid - (select min(rowid) from incoming) as position
from incoming
where reject is not null
