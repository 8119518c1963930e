-- How many values of a number column each decimal sign cannot read.
-- Inputs: "select" the connector's statement; "column" of it. Grain: one row; thousands counts those that
-- only decimal=comma reads and whose comma may stand between thousands. Cost: a scan of the file.
select
  count(*) as given,
  count(*) filter (where cast_point(v) is null) as point,
  count(*) filter (where cast_comma(v) is null) as comma,
  count(*) filter (where regexp_full_match(v, '[+-]?[1-9]\d{0,2},\d{3}')) as thousands
from (
  select read_text({column}) as v
  from (
    {select}
  )
)
where v is not null
  and read_truth(v) is null
