-- How many of the names given are known, and by how many pseudonyms they go.
-- Grain: one row: given, found, pseudonyms.
with known as ({people})
select
  (select count(*) from named) as given,
  (select count(*) from named where worker in (select worker from known)) as found,
  (select count(*) from forgotten where worker in (select worker from known)) as pseudonyms
