-- Every other name of an item: what links say, and the commits that are a pull request by its number.
-- Leaves a temporary table: name_link (other_id, item_id), one row per name.
-- A git import links pull:CLONE#NUMBER@SHA to each commit whose subject has GitHub's number of what
-- it merged. Which repository's number that is, its links by sha prove: the clone is of the one
-- repository whose pull requests are linked to commits with their own numbers. Of a merged pull
-- request that is linked to no commit of any clone, the first with its number is what merged it.
-- Cost: a scan of link, hash joins with its numbered commits.
create or replace temp table name_link as
with numbered as (
  select
    item_id as commit_id,
    regexp_extract(other_id, '^pull:([0-9a-f]+)#', 1) as clone,
    regexp_extract(other_id, '(#[0-9]+)@', 1) as number
  from link
  where starts_with(other_id, 'pull:')
),
told as (
  select l.other_id, l.item_id
  from link l
  where not starts_with(l.other_id, 'pull:')
),
-- Commits of clones: merges have measures and are no items.
known_commit as (
  select distinct item_id as commit_id
  from measure
  where name = 'reverted'
    and starts_with(item_id, 'git:')
),
home as (
  select n.clone, min(left(t.item_id, -length(n.number))) as repository
  from numbered n
  join told t on t.other_id = n.commit_id
  where ends_with(t.item_id, n.number)
  group by n.clone
  having count(distinct left(t.item_id, -length(n.number))) = 1
),
found as (
  select h.repository || n.number as pull_id, n.commit_id
  from numbered n
  join home h on h.clone = n.clone
  where not exists (select 1 from told t where t.other_id = n.commit_id)
)
select other_id, item_id
from told
union all
select arg_min(f.commit_id, (m.occurred_at, f.commit_id)), f.pull_id
from found f
join item i on i.item_id = f.pull_id and i.state = 'done'
join measure m on m.item_id = f.commit_id and m.name = 'reverted'
where not exists (
  select 1
  from told t
  join known_commit k on k.commit_id = t.other_id
  where t.item_id = f.pull_id
)
group by f.pull_id;
