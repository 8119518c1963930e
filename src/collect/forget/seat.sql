-- Their seats.
delete from seat
where worker in (select worker from forgotten)
