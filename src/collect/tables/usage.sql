-- Rows of a connector as typed calls (or totals of calls) of AI tools.
-- Inputs: "select" the connector's statement; $source and $item_source name ids that have no source
-- of their own.
-- Grain: one row per row of the connector. reject holds "column: reason" where it is no usage.
-- Of a prompt only its length goes on.
with given as (
  select
    null::bigint as source_row, null::varchar as usage_id, null::varchar as occurred_at,
    null::varchar as grain, null::varchar as worker, null::varchar as team, null::varchar as tool,
    null::varchar as model, null::varchar as operation, null::varchar as item_id,
    null::varchar as session, null::varchar as input_tokens, null::varchar as output_tokens,
    null::varchar as cache_read_tokens, null::varchar as cache_write_tokens, null::varchar as usd,
    null::varchar as latency_ms, null::varchar as prompt_chars, null::varchar as prompt,
    null::varchar as status, null::map(varchar, varchar) as attrs
  where false
  union all by name
  ({select}
  )
),
-- Each layer names a cell once: what stands in a case is made again for each place that names it.
texts as (
  select
    source_row,
    read_text(usage_id) as usage_id,
    read_text(occurred_at) as occurred_at,
    coalesce(lower(read_text(grain)), 'call') as grain,
    worker_of(worker) as worker,
    read_text(team) as team,
    lower(read_text(tool)) as tool,
    read_text(model) as model,
    read_text(operation) as operation,
    read_text(item_id) as item_id,
    read_text(session) as session,
    read_text(input_tokens) as input_tokens,
    read_text(output_tokens) as output_tokens,
    read_text(cache_read_tokens) as cache_read_tokens,
    read_text(cache_write_tokens) as cache_write_tokens,
    read_text(usd) as usd,
    read_text(latency_ms) as latency_ms,
    read_text(prompt_chars) as prompt_chars,
    length(prompt)::double as prompt_length,
    coalesce(lower(read_text(status)), 'ok') as status,
    attrs
  from given
),
typed as (
  select
    *,
    time_of(occurred_at) as at_time,
    number_of(input_tokens) as input_tokens_number,
    number_of(output_tokens) as output_tokens_number,
    number_of(cache_read_tokens) as cache_read_tokens_number,
    number_of(cache_write_tokens) as cache_write_tokens_number,
    number_of(usd) as usd_number,
    number_of(latency_ms) as latency_ms_number,
    number_of(prompt_chars) as prompt_chars_number
  from texts
)
select
  source_row,
  id_of(usage_id, $source) as usage_id,
  at_time as occurred_at,
  grain,
  worker,
  team,
  tool,
  model,
  operation,
  id_of(item_id, $item_source) as item_id,
  session,
  finite(input_tokens_number) as input_tokens,
  finite(output_tokens_number) as output_tokens,
  finite(cache_read_tokens_number) as cache_read_tokens,
  finite(cache_write_tokens_number) as cache_write_tokens,
  finite(usd_number) as usd,
  finite(latency_ms_number) as latency_ms,
  coalesce(finite(prompt_chars_number), prompt_length) as prompt_chars,
  null::varchar as fingerprint,
  case
    when list_contains(['ok', 'success', 'succeeded', 'completed', 'complete', 'stop', '200',
      'true'], status)
      then 'ok'
    else 'error'
  end as status,
  kept_attrs(attrs) as attrs,
  case
    when usage_id is null then 'usage_id: empty'
    when occurred_at is null then 'occurred_at: empty'
    when at_time is null then 'occurred_at: not a time'
    when grain not in ('call', 'day', 'bucket') then 'grain: not one of call, day, bucket'
    when no_number(input_tokens, input_tokens_number) then 'input_tokens: not a number'
    when no_number(output_tokens, output_tokens_number) then 'output_tokens: not a number'
    when no_number(cache_read_tokens, cache_read_tokens_number) then 'cache_read_tokens: not a number'
    when no_number(cache_write_tokens, cache_write_tokens_number) then 'cache_write_tokens: not a number'
    when no_number(usd, usd_number) then 'usd: ' || not_a_number(usd)
    when no_number(latency_ms, latency_ms_number) then 'latency_ms: not a number'
    when no_number(prompt_chars, prompt_chars_number) then 'prompt_chars: not a number'
    when input_tokens_number < 0 then 'input_tokens: negative'
    when output_tokens_number < 0 then 'output_tokens: negative'
    when cache_read_tokens_number < 0 then 'cache_read_tokens: negative'
    when cache_write_tokens_number < 0 then 'cache_write_tokens: negative'
    when usd_number < 0 then 'usd: negative'
    when latency_ms_number < 0 then 'latency_ms: negative'
  end as reject,
  dropped_attrs(attrs) as dropped
from typed
