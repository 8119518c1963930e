-- Items of `incoming` that are done and were closed in the future, but for closes that exports write
-- for want of one (see evidence/facts/usage_link.sql). None are told of where most of the file lies in the
-- future: then it is the clock that is wrong.
-- Inputs: $now. Grain: one row: how many, and the ids of the first three.
select
  count(*) as items,
  array_to_string(list(item_id order by rowid)[1:3], ', ') as first_ids
from incoming
where reject is null
  and state = 'done'
  and closed_at > $now + interval 1 day
  and not (closed_at >= timestamp '2099-12-30'
    and (dayofyear(closed_at) <= 2 or dayofyear(closed_at) >= 364))
  and (
    select quantile_disc(coalesce(opened_at, started_at, closed_at), 0.9) <= $now + interval 1 day
    from incoming
    where reject is null
  )
