-- Calls of others that name one of their items: the call stays, and names no item that there is, so
-- that it is not linked to another one.
update usage
set item_id = 'forgotten:item'
where item_id in (select name from forgotten_name)
