-- Their items.
delete from item
where item_id in (select item_id from forgotten_item)
