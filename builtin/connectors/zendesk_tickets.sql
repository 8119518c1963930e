-- connector: zendesk_tickets
-- about: Tickets of Zendesk with their metrics and satisfaction
-- from memory
-- reads: json
-- export: curl -su MAIL/token:TOKEN "https://SITE.zendesk.com/api/v2/incremental/tickets/cursor.json?start_time=0&include=metric_sets" | jq -c '(.metric_sets | map({(.ticket_id | tostring): .}) | add) as $m | .tickets[] | . + {metric_set: $m[.id | tostring]}' > tickets.jsonl   (one page; follow after_url)
-- example: {"id": 7, "created_at": "2026-07-01T09:00:00Z", "updated_at": "2026-07-02T09:00:00Z", "status": "solved", "assignee_id": 31, "metric_set": {"solved_at": "2026-07-02T09:00:00Z", "reopens": 0}}
-- gaps: subjects and comments are not read; deleted tickets are abandoned; the start is the first assignment
-- attrs: group, priority, type, channel
-- columns: id!, created_at!, updated_at, status, priority, type, assignee_id, group_id, via
-- columns: satisfaction_rating, metric_set

-- into: item
select
  source_row, 'zendesk:' || id as item_id, 'support.ticket' as use_case, assignee_id as worker,
  created_at as opened_at, (metric_set ->> '$.initially_assigned_at') as started_at,
  case when status in ('solved', 'closed') then coalesce(metric_set ->> '$.solved_at', updated_at) end
    as closed_at,
  updated_at, case when status = 'deleted' then 'abandoned' else status end as state,
  map {'group': group_id, 'priority': priority, 'type': type, 'channel': (via ->> '$.channel')} as attrs
from source;

-- into: measure
select source_row, item_id, occurred_at, name, value
from (
  select source_row, 'zendesk:' || id as item_id, (metric_set ->> '$.solved_at') as occurred_at,
    'reopened' as name,
    case when (metric_set ->> '$.reopens')::double > 0 then '1' else '0' end as value
  from source
  where (metric_set ->> '$.reopens') is not null
  union all
  select source_row, 'zendesk:' || id, (metric_set ->> '$.solved_at'), 'replies',
    (metric_set ->> '$.replies')
  from source
  where (metric_set ->> '$.replies') is not null
  union all
  -- offered and unoffered are no answer
  select source_row, 'zendesk:' || id, updated_at, 'satisfaction',
    case (satisfaction_rating ->> '$.score') when 'good' then '1' else '0' end
  from source
  where (satisfaction_rating ->> '$.score') in ('good', 'bad')
);
