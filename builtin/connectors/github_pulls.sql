-- connector: github_pulls
-- about: Pull requests of GitHub: cycle time, reviews, requested changes, and links to their commits
-- reads: json
-- seen: GitHub REST API, pull request and review objects; payloads of octokit/webhooks, 2026-08
-- export: gh api --paginate "repos/OWNER/REPO/pulls?state=all&per_page=100" --jq '.[].number' | while read -r n; do gh api "repos/OWNER/REPO/pulls/$n" | jq -c --argjson reviews "$(gh api "repos/OWNER/REPO/pulls/$n/reviews?per_page=100")" '. + {reviews: $reviews}'; done > pulls.jsonl
-- example: {"number": 12, "state": "closed", "created_at": "2026-07-01T09:00:00Z", "merged_at": "2026-07-02T10:00:00Z", "user": {"login": "ada", "type": "User"}, "base": {"repo": {"full_name": "org/repo"}}, "reviews": []}
-- gaps: titles and texts are not read; pull requests of bots are left out; 100 reviews each; no start of work
-- attrs: draft, base, repository
-- columns: number!, created_at!, updated_at, closed_at, merged_at, state, draft, user, base!, head
-- columns: merge_commit_sha, additions, deletions, reviews

-- into: item
with pull as (
  select *, 'github:' || (base ->> '$.repo.full_name') || '#' || number as id from source
  where coalesce(user ->> '$.type', 'User') <> 'Bot'
)
select
  source_row, id as item_id, 'code.pull_request' as use_case, (user ->> '$.login') as worker,
  coalesce(additions::double, 0e0) + coalesce(deletions::double, 0e0) as size,
  created_at as opened_at, coalesce(merged_at, closed_at) as closed_at, updated_at,
  case when merged_at is not null then 'merged' when state = 'closed' then 'abandoned' else 'open' end as state,
  map {'draft': draft, 'base': (base ->> '$.ref'), 'repository': (base ->> '$.repo.full_name')} as attrs
from pull;

-- into: measure
-- Where the export has no reviews, nothing is said of them.
with pull as (
  select
    source_row, 'github:' || (base ->> '$.repo.full_name') || '#' || number as id,
    coalesce(merged_at, closed_at) as ended,
    json_extract_string(reviews, '$[*].state') as states
  from source
  where coalesce(user ->> '$.type', 'User') <> 'Bot' and reviews is not null
)
select source_row, id as item_id, ended as occurred_at, name, value::varchar as value
from (
  select source_row, id, ended, 'reviews' as name, len(states) as value from pull
  union all
  select source_row, id, ended, 'changes_requested',
    len(list_filter(states, lambda s: s = 'CHANGES_REQUESTED'))
  from pull
);

-- into: link
-- A merge commit and the branch are other names of the pull request.
select source_row, other_id, item_id
from (
  select source_row, 'git:' || merge_commit_sha as other_id,
    'github:' || (base ->> '$.repo.full_name') || '#' || number as item_id
  from source
  where merged_at is not null and merge_commit_sha is not null
    and coalesce(user ->> '$.type', 'User') <> 'Bot'
  union all
  select source_row, 'branch:' || (base ->> '$.repo.full_name') || '@' || (head ->> '$.ref'),
    'github:' || (base ->> '$.repo.full_name') || '#' || number
  from source
  where (head ->> '$.ref') is not null and coalesce(user ->> '$.type', 'User') <> 'Bot'
);
