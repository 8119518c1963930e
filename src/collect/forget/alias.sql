-- Their further names.
delete from alias
where alias in (select worker from forgotten)
  or worker in (select worker from forgotten)
