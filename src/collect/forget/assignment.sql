-- Arms that were drawn for them or for their items.
delete from assignment
where (unit_kind = 'worker' and unit in (select worker from forgotten))
  or (unit_kind = 'item' and unit in (select name from forgotten_name))
