-- Their teams and roles.
delete from membership
where worker in (select worker from forgotten)
