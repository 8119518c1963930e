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
)
select
  source_row,
  named_in(usage_id, $source) as usage_id,
  read_time(occurred_at) as occurred_at,
  coalesce(lower(read_text(grain)), 'call') as grain,
  worker_of(worker) as worker,
  read_text(team) as team,
  lower(read_text(tool)) as tool,
  read_text(model) as model,
  read_text(operation) as operation,
  named_in(item_id, $item_source) as item_id,
  read_text(session) as session,
  read_number(input_tokens) as input_tokens,
  read_number(output_tokens) as output_tokens,
  read_number(cache_read_tokens) as cache_read_tokens,
  read_number(cache_write_tokens) as cache_write_tokens,
  read_number(usd) as usd,
  read_number(latency_ms) as latency_ms,
  coalesce(read_number(prompt_chars), length(prompt)::double) as prompt_chars,
  null::varchar as fingerprint,
  case
    when coalesce(lower(read_text(status)), 'ok') in ('ok', 'success', 'succeeded', 'completed',
      'complete', 'stop', '200', 'true')
      then 'ok'
    else 'error'
  end as status,
  kept_attrs(attrs) as attrs,
  case
    when read_text(usage_id) is null then 'usage_id: empty'
    when read_text(occurred_at) is null then 'occurred_at: empty'
    when read_time(occurred_at) is null then 'occurred_at: not a time'
    when coalesce(lower(read_text(grain)), 'call') not in ('call', 'day', 'bucket')
      then 'grain: not one of call, day, bucket'
    when unreadable(input_tokens, read_number(input_tokens)) then 'input_tokens: not a number'
    when unreadable(output_tokens, read_number(output_tokens)) then 'output_tokens: not a number'
    when unreadable(cache_read_tokens, read_number(cache_read_tokens))
      then 'cache_read_tokens: not a number'
    when unreadable(cache_write_tokens, read_number(cache_write_tokens))
      then 'cache_write_tokens: not a number'
    when unreadable(usd, read_number(usd)) then 'usd: not a number'
    when unreadable(latency_ms, read_number(latency_ms)) then 'latency_ms: not a number'
    when unreadable(prompt_chars, read_number(prompt_chars)) then 'prompt_chars: not a number'
    when read_number(input_tokens) < 0 then 'input_tokens: negative'
    when read_number(output_tokens) < 0 then 'output_tokens: negative'
    when read_number(cache_read_tokens) < 0 then 'cache_read_tokens: negative'
    when read_number(cache_write_tokens) < 0 then 'cache_write_tokens: negative'
    when read_number(usd) < 0 then 'usd: negative'
    when read_number(latency_ms) < 0 then 'latency_ms: negative'
  end as reject,
  dropped_attrs(attrs) as dropped
from given
