-- Measures of which more than half of the values are outside of their range, the worst first.
-- Inputs: "rows" measures with their name and reject. Grain: one row per measure. Cost: one scan.
select name, outside, given
from (
  select
    name,
    count(*) filter (where reject like 'value: outside%') as outside,
    count(*) as given
  from {rows}
  group by name
)
where 2 * outside > given
order by outside desc, name
