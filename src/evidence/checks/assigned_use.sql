-- How work met the draw: counts of items and of people by arm.
-- Input: the cohort with its assignments (sample.c).
-- Grain: one row per arm. Cost: one scan of facts and a group by worker.
select
  arm,
  sum(items)::bigint as items,
  count(*) as people,
  sum(covered)::bigint as covered,
  sum(with_ai)::bigint as with_ai,
  count(*) filter (where with_ai > 0) as with_ai_people,
  count(*) filter (where covered > with_ai) as without_ai_people,
  sum(begun)::bigint as begun,
  count(*) filter (where begun > 0) as begun_people,
  sum(exposed)::bigint as exposed,
  count(*) filter (where exposed > 0) as exposed_people,
  count(*) filter (where items > exposed) as unexposed_people,
  sum(dated)::bigint as dated
from (
  select
    worker,
    arm,
    count(*) as items,
    count(*) filter (where covered) as covered,
    count(*) filter (where covered and (ai_first_at is not null or ai_declared is not null))
      as with_ai,
    count(*) filter (where started_at < assigned_since) as begun,
    count(*) filter (where ai_first_at < assigned_since) as exposed,
    count(assigned_since) as dated
  from ({assigned})
  where arm is not null
    and worker is not null
  group by worker, arm
)
group by arm
order by arm
