-- Means by group, for comparing the effect in each, and between what each person's values lie; groups
-- and strata within stand in the cell of the sample, with chr(31) between. {divisor} is null but for
-- ratios. The print tells of which items a row is, in no order.
-- Grain: one row per worker, cluster, stratum and arm, ordered by cluster; all numbered from 0.
-- Cost: the sample, once.
with grouped as (
  select
    worker, cluster, cell, arm,
    count(*)::double as items,
    avg(v) as mean,
    avg(d) as divisor,
    min(v) as low,
    max(v) as high,
    min(nullif(d, 0)) as divisor_low,
    max(nullif(d, 0)) as divisor_high,
    (bit_xor(hash(item_id)) >> 1)::bigint as print
  from (
    select item_id, worker, cluster, cell, arm, {value} as v, {divisor} as d
    from ({sample})
    where excluded = 0
  )
  group by worker, cluster, cell, arm
)
select
  dense_rank() over (order by cluster) - 1 as cluster,
  dense_rank() over (order by worker) - 1 as worker,
  dense_rank() over (order by split_part(cell, chr(31), 1)) - 1 as part,
  dense_rank() over (order by cell) - 1 as stratum,
  arm::bigint as arm,
  items,
  mean,
  divisor,
  low,
  high,
  divisor_low,
  divisor_high,
  split_part(cell, chr(31), 1) as name,
  cluster as cluster_name,
  worker as worker_name,
  print
from grouped
order by 1, 4, 5, 2
