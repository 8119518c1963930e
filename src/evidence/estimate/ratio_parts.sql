-- What a ratio is made of, by arm, and the workers behind each part and behind the rest.
-- Items without a known numerator have calls all the same: those without a price, above all.
-- Grain: one row per arm. Cost: the sample, once.
with by_worker as (
  select
    worker, arm,
    sum(y) filter (where excluded = 0) as numerator,
    sum(d) filter (where excluded = 0) as denominator,
    sum(y) filter (where excluded = 0 and state = 'abandoned') as on_abandoned,
    sum(y) filter (where excluded = 0 and state = 'open') as on_open,
    sum(calls_priced) as calls_priced,
    sum(calls_unpriced) as calls_unpriced,
    count(*) filter (where excluded = 0 and d <> 0) as completed,
    count(*) filter (where excluded = 0) as items,
    count(*) filter (where excluded = 0 and y <> 0) as counted,
    count(*) filter (where excluded = 0 and y <> 0 and state = 'abandoned') as abandoned,
    count(*) filter (where excluded = 0 and y <> 0 and state = 'open') as open
  from ({sample})
  where excluded in (0, 6)
    and arm is not null
  group by worker, arm
)
select
  arm::bigint as arm,
  coalesce(sum(numerator), 0) as numerator,
  coalesce(sum(denominator), 0) as denominator,
  coalesce(sum(on_abandoned), 0) as on_abandoned,
  coalesce(sum(on_open), 0) as on_open,
  coalesce(sum(calls_priced + calls_unpriced), 0) as calls,
  coalesce(sum(calls_unpriced), 0) as calls_unpriced,
  count(*) filter (where completed > 0) as with_completed,
  count(*) filter (where completed < items) as without_completed,
  count(*) filter (where abandoned > 0) as with_abandoned,
  count(*) filter (where abandoned < counted) as without_abandoned,
  count(*) filter (where open > 0) as with_open,
  count(*) filter (where open < counted) as without_open,
  count(*) filter (where calls_unpriced > 0) as with_unpriced,
  count(*) filter (where calls_priced > 0) as without_unpriced,
  count(*) filter (where counted > 0) as with_counted,
  count(*) filter (where calls_priced + calls_unpriced > 0) as with_calls
from by_worker
group by arm
order by arm
