-- What each person's items add to the numbers of a sample. The print tells of which items and values
-- they are, in no order, and stays the same with another version of the engine.
-- Grain: one row per worker and arm. Cost: the sample, once.
select
  worker,
  count(*) as items,
  {weight} as weight,
  coalesce(sum({value}), 0e0)::double as total,
  bit_xor((md5_number_lower(concat(item_id, chr(31), {value}, chr(31), {divisor})) >> 1)::bigint) as print,
  arm::bigint as arm
from ({sample})
where excluded = 0
group by worker, arm
order by worker, arm
