-- How many people the workspace knows by pseudonyms, further names resolved.
-- Grain: one row.
select count(distinct coalesce(a.worker, p.worker)) as people
from ({people}) p
left join alias a on a.alias = p.worker
