-- Every pseudonym of a person that the workspace holds, further names included.
-- Grain: one row per pseudonym: worker. Cost: a scan of the columns that hold one.
select worker from item
union
select worker from usage
union
select worker from step
union
select reviewer from review
union
select worker from membership
union
select alias from alias
union
select worker from alias
union
select worker from seat
union
select worker from published_work
union
select unit from assignment where unit_kind = 'worker'
