#!/usr/bin/env bats
# The connectors of real sources, from example records as the sources document them. Texts that
# nobody should keep are planted in these.

load import_helpers.bash

setup() {
    folder=$(mktemp -d)
    cd "$folder"
    "$ASSAY" init w --timezone UTC >/dev/null
    cd w
    cp -r "$SOURCE/tests/cli/sources" ..
}

teardown() {
    rm -rf "$folder"
}

import_source() {
    local name=$1
    shift
    "$ASSAY" import "$name" "../sources/$name.jsonl" "$@" >/dev/null 2>&1
    if LC_ALL=C grep -aq planted assay.duckdb*; then
        echo "a text that nobody should keep is in the workspace"
        return 1
    fi
}

rows() { # SQL, then the rows that it should give; | between cells
    local sql=$1
    shift
    "$RUN_SQL" assay.duckdb "$sql" | tr '\t' '|' >../got
    printf '%s\n' "$@" >../wanted
    diff ../wanted ../got
}

@test "GitHub's pull requests: times, reviews, links; bots are left out" {
    import_source github_pulls
    rows "select item_id, use_case, size, opened_at, closed_at, state, attrs['draft']
          from item order by item_id" \
        'github:org/repo#12|code.pull_request|42.0|2026-07-01 09:00:00|2026-07-02 10:00:00|done|false' \
        'github:org/repo#13|code.pull_request|1.0|2026-07-03 09:00:00|2026-07-04 10:00:00|abandoned|false' \
        'github:org/repo#14|code.pull_request|10.0|2026-07-05 09:00:00||open|true' \
        'github:org/repo#16|code.pull_request|42.0|2026-07-06 09:00:00|2026-07-07 09:00:00|done|false' \
        'github:org/repo#17|code.pull_request|42.0|2026-07-06 09:00:00|2026-07-07 09:00:00|done|false'
    rows "select item_id, ai_declared, worker = (select worker from item where item_id like '%#12')
          from item where ai_declared is not null" 'github:org/repo#17|copilot|true' # whom it was given to
    rows "select count(distinct worker) from item" 2 # Ada and ada are one
    rows "select item_id, name, value from measure order by all" \
        'github:org/repo#12|changes_requested|1.0' 'github:org/repo#12|reviews|2.0' \
        'github:org/repo#13|changes_requested|0.0' 'github:org/repo#13|reviews|0.0' \
        'github:org/repo#16|changes_requested|1.0' 'github:org/repo#16|reviews|1.0' \
        'github:org/repo#17|changes_requested|0.0' 'github:org/repo#17|reviews|0.0'
    rows "select other_id, item_id from link order by all" \
        'branch:bob/repo@fix-login|github:org/repo#16' 'branch:org/repo@copilot/fix|github:org/repo#17' \
        'branch:org/repo@fix-login|github:org/repo#12' 'branch:org/repo@try|github:org/repo#13' \
        'branch:org/repo@wip|github:org/repo#14' \
        'git:aaaabbbbccccddddeeeeffff0000111122223333|github:org/repo#12' \
        'git:cccc|github:org/repo#16' 'git:dddd|github:org/repo#17'
}

@test "Jira's issues: the first move is the start, a move out of done a reopening" {
    import_source jira_issues
    rows "select item_id, opened_at, started_at, closed_at, state, worker is null, attrs['type']
          from item order by item_id" \
        'jira:ABC-7|2026-07-01 08:15:00|2026-07-01 09:00:00|2026-07-03 10:00:00|done|false|Bug' \
        'jira:ABC-8|2026-07-01 08:15:00||2026-07-01 10:15:00|abandoned|true|Task' \
        'jira:ABC-9|2026-07-01 08:15:00|||open|false|Task'
    rows "select item_id, name, value from measure order by all" \
        'jira:ABC-7|labour_minutes|90.0' 'jira:ABC-7|reopened|1.0' 'jira:ABC-8|reopened|0.0'
}

@test "Zendesk's tickets: only good and bad are satisfaction" {
    import_source zendesk_tickets
    rows "select item_id, started_at, closed_at, state from item order by item_id" \
        'zendesk:7|2026-07-01 10:00:00|2026-07-02 09:00:00|done' 'zendesk:8|||open' \
        'zendesk:9|||abandoned'
    rows "select item_id, name, value from measure order by all" \
        'zendesk:7|reopened|1.0' 'zendesk:7|replies|4.0' 'zendesk:7|satisfaction|1.0' \
        'zendesk:8|reopened|0.0' 'zendesk:8|replies|0.0' 'zendesk:9|satisfaction|0.0'
}

@test "LiteLLM's spend: dollars of the call, the item from its tag" {
    import_source litellm_spend
    rows "select usage_id, occurred_at, item_id, tool, input_tokens, output_tokens, usd, latency_ms,
          status from usage order by usage_id" \
        'litellm:r1|2026-07-01 09:00:00|jira:ABC-7|openai|900.0|100.0|0.0125|1500.0|ok' \
        'litellm:r2|2026-07-01 09:01:00||openai|0.0|0.0|0.0|100.0|error'
    rows "select count(distinct worker) from usage" 2
}

@test "Claude Code's sessions: parts are one call, copies by side agents none" {
    import_source claude_code_sessions --set worker=ada --set repository=org/repo
    rows "select usage_id, occurred_at, session, item_id, input_tokens, output_tokens,
          cache_read_tokens, cache_write_tokens, usd, attrs['sidechain'] from usage order by usage_id" \
        'claude:m1|2026-07-01 09:00:02|s1|branch:org/repo@fix-login|10.0|20.0|500.0|70.0||false' \
        'claude:m2|2026-07-01 09:00:04|s1|branch:org/repo@fix-login|3.0|5.0||||true' \
        'claude:m4|2026-07-01 09:00:06|s2||4.0|6.0||||false'
}

@test "Copilot's metrics: totals of a day by feature, keys without a name" {
    import_source copilot_metrics
    rows "select grain, attrs['feature'], attrs['interactions'], input_tokens, output_tokens,
          item_id from usage order by worker, attrs['feature']" \
        'day|copilot_cli|2|7.0|8.0|' 'day|chat_panel_agent_mode|4|||' 'day|code_completion|0|||' \
        'day|copilot_cli||1000.0|80.0|' ||
        rows "select grain, attrs['feature'], attrs['interactions'], input_tokens, output_tokens,
          item_id from usage order by worker, attrs['feature']" \
        'day|chat_panel_agent_mode|4|||' 'day|code_completion|0|||' \
        'day|copilot_cli||1000.0|80.0|' 'day|copilot_cli|2|7.0|8.0|'
    rows "select count(*) from usage where usage_id ilike '%ada%' or usage_id ilike '%bob%'" 0
}

@test "a session's calls find their pull request by its branch, and compare uses them" {
    import_source claude_code_sessions --set worker=ada --set repository=org/repo
    "$ASSAY" status >../before
    grep -q "name one that is not here: 2" ../before
    import_source github_pulls
    "$ASSAY" status >../after
    grep -q "Calls name an item: 2 " ../after
    rows "select item_id, calls from facts where calls > 0" 'github:org/repo#12|2.0'
}

@test "what became of a merge is its pull request's, whichever is imported first" {
    git init -q -b main ../repo
    cd ../repo
    say() { git add -A && git -c user.name=n -c user.email=n@example.org commit -q -m "$1"; }
    export GIT_COMMITTER_DATE='2026-07-01T09:00:00Z'
    echo a > f && say one
    git checkout -q -b side
    echo b >> f && say 'a line'
    git checkout -q main
    git -c user.name=n -c user.email=n@example.org merge -q --no-ff \
        -m 'Merge pull request #12 from org/fix-login' side
    merge=$(git rev-parse HEAD)
    GIT_COMMITTER_DATE='2026-07-03T09:00:00Z'
    echo a > f && say 'fix the line'
    echo c > g && say 'A squash (#16)' # the export has another sha of it
    cd ../w
    sed -i "s/aaaabbbbccccddddeeeeffff0000111122223333/$merge/" ../sources/github_pulls.jsonl
    cp -r . ../v
    "$ASSAY" import git ../repo >/dev/null
    rows "select count(*), count(*) filter (where item_id = 'git:$merge') from item" '3|0'
    "$ASSAY" status >/dev/null # measures of no item change nothing
    rows "select count(*), sum(m_reworked) from facts" '3|0.0'
    import_source github_pulls
    "$ASSAY" status >/dev/null
    rows "select m_reworked, m_reverted from facts where item_id = 'github:org/repo#12'" '1.0|0.0'
    rows "select m_reworked from facts where item_id = 'github:org/repo#16'" 0.0
    rows "select count(*) from facts where m_reworked is not null" 4
    cd ../v
    import_source github_pulls
    "$ASSAY" import git ../repo >/dev/null
    "$ASSAY" status >/dev/null
    rows "select m_reworked, m_reverted from facts where item_id = 'github:org/repo#12'" '1.0|0.0'
}
