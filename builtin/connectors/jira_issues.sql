-- connector: jira_issues
-- about: Issues of Jira with their changelog: cycle time, reopening, logged time
-- from memory
-- reads: json
-- export: curl -su MAIL:TOKEN "https://SITE.atlassian.net/rest/api/3/search/jql?jql=project=KEY&fields=*navigable&expand=changelog" | jq -c '.issues[]' > issues.jsonl   (one page; follow nextPageToken)
-- example: {"key": "ABC-7", "fields": {"created": "2026-07-01T10:15:00.000+0200", "status": {"name": "Done"}, "assignee": {"accountId": "5b10"}}, "changelog": {"histories": []}}
-- gaps: summaries and comments are not read; the start is the first move to another status
-- options: done=done|closed|resolved, abandoned=won't do|duplicate|cannot reproduce|declined
-- attrs: type, priority, status, project
-- columns: key!, fields!, changelog

-- into: item
with moved as (
  select
    source_row, key, fields,
    list_sort(list_transform(
      list_filter(
        coalesce(json_extract(changelog, '$.histories[*]'), []),
        lambda h: list_contains(json_extract_string(h, '$.items[*].field'), 'status')),
      lambda h: (h ->> '$.created'))) as moves
  from source
)
select
  source_row, 'jira:' || key as item_id, 'work.issue' as use_case,
  (fields ->> '$.assignee.accountId') as worker, (fields ->> '$.created') as opened_at,
  moves[1] as started_at, (fields ->> '$.resolutiondate') as closed_at,
  (fields ->> '$.updated') as updated_at,
  case
    when (fields ->> '$.resolutiondate') is null then 'open'
    when list_contains(string_split($abandoned, '|'), lower(fields ->> '$.resolution.name'))
      then 'abandoned'
    else 'done'
  end as state,
  map {
    'type': (fields ->> '$.issuetype.name'), 'priority': (fields ->> '$.priority.name'),
    'status': (fields ->> '$.status.name'), 'project': string_split(key, '-')[1]
  } as attrs
from moved;

-- into: measure
select source_row, item_id, occurred_at, name, value
from (
  select
    source_row, 'jira:' || key as item_id, (fields ->> '$.resolutiondate') as occurred_at,
    'labour_minutes' as name, ((fields ->> '$.timespent')::double / 60)::varchar as value
  from source
  where (fields ->> '$.timespent') is not null
  union all
  -- A move out of a done status is a reopening.
  select
    source_row, 'jira:' || key, (fields ->> '$.resolutiondate'), 'reopened',
    case
      when len(list_filter(
        coalesce(json_extract(changelog, '$.histories[*].items[*]'), []),
        lambda i: (i ->> '$.field') = 'status'
          and list_contains(string_split($done, '|'), lower(i ->> '$.fromString')))) > 0
        then '1'
      else '0'
    end
  from source
  where changelog is not null
);
