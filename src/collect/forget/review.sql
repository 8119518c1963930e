-- Reviews by them, and of their items.
delete from review
where reviewer in (select worker from forgotten)
  or item_id in (select name from forgotten_name)
