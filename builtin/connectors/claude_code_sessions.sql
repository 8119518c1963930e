-- connector: claude_code_sessions
-- about: Session files of Claude Code: one call per answer of a model, with its tokens
-- reads: json
-- seen: source of ccusage/ccusage, 2026-08 (an internal format; it changes between versions)
-- export: cat ~/.claude/projects/*/*.jsonl > sessions.jsonl   (then: assay import claude_code_sessions sessions.jsonl --set worker=YOUR_LOGIN --set repository=ORG/REPO)
-- example: {"type": "assistant", "timestamp": "2026-07-01T09:00:00Z", "sessionId": "s1", "requestId": "q1", "gitBranch": "fix-login", "message": {"id": "m1", "model": "claude", "usage": {"input_tokens": 10, "output_tokens": 20}}}
-- gaps: prompts, answers and paths are not read; no cost in dollars; output_tokens is a placeholder in some versions
-- options: worker=, repository=
-- attrs: sidechain
-- columns: timestamp!, type, sessionId, requestId, isSidechain, gitBranch, message

-- into: usage
-- Lines repeat per streamed part: the last of a message and request stands. A copy that a side
-- agent makes of its parent's message has the same message and another request, and is no call.
with answer as (
  select
    source_row, timestamp, sessionId, requestId, gitBranch, coalesce(isSidechain, 'false') as side,
    (message ->> '$.id') as message_id, (message ->> '$.model') as model, (message -> '$.usage') as usage
  from source
  where type = 'assistant' and (message ->> '$.usage') is not null
    and (message ->> '$.model') is distinct from '<synthetic>'
),
whole as (
  select *
  from answer
  qualify row_number() over (
    partition by coalesce(message_id, timestamp || sessionId)
    order by side, requestId, (usage ->> '$.output_tokens')::double desc, timestamp desc) = 1
)
select
  source_row, 'claude:' || coalesce(message_id, sessionId || timestamp) as usage_id,
  timestamp as occurred_at, nullif($worker, '') as worker, 'claude-code' as tool, model,
  'chat' as operation, sessionId as session,
  case
    when $repository <> '' and gitBranch not in ('', 'HEAD', 'main', 'master')
      then 'branch:' || $repository || '@' || gitBranch
  end as item_id,
  (usage ->> '$.input_tokens') as input_tokens, (usage ->> '$.output_tokens') as output_tokens,
  (usage ->> '$.cache_read_input_tokens') as cache_read_tokens,
  (usage ->> '$.cache_creation_input_tokens') as cache_write_tokens,
  map {'sidechain': side} as attrs
from whole;
