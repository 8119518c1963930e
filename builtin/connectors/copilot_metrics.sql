-- connector: copilot_metrics
-- about: Usage metrics of GitHub Copilot: totals per person, day and feature, never calls
-- reads: json
-- seen: docs.github.com; samples of github-copilot-resources/copilot-metrics-viewer, 2026-08
-- export: gh api "orgs/ORG/copilot/metrics/reports/users-28-day/latest" --jq '.download_links[]' | xargs -n1 curl -s > copilot.jsonl
-- example: {"day": "2026-07-01", "user_id": 31, "user_login": "ada", "totals_by_feature": [{"feature": "chat_panel_agent_mode", "user_initiated_interaction_count": 4}]}
-- gaps: daily totals belong to no item; tokens are known of the CLI only; adoption scores are not read
-- attrs: feature, interactions
-- columns: day!, user_id, user_login!, totals_by_feature, totals_by_cli, user_initiated_interaction_count

-- into: usage
-- The key names the person by pseudonym. The CLI's tokens stand in its own totals; where the
-- features list it too, they are added to that row.
with feature as (
  select
    source_row, day, user_login, totals_by_cli,
    unnest(
      case
        when totals_by_cli is not null
          and not list_contains(json_extract_string(totals_by_feature, '$[*].feature'), 'copilot_cli')
          then list_append(json_extract(totals_by_feature, '$[*]'), '{"feature": "copilot_cli"}')
        else json_extract(totals_by_feature, '$[*]')
      end) as total
  from source
)
select
  source_row,
  'copilot:' || day || ':' || pseudonym(lower(user_login)) || ':' || (total ->> '$.feature') as usage_id,
  day as occurred_at, 'day' as grain, user_login as worker, 'github-copilot' as tool,
  case when (total ->> '$.feature') = 'copilot_cli'
    then (totals_by_cli ->> '$.token_usage.prompt_tokens_sum') end as input_tokens,
  case when (total ->> '$.feature') = 'copilot_cli'
    then (totals_by_cli ->> '$.token_usage.output_tokens_sum') end as output_tokens,
  map {'feature': (total ->> '$.feature'),
       'interactions': (total ->> '$.user_initiated_interaction_count')} as attrs
from feature;
