-- connector: usage
-- about: Calls of AI tools, one per row, or totals of calls (grain day or bucket)
-- reads: csv, json, parquet
-- seen: docs/connectors.md of this project
-- example: usage_id,occurred_at,worker,tool,model,item_id,input_tokens,output_tokens,usd,status
-- example: call-1,2026-07-01 09:40:00,ann@example.org,copilot,model-a,T-1,1200,300,0.0081,ok
-- gaps: of a column `prompt` only the length is kept
-- options: source=usage, item_source=items, dates=iso, decimal=point
-- attrs: *
-- columns: usage_id!, occurred_at!, grain, worker, team, tool, model, operation, item_id, session
-- columns: input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, usd, latency_ms
-- columns: prompt_chars, prompt, status

-- into: usage
select
  source_row, usage_id, occurred_at, grain, worker, team, tool, model, operation, item_id, session,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, usd, latency_ms,
  prompt_chars, prompt, status, attrs
from source;
