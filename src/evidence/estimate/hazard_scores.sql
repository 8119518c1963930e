-- What items within strata add to the hazard ratio and the log-rank sum, by cluster.
-- Grain: one row per cluster, stratum and arm. Cost: timed, once, and a join by stratum and time.
select
  {cluster} as cluster,
  stratum,
  t.arm::bigint as arm,
  count(*)::double as items,
  sum(on_ratio) as on_ratio,
  sum(on_log_rank) as on_log_rank
from timed t
join hazard_score s using (stratum, arm, minutes, ended)
where excluded = 0 and weight > 0
group by {cluster}, stratum, t.arm
order by {cluster}, stratum, t.arm
