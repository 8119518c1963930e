#!/usr/bin/env bats
# The connectors: each generic one beside recorded rows, in every format; drafts of new ones; checks.
# tests/golden/NAME.csv is what somebody exports, NAME.rows what the workspace then holds (dumped by
# `golden_rows NAME`, with the key of import_helpers.bash).

load import_helpers.bash

generic="assignments invoices items labour measures memberships people policies prices reviews seats steps usage"

# Every row of the tables that the connector fills, in an order of its own.
golden_rows() {
    local table
    for table in $(sed -n 's/^-- into: //p' "$SOURCE/builtin/connectors/$1.sql"); do
        echo "# $table"
        stored "select columns(*)::varchar from \"$table\" order by all"
    done
}

golden() {
    local name="$1" file
    cp "$SOURCE/tests/golden/$name.csv" "$name.csv"
    write_with "copy (from read_csv('$name.csv')) to '$name.json' (format json)"
    write_with "copy (from read_csv('$name.csv')) to '$name.parquet'"
    for file in "$name.csv" "$name.json" "$name.parquet"; do
        rm -rf w
        new_workspace w
        imports "$name" "$file"
        says "rejected 0"
        golden_rows "$name" > "$file.rows"
        diff "$SOURCE/tests/golden/$name.rows" "$file.rows" || { echo "$file"; false; }
        imports "$name" "$file"
        says "new 0 · changed 0"
        golden_rows "$name" > again
        diff "$SOURCE/tests/golden/$name.rows" again
        says_not example.org
        absent 'example\.org|dear customer' -r w
    done
}

@test "assignments in CSV, JSON lines and Parquet give the recorded rows" {
    golden assignments
}

@test "invoices in CSV, JSON lines and Parquet give the recorded rows" {
    golden invoices
}

@test "items in CSV, JSON lines and Parquet give the recorded rows" {
    golden items
}

@test "labour in CSV, JSON lines and Parquet gives the recorded rows" {
    golden labour
}

@test "measures in CSV, JSON lines and Parquet give the recorded rows" {
    golden measures
}

@test "memberships in CSV, JSON lines and Parquet give the recorded rows" {
    golden memberships
}

@test "people in CSV, JSON lines and Parquet give the recorded rows" {
    golden people
}

@test "policies in CSV, JSON lines and Parquet give the recorded rows" {
    golden policies
}

@test "prices in CSV, JSON lines and Parquet give the recorded rows" {
    golden prices
}

@test "reviews in CSV, JSON lines and Parquet give the recorded rows" {
    golden reviews
}

@test "seats in CSV, JSON lines and Parquet give the recorded rows" {
    golden seats
}

@test "steps in CSV, JSON lines and Parquet give the recorded rows" {
    golden steps
}

@test "usage in CSV, JSON lines and Parquet gives the recorded rows" {
    golden usage
}

@test "the example record of each generic connector is one that it reads" {
    for name in $generic; do
        assay connectors show "$name" | sed -n '/^example/,/^gaps/p' | sed '$d; s/^example//; s/^ *//' > "$name.csv"
        [ "$(wc -l < "$name.csv")" -eq 2 ] || { cat "$name.csv"; false; }
        imports "$name" "$name.csv"
        says "read 1 · accepted 1 · rejected 0 · new 1"
    done
}

@test "docs/connectors.md names every column of every generic connector" {
    for name in $generic; do
        sed -n "/^### .*\b$name\b/,/^##/p" "$SOURCE/docs/connectors.md" > section
        [ -s section ] || { echo "no section: $name"; false; }
        for column in $(sed -n 's/^-- columns: //p' "$SOURCE/builtin/connectors/$name.sql" | tr -d '!,'); do
            grep -q "\`$column\`" section || { echo "$name: $column"; false; }
        done
    done
}

# ---- What each table refuses -------------------------------------------------------------------

# rejects CONNECTOR HEADER then pairs of ROW REASON
rejects() {
    local name="$1" header="$2" row=1
    shift 2
    echo "$header" > bad.csv
    : > wanted
    while [ $# -gt 0 ]; do
        row=$((row + 1))
        echo "$1" >> bad.csv
        printf '%s\t%s\n' "$row" "$2" >> wanted
        shift 2
    done
    imports "$name" bad.csv
    says "accepted 0"
    stored "select row, column_name || ': ' || reason from rejected order by row" > got
    diff wanted got
}

@test "steps that are none are rejected with the column and why" {
    rejects steps item_id,occurred_at,step,by_ai ',2026-07-01,a,' 'item_id: empty' \
        'T,,a,' 'occurred_at: empty' 'T,soon,a,' 'occurred_at: not a time' 'T,2026-07-01,,' 'step: empty' \
        'T,2026-07-01,to ann@example.org,' 'step: a kind of step has 64 characters at most, and no @' \
        'T,2026-07-01,a,perhaps' 'by_ai: not yes or no'
}

@test "reviews that are none are rejected with the column and why" {
    rejects reviews audit,item_id,criterion,score,blinded,occurred_at ',T,a,1,,' 'audit: empty' \
        'x,,a,1,,' 'item_id: empty' 'x,T,a,,,' 'score: empty' 'x,T,a,good,,' 'score: not a number' \
        'x,T,A b,1,,' 'criterion: write small letters, digits and _' \
        'x,T,a,1,half,' 'blinded: not yes or no' 'x,T,a,1,,soon' 'occurred_at: not a time'
}

@test "policies that are none are rejected with the column and why" {
    rejects policies policy,announced_at,starts_at,kind,threshold,period ',,2026-07-01,quota,,' 'policy: empty' \
        'p,,,quota,,' 'starts_at: neither announced nor started' 'p,soon,,quota,,' 'announced_at: not a time' \
        'p,,2026-07-01,,,' 'kind: empty' \
        'p,,2026-07-01,wish,,' 'kind: not one of mandate, quota, leaderboard, review_criterion, training, tool_launch, other' \
        'p,,2026-07-01,quota,many,' 'threshold: not a number' \
        'p,,2026-07-01,quota,1,sprint' 'period: not one of day, week, month, quarter, year'
}

@test "prices, seats, invoices and labour that are none are rejected with the column and why" {
    rejects prices model,since,input,output ',,1,1' 'model: empty' 'm,,,' 'input: no price' 'm,soon,1,1' \
        'since: not a time' 'm,,free,1' 'input: not a number' 'm,,1,-1' 'output: negative'
    stored "delete from rejected"
    rejects seats tool,since,until,usd_per_month ',,,1' 'tool: empty' 't,2026-02-01,2026-01-01,1' \
        'until: not after since' 't,,,-1' 'usd_per_month: negative'
    stored "delete from rejected"
    rejects invoices tool,since,until,usd ',2026-01-01,,1' 'tool: empty' 't,,,1' 'since: empty' \
        't,2026-01-01,,' 'usd: empty' 't,2026-01-01,,ten' 'usd: not a number'
    stored "delete from rejected"
    rejects labour role,since,usd_per_hour 'a,,' 'usd_per_hour: empty' 'a,,-1' 'usd_per_hour: negative' \
        'a,soon,1' 'since: not a time'
}

@test "an option fills a column that the file does not have" {
    printf '%s\n' item_id,occurred_at T1,2026-07-01 > a.csv
    imports steps a.csv --set step=opened
    printf '%s\n' since,usd 2026-07-01,5 > b.csv
    imports invoices b.csv --set tool=copilot
    printf '%s\n' worker,since ann,2026-07-01 > c.csv
    imports seats c.csv --set tool=copilot
    printf '%s\n' item_id,score T1,0.5 > d.csv
    imports reviews d.csv --set audit=july
    [ "$(stored 'select (from (select step from step)), (from (select tool from invoice)),
        (from (select tool from seat)), (from (select audit || criterion from review))')" \
        = "$(printf 'opened\tcopilot\tcopilot\tjulyquality')" ]
}
