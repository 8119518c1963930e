-- Further names of their items.
delete from link
where item_id in (select name from forgotten_name)
  or other_id in (select name from forgotten_name)
