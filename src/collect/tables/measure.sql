-- Rows of a connector as observed values of items.
-- Inputs: "select" the connector's statement; "scaled" the value of a raw number under its name;
-- "out_of_range" a truth over name and number that is true where a standard measure leaves its range;
-- $item_source names ids without a source.
-- Grain: one row per row of the connector. An empty value is no observation and is passed over.
with given as (
  select
    null::bigint as source_row, null::varchar as item_id, null::varchar as name,
    null::varchar as occurred_at, null::varchar as value, null::varchar as source
  where false
  union all by name
  ({select}
  )
),
typed as (
  select
    source_row,
    named_in(item_id, $item_source) as item_id,
    lower(read_text(name)) as name,
    read_time(occurred_at) as occurred_at,
    read_number(value) as raw,
    read_truth(value)::integer::double as truth,
    coalesce(read_text(source), $source) as source,
    item_id as item_id_text,
    value as value_text,
    occurred_at as occurred_at_text
  from given
  where read_text(value) is not null
),
in_units as (
  select *, coalesce({scaled}, truth) as number
  from typed
)
select
  source_row, item_id, name, occurred_at, number as value, source,
  case
    when read_text(item_id_text) is null then 'item_id: empty'
    when name is null then 'name: empty'
    when not regexp_full_match(name, '[a-z][a-z0-9_]{0,62}')
      then 'name: write small letters, digits and _'
    when unreadable(occurred_at_text, occurred_at) then 'occurred_at: not a time'
    when number is null then 'value: ' || not_a_number(value_text)
    when {out_of_range}
      then 'value: outside the range of ' || name || case
        when name in ('satisfaction', 'quality', 'reopened', 'reworked') then ' (0 to 1)'
        else ' (0 or more)'
      end
  end as reject,
  0::bigint as dropped
from in_units
