#!/usr/bin/env bats
# Connectors: their columns, what each table refuses, drafts of new ones, checks.

load import_helpers.bash

generic="assignments invoices items labour measures memberships people policies prices reviews seats steps usage"

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
    accepts_none "$name" bad.csv
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

# ---- Checking ----------------------------------------------------------------------------------

# own LINE...: a connector of one's own, w/connectors/own.sql; its block begins in line 8.
own() {
    printf '%s\n' '-- connector: own' '-- about: mine' '-- reads: csv' '-- from memory' \
        '-- options: source=own' '-- columns: item_id!, size' '' '-- into: item' "$@" > w/connectors/own.sql
}

@test "every built-in connector passes its check" {
    run assay connectors --check
    [ "$status" -eq 0 ]
    for name in $generic; do
        says "fine   $name"
    done
    says_not "wrong"
}

@test "the check needs no workspace" {
    run "$ASSAY" connectors --check
    [ "$status" -eq 0 ]
    says "fine   items"
}

# wrong PLACE TEXT: the check fails at that place of own.sql.
wrong() {
    run assay connectors --check own
    [ "$status" -eq 1 ]
    says "wrong  own"
    says "w/connectors/own.sql:$1: $2"
}

@test "a connector of one's own is checked with the built-in ones" {
    own 'select source_row, item_id, size from source;'
    run assay connectors --check
    [ "$status" -eq 0 ]
    says "fine   own"
    own 'selekt item_id from source;'
    run assay connectors --check
    [ "$status" -eq 1 ]
    says 'own.sql:9:1: the select into item: Parser Error: syntax error at or near "selekt"'
    says "fine   items"
    run assay connectors --check items
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 1 ]
    run assay connectors --check item
    [ "$status" -eq 2 ]
    says 'there is no connector "item"; did you mean items?'
}

# What stands between two selects is about the second; a semicolon in it ends nothing.
@test "comments may stand behind a select, with its semicolon before them" {
    cat > w/connectors/two.sql << 'S'
-- connector: two
-- about: Two tables
-- reads: csv
-- from memory
-- columns: id!, worth

-- into: item
select source_row, id as item_id, 'a.b' as use_case, 'done' as state
from source;

-- What it was worth; 0 where nobody knows.
  -- Once an item.

-- into: measure
select source_row, id as item_id, 'worth' as name, coalesce(worth, '0') as value
from source;
-- The end.
S
    run assay connectors --check two
    [ "$status" -eq 0 ] || { echo "$output"; false; }
    printf 'id,worth\nT1,3\n' > two.csv
    imports two two.csv
    says "measure     read 1 · accepted 1"
}

@test "the check names file, line and column of a fault" {
    own 'select' '  item_id,' '  sise' 'from source;'
    wrong 11:3 'the select into item: Binder Error'
    own '  select source_row, sise as item_id from source;'
    wrong 9:22 'the select into item: Binder Error'
    long="$(printf "'%040d' as x%d, " 1 1 2 2 3 3)"
    own 'select item_id from (select' "  $long sise as item_id, $long 1 as y from source);"
    wrong "10:$((${#long} + 4))" 'the select into item: Binder Error'
    own 'select source_row, item_id, size as sise from source;'
    wrong 9:37 'the select into item: gives a column "sise", which the table does not have; did you mean size?'
    own "select item_id from read_text('/etc/passwd');"
    wrong 9:21 "the select into item: "
    says_not root:
    echo 'select 1' > w/connectors/own.sql
    wrong 1:1 "a statement before"
    own 'select item_id from source;'
    sed -i 's/^-- into: item/-- into: items/' w/connectors/own.sql
    wrong 8:1 "into: a connector can't fill a table \"items\"; did you mean item"
    own ''
    wrong 8:1 "into: item has no select behind it"
    own 'select item_id from source;'
    sed -i 's/^-- reads: csv/-- reads: xlsx/' w/connectors/own.sql
    wrong 3:1 'reads: "xlsx" is none of csv, json, parquet'
    sed -i 's/^-- reads: .*/-- reads: csv/; s/^-- options: .*/-- options: source/' w/connectors/own.sql
    wrong 5:1 'options: "source" has no default'
    sed -i 's/^-- options: .*/-- options: source=a, kind=, source=b/' w/connectors/own.sql
    wrong 5:1 'options: source stands here twice; leave one'
}

@test "a column that the table does not have is refused at import as by the check" {
    printf '%s\n' item_id,worker,size T1,ann,5 T2,bob,7 > items.csv
    own 'select source_row, item_id, size as colsed_at from source;'
    for flag in "" --dry-run; do
        run assay import own items.csv $flag
        [ "$status" -eq 2 ] || { echo "$output"; false; }
        says 'w/connectors/own.sql:9:37: the select into item: gives a column "colsed_at", which the table does not have; did you mean closed_at?'
    done
    [ "$(stored "select count(*) from item")" = 0 ]
    own 'select source_row, item_id, size as colsed_at from source;'
    sed -i '/^-- columns/d' w/connectors/own.sql
    run assay import own items.csv
    says 'w/connectors/own.sql:8:37: the select into item: gives a column "colsed_at"'
    own 'select source_row, item_id, size as SIZE from source;'
    imports own items.csv
    says "accepted 2 · rejected 0"
}

@test "without a columns line the check looks at the syntax, and says so" {
    own 'select source_row, "Ticket ID" as item_id from source;'
    sed -i '/^-- columns/d' w/connectors/own.sql
    run assay connectors --check own
    [ "$status" -eq 0 ]
    says "only its syntax was checked"
    own 'select source_row,' '  selekt x y from source;'
    sed -i '/^-- columns/d' w/connectors/own.sql
    wrong 9:12 "the select into item: syntax error"
}

# ---- Drafting ----------------------------------------------------------------------------------

drafts() {
    run assay connectors new "$@"
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
    run assay connectors --check "$1"
    [ "$status" -eq 0 ] || { echo "$output"; cat "w/connectors/$1.sql"; false; }
}

@test "a draft maps the columns it knows, lists the rest, and can be imported with" {
    printf '%s\n' 'Ticket ID,Group,Assignee,Created,Solved,Status,CSAT,"Note, long",Requester' \
        '17,Zyxgroup,Zyxname,2026-07-01,2026-07-02,solved,0.5,zyxnote,Zyxname' > tickets.csv
    for format in csv json parquet; do
        case $format in
        csv) cp tickets.csv file ;;
        json) write_with "copy (from read_csv('tickets.csv')) to 'file' (format json)" ;;
        parquet) write_with "copy (from read_csv('tickets.csv')) to 'file' (format parquet)" ;;
        esac
        drafts "desk_$format" file
        draft="w/connectors/desk_$format.sql"
        grep -qx -- "-- reads: $format" "$draft"
        grep -qx -- '-- columns: Ticket ID!' "$draft"
        grep -q '"Assignee" as "worker"' "$draft"
        grep -q '"Solved" as "closed_at"' "$draft"
        grep -q "'satisfaction'" "$draft"
        grep -qx -- '--   "Group"' "$draft"
        grep -qx -- '--   "Requester"' "$draft"
        absent 'zyx|2026|17' "$draft"
        imports "desk_$format" file
        says "item        read 1 · accepted 1 · rejected 0 · new 1"
        says "measure     read 1 · accepted 1 · rejected 0 · new 1"
        nowhere Zyxname
    done
    [ "$(stat -c %a w/connectors/desk_csv.sql)" = 600 ]
}

@test "the table of a draft is the one that the columns fit, or the one that is named" {
    echo 'request_id,timestamp,user,model,prompt_tokens,completion_tokens,cost_usd' > calls.csv
    drafts calls calls.csv
    grep -qx -- '-- into: usage' w/connectors/calls.sql
    grep -q '"prompt_tokens" as "input_tokens"' w/connectors/calls.sql
    echo 'case,activity,timestamp,user' > log.csv
    drafts log log.csv --into step
    grep -qx -- '-- into: step' w/connectors/log.sql
    grep -q '"activity" as "step"' w/connectors/log.sql
    run assay connectors new other log.csv --into stepp
    [ "$status" -eq 2 ]
    says "did you mean step"
}

@test "a draft is made of the golden files of every table, and names its key" {
    for name in $generic; do
        table="$(sed -n 's/^-- into: //p' "$SOURCE/builtin/connectors/$name.sql" | head -1)"
        drafts "my_$name" "$SOURCE/tests/golden/$name.csv" --into "$table"
        imports "my_$name" "$SOURCE/tests/golden/$name.csv" --dry-run
    done
}

@test "names that break out of comments or lists do no harm" {
    printf '%s\n' "{\"Ticket ID\": 1, \"a\\\"b\": 1, \"x\\n-- into: usage\\nselect 1\": 1, \"c;d\": 1, \"e!\": 1,
        \"--\": 1, \"f, g\": 1, \"h'i\": 1}" | tr -d '\n' > odd.jsonl
    drafts odd odd.jsonl
    [ "$(grep -c '^-- into' w/connectors/odd.sql)" -eq 1 ]
    absent 'usage|select 1' w/connectors/odd.sql
    imports odd odd.jsonl
    says "read 1 · accepted 1"
    printf '"Ticket ID","a""b","c;d","e!","f, g","'"h'i"'"\n' > odd.csv
    drafts odd_csv odd.csv
    imports odd_csv odd.csv
    says "rows"
    printf '"Ticket ID","x\n-- into: usage\nselect 1"\n' > odd.csv
    run assay connectors new other odd.csv
    [ "$status" -eq 2 ]
}

@test "a file that fits no table is drafted as items" {
    printf '%s\n' foo,bar 1,2 > odd.csv
    run assay connectors new odd odd.csv
    [ "$status" -eq 0 ]
    grep -qx -- '-- into: item' w/connectors/odd.sql
}

@test "a draft without the column that each row needs says so, and its check and the import, too" {
    printf '%s\n' 'Vorgang,Status' 17,done > odd.csv
    run assay connectors new odd odd.csv
    [ "$status" -eq 0 ]
    says "Not found, and each row needs it: item_id."
    line="$(grep -n '^select' w/connectors/odd.sql | cut -d: -f1)"
    for verb in "connectors --check odd" "import odd odd.csv" "import odd odd.csv --dry-run"; do
        run assay $verb
        [ "$status" -ne 0 ]
        says "w/connectors/odd.sql:$line:1: the select into item: gives no column \"item_id\", which each of its rows needs"
        says_not fine
    done
    [ "$(stored "select count(*) from item")" = 0 ]
    echo 'Preis' > odd.csv
    run assay connectors new money odd.csv --into invoice
    says "each row needs it: tool, since, usd."
}

@test "no draft is made of a file without a header, and no value of it is shown" {
    printf 'T1,zyxname@qwvert.example,2026-07-01\nT2,bob,2026-07-02\n' > items.csv
    run assay connectors new helpdesk items.csv
    [ "$status" -eq 2 ]
    says "the first line looks like data"
    says_not zyxname
    [ ! -e w/connectors/helpdesk.sql ]
    printf '{"zyxname@qwvert.example": 1, "key": "T1"}\n' > keyed.jsonl
    drafts keyed keyed.jsonl
    nowhere zyxname
}

@test "a draft takes no name that is taken or is none" {
    echo item_id > items.csv
    drafts mine items.csv
    run assay connectors new mine items.csv
    [ "$status" -eq 2 ]
    says "w/connectors/mine.sql: there is a connector of that name"
    run assay connectors new items items.csv
    [ "$status" -eq 2 ]
    says "there is a built-in connector items"
    for name in ../up 'a b' A ''; do
        run assay connectors new "$name" items.csv
        [ "$status" -eq 2 ]
        says "small letters"
    done
    run "$ASSAY" connectors new mine items.csv
    [ "$status" -eq 2 ]
    says "assay init"
}

@test "two blocks of one table keep their rejected rows apart" {
    own 'select source_row, item_id from source;' '-- into: measure' \
        "select source_row, item_id, 'errors' as name, size as value from source;" '-- into: measure' \
        "select source_row, item_id, 'quality' as name, size as value from source;"
    printf '%s\n' item_id,size T1,x > items.csv
    imports own items.csv
    [ "$(stored "select string_agg(connector, ' ' order by connector) from rejected")" = "own:measure own:measure:2" ]
}
