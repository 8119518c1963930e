-- Sizes of the tables, under the names that people know them by.
-- Grain: one row per table.
select 'items' as name, (select count(*) from item) as rows
union all
select 'calls and totals of AI use', (select count(*) from usage)
union all
select 'measures', (select count(*) from measure)
union all
select 'assignments', (select count(*) from assignment)
union all
select 'memberships', (select count(*) from membership)
union all
select 'further names of people', (select count(*) from alias)
union all
select 'steps', (select count(*) from step)
union all
select 'reviews', (select count(*) from review)
union all
select 'policies', (select count(*) from policy)
union all
select 'prices', (select count(*) from price)
union all
select 'seats', (select count(*) from seat)
union all
select 'invoices', (select count(*) from invoice)
union all
select 'labour costs', (select count(*) from labour)
union all
select 'rejected rows', (select count(*) from rejected)
