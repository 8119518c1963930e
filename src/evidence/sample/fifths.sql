-- What cuts a number into fifths of a cohort; and its values, the least first, as long as they are few:
-- six of them stand for any number. "value" is a formula's SQL.
-- Grain: one row, a list of four and a list of one to six. Cost: two scans of facts.
with number as (
  select {value}::double as value
  from facts
  where use_case = $use_case
    and ($all or (counted_at >= $from
      and counted_at < $until))
)
select
  (select quantile_cont(value, [0.2, 0.4, 0.6, 0.8]) from number) as cuts,
  (
    select list(value order by value)
    from (
      select distinct value
      from number
      where value is not null
      limit 6
    )
  ) as values
