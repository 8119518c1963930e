-- Measures of their items.
delete from measure
where item_id in (select name from forgotten_name)
