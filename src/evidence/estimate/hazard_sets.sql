-- Risk sets of both arms within strata.
-- Grain: one row per stratum and distinct time, at most {most}. Cost: timed, once.
select
  stratum,
  minutes,
  count(*) filter (where arm = 0 and ended)::double as events_0,
  count(*) filter (where arm = 1 and ended)::double as events_1,
  count(*) filter (where arm = 0 and not ended)::double as censored_0,
  count(*) filter (where arm = 1 and not ended)::double as censored_1
from timed
where excluded = 0 and weight > 0
group by stratum, minutes
order by stratum, minutes
limit {most}
