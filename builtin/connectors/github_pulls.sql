-- connector: github_pulls
-- about: Pull requests of GitHub: cycle time, reviews, requested changes, and links to their commits
-- reads: json
-- seen: GitHub REST API, pull request and review objects; payloads of octokit/webhooks, 2026-08
-- export: gh api --paginate "repos/OWNER/REPO/pulls?state=all&per_page=100" --jq '.[].number' | while read -r n; do gh api "repos/OWNER/REPO/pulls/$n" | jq -c --argjson reviews "$(gh api "repos/OWNER/REPO/pulls/$n/reviews?per_page=100")" '. + {reviews: $reviews}'; done > pulls.jsonl
-- example: {"number": 12, "state": "closed", "created_at": "2026-07-01T09:00:00Z", "merged_at": "2026-07-02T10:00:00Z", "user": {"login": "ada", "type": "User"}, "base": {"repo": {"full_name": "org/repo"}}, "reviews": []}
-- gaps: titles and texts are not read; pull requests of bots that are no AI are left out; 100 reviews each; no start of work; a request for changes that was dismissed is not counted, since an approval may be dismissed too; branches of deleted forks have no link
-- attrs: draft, base, repository
-- columns: number!, created_at!, updated_at, closed_at, merged_at, state, draft, user, base!, head
-- columns: merge_commit_sha, additions, deletions, reviews, assignees

-- into: item
-- An agent's pull request is AI's by its author, and somebody's only where one person is assigned.
with agent (login, tool) as (
  values ('copilot', 'copilot'), ('copilot-swe-agent[bot]', 'copilot'),
    ('devin-ai-integration[bot]', 'devin'), ('claude[bot]', 'claude-code'),
    ('cursor[bot]', 'cursor'), ('chatgpt-codex-connector[bot]', 'codex'),
    ('google-labs-jules[bot]', 'jules')
),
pull as (
  select
    source.*, 'github:' || (base ->> '$.repo.full_name') || '#' || number as id, tool,
    coalesce(user ->> '$.type', 'User') = 'Bot' as by_bot
  from source
  left join agent on agent.login = lower(user ->> '$.login')
)
select
  source_row, id as item_id, 'code.pull_request' as use_case,
  case
    when tool is null then (user ->> '$.login')
    when json_array_length(assignees) = 1 then (assignees ->> '$[0].login')
  end as worker,
  tool as ai_declared,
  coalesce(additions::double, 0e0) + coalesce(deletions::double, 0e0) as size,
  created_at as opened_at, coalesce(merged_at, closed_at) as closed_at, updated_at,
  case when merged_at is not null then 'merged' when state = 'closed' then 'abandoned' else 'open' end as state,
  map {'draft': draft, 'base': (base ->> '$.ref'), 'repository': (base ->> '$.repo.full_name')} as attrs
from pull
where not by_bot or tool is not null;

-- into: measure
-- Where the export has no reviews, nothing is said of them. Answers of the author are none.
with pull as (
  select
    source_row, 'github:' || (base ->> '$.repo.full_name') || '#' || number as id,
    coalesce(merged_at, closed_at, updated_at) as seen_at,
    list_filter(reviews::json[],
      lambda r: (r ->> '$.user.login') is null
        or (r ->> '$.user.login') is distinct from (user ->> '$.login')) as given
  from source
  where reviews is not null
    and (coalesce(user ->> '$.type', 'User') <> 'Bot' or regexp_matches(user ->> '$.login', '^(copilot|copilot-swe-agent|devin-ai-integration|claude|cursor|chatgpt-codex-connector|google-labs-jules)(\[bot\])?$', 'i'))
)
select source_row, id as item_id, seen_at as occurred_at, name, value::varchar as value
from (
  select source_row, id, seen_at, 'reviews' as name, len(given) as value from pull
  union all
  select source_row, id, seen_at, 'changes_requested',
    len(list_filter(given, lambda r: (r ->> '$.state') = 'CHANGES_REQUESTED'))
  from pull
);

-- into: link
-- A merge commit and the branch, in the repository that it is in, are other names of the pull request.
-- A branch's name that was used again is the newest one's.
select source_row, other_id, item_id
from (
  select source_row, 0 as place, 'git:' || merge_commit_sha as other_id,
    'github:' || (base ->> '$.repo.full_name') || '#' || number as item_id
  from source
  where merged_at is not null and merge_commit_sha is not null
    and (coalesce(user ->> '$.type', 'User') <> 'Bot' or regexp_matches(user ->> '$.login', '^(copilot|copilot-swe-agent|devin-ai-integration|claude|cursor|chatgpt-codex-connector|google-labs-jules)(\[bot\])?$', 'i'))
  union all
  select source_row, number::bigint, 'branch:' || (head ->> '$.repo.full_name') || '@' || (head ->> '$.ref'),
    'github:' || (base ->> '$.repo.full_name') || '#' || number
  from source
  where (head ->> '$.ref') is not null
    and (coalesce(user ->> '$.type', 'User') <> 'Bot' or regexp_matches(user ->> '$.login', '^(copilot|copilot-swe-agent|devin-ai-integration|claude|cursor|chatgpt-codex-connector|google-labs-jules)(\[bot\])?$', 'i'))
)
where other_id is not null
order by place;
