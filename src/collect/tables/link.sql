-- Rows of a connector as other names or parts of items.
-- Inputs: "select" the connector's statement; $item_source names ids without a source.
-- Grain: one row per row of the connector.
with given as (
  select null::bigint as source_row, null::varchar as other_id, null::varchar as item_id
  where false
  union all by name
  ({select}
  )
)
select
  source_row,
  named_in(other_id, $item_source) as other_id,
  named_in(item_id, $item_source) as item_id,
  case
    when read_text(other_id) is null then 'other_id: empty'
    when read_text(item_id) is null then 'item_id: empty'
    when read_text(other_id) = read_text(item_id) then 'other_id: links to itself'
  end as reject,
  0::bigint as dropped
from given
