-- Outcomes as bounds need them: of the trimmed arm one value per cluster between any two of the four
-- values at the ends of the trims, and each of these by itself; of the other arm its mean. What
-- bounds and their errors take of a value is linear between those ends, so that nothing is lost.
-- Inputs: $trimmed, $value_0 <= … <= $value_3.
-- Grain: one row per arm, cluster and region, by value. Cost: the sample, once.
select
  arm,
  cluster,
  case when min(y) = max(y) then min(y) else greatest(min(y), least(max(y), avg(y))) end as value,
  count(*)::double as items
from (
  select
    arm,
    cluster,
    y,
    case
      when arm = $trimmed
        then (y >= $value_0)::integer + (y > $value_0)::integer + (y >= $value_1)::integer
          + (y > $value_1)::integer + (y >= $value_2)::integer + (y > $value_2)::integer
          + (y >= $value_3)::integer + (y > $value_3)::integer
    end as region
  from ({sample})
  where excluded = 0
    and cluster is not null
)
group by arm, cluster, region
order by arm, value
