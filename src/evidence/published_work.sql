-- What each person's items add to the numbers of published reports of one use case and metric, by
-- the pseudonym that the person has now.
-- Grain: one row per number and worker. Cost: a scan of published_work.
select
  report, use_case, metric, plan, arm, part,
  coalesce(a.worker, p.worker) as worker,
  sum(items)::bigint as items,
  sum(weight)::double as weight,
  sum(total)::double as total,
  bit_xor(print)::bigint as print
from published_work p
left join (select alias, min(worker) as worker from alias group by alias) a on a.alias = p.worker
where use_case = $use_case and metric = $metric
group by all
order by report, use_case, metric, plan, arm, part, worker
