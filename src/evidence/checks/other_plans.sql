-- Items of a comparison that plans other than $plan gave an arm too: themselves, or who does them at
-- the time.
-- assigned is the cohort with its arms (sample_assigned_sql).
-- Grain: one row per other plan. Cost: the cohort, with a hash join for each kind of unit.
with cohort as (
  select item_id, worker, team, coalesce(started_at, opened_at, counted_at) as begun_at
  from ({assigned})
  where arm is not null
),
others as (
  select plan, unit_kind, unit, since, until
  from assignment
  where plan <> $plan
),
met as (
  select o.plan, c.item_id, c.worker
  from cohort c
  join others o on o.unit = c.item_id
  where o.unit_kind = 'item'
  union all
  select o.plan, c.item_id, c.worker
  from cohort c
  join others o on o.unit = c.worker
  where o.unit_kind = 'worker'
    and (o.since is null or c.begun_at is null or o.since <= c.begun_at)
    and (o.until is null or c.begun_at is null or c.begun_at < o.until)
  union all
  select o.plan, c.item_id, c.worker
  from cohort c
  join others o on o.unit = c.team
  where o.unit_kind = 'team'
    and (o.since is null or c.begun_at is null or o.since <= c.begun_at)
    and (o.until is null or c.begun_at is null or c.begun_at < o.until)
)
select
  plan,
  count(distinct item_id) as items,
  count(distinct worker) as workers,
  (select count(*) from cohort) as all_items
from met
group by plan
order by plan
