-- How many of the names given are known, and by how many pseudonyms they go.
-- Grain: one row: given, found, pseudonyms.
with known as (
  select worker from item
  union
  select worker from usage
  union
  select worker from step
  union
  select reviewer from review
  union
  select worker from membership
  union
  select alias from alias
  union
  select worker from alias
  union
  select worker from seat
  union
  select unit from assignment where unit_kind = 'worker'
)
select
  (select count(*) from named) as given,
  (select count(*) from named where worker in (select worker from known)) as found,
  (select count(*) from forgotten where worker in (select worker from known)) as pseudonyms
