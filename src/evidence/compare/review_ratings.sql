-- What reviewers said of items of both arms that two or more of them scored. Reviews name items by their own
-- ids or by linked ones; several of one reviewer, in several audits, are averaged.
-- Grain: one row per item and reviewer, ordered by item; all numbered from 0.
-- Cost: the sample, once, and a scan of review.
with rated as (
  select
    coalesce(l.item_id, r.item_id) as item_id,
    coalesce(a.worker, r.reviewer) as reviewer,
    avg(r.score) as score
  from review r
  left join link l on l.other_id = r.item_id
  left join alias a on a.alias = r.reviewer
  where r.criterion = 'quality'
    and r.reviewer is not null
    and r.score between 0 and 1
  group by 1, 2
),
paired as (
  select s.item_id, s.worker, rated.reviewer, rated.score,
    count(*) over (partition by s.item_id) as reviewers
  from ({sample}) s
  join rated on rated.item_id = s.item_id
  where s.excluded = 0
)
select
  dense_rank() over (order by item_id) - 1 as item,
  dense_rank() over (order by worker) - 1 as worker,
  dense_rank() over (order by reviewer) - 1 as reviewer,
  score
from paired
where reviewers >= 2
order by item, reviewer
