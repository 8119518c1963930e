-- Steps by them, and of their items.
delete from step
where worker in (select worker from forgotten)
  or item_id in (select name from forgotten_name)
