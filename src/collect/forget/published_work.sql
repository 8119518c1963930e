-- What they added to numbers of published reports.
delete from published_work
where worker in (select worker from forgotten)
