-- Items of the arms, those of them with an outcome, and those given up.
-- Codes of excluded: enum exclusion; here those that leave an item without an outcome.
-- Grain: one row per cluster, worker and arm. Cost: the sample, once.
select
  cluster,
  worker,
  arm,
  count(*) as items,
  count(*) filter (where excluded = 0) as known,
  count(*) filter (where given_up) as given_up,
  count(*) filter (where excluded <> 0 and not given_up) as missing_alone,
  count(*) filter (where excluded = 0 and given_up) as given_up_alone
from ({sample})
where arm is not null
  and worker is not null
  and cluster is not null
  and excluded in (0, 2, 4, 5, 6)
group by cluster, worker, arm
order by cluster, worker, arm
