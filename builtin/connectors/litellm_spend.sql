-- connector: litellm_spend
-- about: Spend logs of a LiteLLM proxy, one row per call
-- reads: json, csv
-- seen: LiteLLM_SpendLogs in schema.prisma of BerriAI/litellm, 2026-08
-- export: psql -c "\copy (select * from \"LiteLLM_SpendLogs\") to 'spend.csv' csv header"
-- example: {"request_id": "r1", "startTime": "2026-07-01T09:00:00Z", "model": "m", "spend": 0.01, "prompt_tokens": 900, "completion_tokens": 100, "user": "ada", "request_tags": ["item:jira:ABC-7"]}
-- gaps: messages and responses are not read; cached tokens are inside prompt_tokens and not told apart
-- options: item_tag=item:
-- attrs: call_type, model_group, cache_hit
-- columns: request_id!, startTime!, endTime, model, model_group, custom_llm_provider, spend
-- columns: prompt_tokens, completion_tokens, user, end_user, team_id, session_id, status, call_type
-- columns: cache_hit, request_tags

-- into: usage
-- The item is named by a tag of the request: item:jira:ABC-7.
select
  source_row, 'litellm:' || request_id as usage_id, startTime as occurred_at,
  coalesce(nullif(user, ''), end_user) as worker, team_id as team,
  custom_llm_provider as tool, model, call_type as operation, session_id as session,
  prompt_tokens as input_tokens, completion_tokens as output_tokens, spend as usd,
  date_diff('millisecond', try_cast(startTime as timestamptz), try_cast(endTime as timestamptz))
    ::varchar as latency_ms,
  coalesce(status, 'success') as status,
  substr(
    list_filter(
      try_cast(try_cast(request_tags as json) as varchar[]),
      lambda tag: starts_with(tag, $item_tag))[1],
    length($item_tag) + 1) as item_id,
  map {'call_type': call_type, 'model_group': model_group, 'cache_hit': cache_hit} as attrs
from source;
