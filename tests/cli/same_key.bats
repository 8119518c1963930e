#!/usr/bin/env bats
# The same key again: what a later import does to rows that are there. One test per rule of
# docs/connectors.md, "Importing again".

load import_helpers.bash

# file NAME LINE...: writes a file.
file() {
    local name="$1"
    shift
    printf '%s\n' "$@" > "$name"
}

# holds SQL LINE...: what the workspace holds, cells separated by spaces.
holds() {
    local sql="$1"
    shift
    stored "$sql" | tr '\t' ' ' > got
    printf '%s\n' "$@" > wanted
    diff wanted got
}

# Imports two files in this order, then in the other one; each time the rows must be these.
in_any_order() {
    local connector="$1" sql="$2"
    shift 2
    for order in "a.csv b.csv" "b.csv a.csv" "a.csv b.csv a.csv" "b.csv a.csv b.csv b.csv"; do
        rm -rf w
        new_workspace w
        for name in $order; do
            imports "$connector" "$name"
            says "rejected 0"
        done
        holds "$sql" "$@" || { echo "order: $order"; false; }
    done
}

# ---- item ----------------------------------------------------------------------------------

@test "item: the later updated_at wins field by field, in whatever order the exports come" {
    file a.csv item_id,team,size,opened_at,state,updated_at T1,North,1,2026-07-01,open,2026-07-02
    file b.csv item_id,team,size,opened_at,state,updated_at T1,South,2,2026-07-01,done,2026-07-03
    in_any_order items "select team, size, state, updated_at from item" \
        "South 2.0 done 2026-07-03 00:00:00"
}

@test "item: a field that the winner leaves empty keeps what was there" {
    file a.csv item_id,team,size,updated_at T1,North,5,2026-07-02
    file b.csv item_id,team,size,updated_at T1,,2,2026-07-03
    in_any_order items "select team, size from item" "North 2.0"
}

@test "item: without updated_at the later import wins, and empty fields keep what was there" {
    file a.csv item_id,team,size T1,North,1
    file b.csv item_id,team,size T1,South,
    imports items a.csv
    imports items b.csv
    says "new 0 · changed 1"
    holds "select team, size from item" "South 1.0"
    imports items a.csv
    holds "select team, size from item" "North 1.0"
}

@test "item: the earliest first_closed_at stays, whatever wins" {
    file a.csv item_id,closed_at,updated_at T1,2026-07-05,2026-07-05
    file b.csv item_id,closed_at,updated_at T1,2026-07-09,2026-07-09
    in_any_order items "select first_closed_at, closed_at from item" \
        "2026-07-05 00:00:00 2026-07-09 00:00:00"
}

@test "item: the earliest first_closed_at stays inside one file, too" {
    file a.csv item_id,closed_at,updated_at T1,2026-07-05,2026-07-05 T1,2026-07-09,2026-07-09
    imports items a.csv
    holds "select first_closed_at, closed_at from item" "2026-07-05 00:00:00 2026-07-09 00:00:00"
}

@test "item: one that was opened again is open, with its first close" {
    file a.csv item_id,closed_at,state,updated_at T1,2026-07-05,solved,2026-07-05
    file b.csv item_id,closed_at,state,updated_at T1,,open,2026-07-06
    in_any_order items "select state, first_closed_at, closed_at is null from item" \
        "open 2026-07-05 00:00:00 true"
}

@test "item: attributes are replaced as a whole, and kept where the winner has none" {
    file a.csv item_id,attr.group,attr.kind,updated_at T1,Billing,x,2026-07-02
    file b.csv item_id,attr.group,updated_at T1,Returns,2026-07-03
    in_any_order items "select attrs::varchar from item" "{group=Returns}"
}

@test "item: inside one file the later updated_at wins, else the later row" {
    file a.csv item_id,size,updated_at T1,3,2026-07-03 T1,2,2026-07-02 T2,1, T2,2,
    imports items a.csv
    holds "select item_id, size from item order by 1" "items:T1 3.0" "items:T2 2.0"
}

@test "item: exports that overlap give what one export of everything gives" {
    awk 'BEGIN { srand(3); print "item_id,team,size,opened_at,updated_at"
        for (i = 0; i < 4000; i++)
            printf "T%d,team%d,%d,2026-07-01,2026-07-%02d %02d:%02d:%02d\n", rand() * 900, rand() * 9,
                rand() * 100, 1 + i / 200, i / 60 % 24, i % 60, i / 7 % 60 }' > all.csv
    imports items all.csv
    stored "from item order by item_id" > wanted
    rm -rf w
    new_workspace w
    # Windows of 1,500 records, a thousand apart, latest first.
    for start in 3002 2002 1002 2; do
        { head -1 all.csv; tail -n "+$start" all.csv | head -1500; } > "part.csv"
        imports items part.csv
    done
    stored "from item order by item_id" > got
    diff wanted got
}

@test "item: where a field that was there would close it before it was opened, the winner's times stand alone" {
    times="select opened_at, coalesce(started_at::varchar, '-'), coalesce(first_closed_at::varchar, '-'),
        coalesce(closed_at::varchar, '-'), state, team from item"
    file a.csv item_id,team,opened_at,closed_at T1,North,2026-01-01,2026-01-02
    file b.csv item_id,team,opened_at,closed_at T1,,2026-03-01,
    imports items a.csv
    imports items b.csv
    says "new 0 · changed 1"
    says "closed before opened or started, together with what an earlier row or import gave: 1 (items:T1)."
    holds "$times" "2026-03-01 00:00:00 - - - open North"
    imports items a.csv
    holds "$times" "2026-01-01 00:00:00 - 2026-01-02 00:00:00 2026-01-02 00:00:00 done North"
    says_not "closed before"
    # By updated_at it is the later one, in whatever order they come.
    file a.csv item_id,team,opened_at,started_at,closed_at,updated_at \
        T1,North,2026-01-01,2026-01-01,2026-01-02,2026-01-05
    file b.csv item_id,team,opened_at,started_at,closed_at,updated_at T1,,,2026-03-01,,2026-03-02
    for order in "a.csv b.csv" "b.csv a.csv"; do
        rm -rf w
        new_workspace w
        for name in $order; do imports items "$name"; done
        says "gave: 1 (items:T1)."
        holds "select started_at, opened_at is null, closed_at is null, first_closed_at is null, state, team from item" \
            "2026-03-01 00:00:00 true true true open North"
    done
    # The same in one file.
    rm -rf w
    new_workspace w
    file c.csv item_id,team,opened_at,closed_at T1,North,2026-01-01,2026-01-02 T1,,2026-03-01,
    imports items c.csv
    says "gave: 1 (items:T1)."
    holds "$times" "2026-03-01 00:00:00 - - - open North"
}

@test "item: an earlier first close does not stay behind a later opening" {
    times="select opened_at, first_closed_at, closed_at, state from item"
    file a.csv item_id,opened_at,closed_at T1,02/01/2026,04/01/2026
    run assay import items a.csv --set dates=dmy
    holds "$times" "2026-01-02 00:00:00 2026-01-04 00:00:00 2026-01-04 00:00:00 done"
    run assay import items a.csv --set dates=mdy
    holds "$times" "2026-02-01 00:00:00 2026-04-01 00:00:00 2026-04-01 00:00:00 done"
}

# ---- usage and steps -----------------------------------------------------------------------

@test "usage: the first one stays, between imports and inside one" {
    file a.csv usage_id,occurred_at,input_tokens u1,2026-07-01,1 u1,2026-07-01,2
    file b.csv usage_id,occurred_at,input_tokens u1,2026-07-01,3 u2,2026-07-02,4
    imports usage a.csv
    says "new 1 · changed 0"
    imports usage b.csv
    says "new 1 · changed 0"
    holds "select usage_id, input_tokens from usage order by 1" "usage:u1 1.0" "usage:u2 4.0"
}

@test "usage: the same id at another time is the same call" {
    file a.csv usage_id,occurred_at,input_tokens u1,2026-07-01,1
    file b.csv usage_id,occurred_at,input_tokens u1,2026-08-01,3
    imports usage a.csv
    imports usage b.csv
    says "new 0 · changed 0"
    holds "select count(*), sum(input_tokens) from usage" "1 1.0"
}

@test "usage: exports that overlap, in any order, count each call once" {
    file a.csv usage_id,occurred_at,worker,usd u1,2026-07-01,ann,1 u2,2026-07-02,bob,2 u3,2026-07-03,ann,4
    file b.csv usage_id,occurred_at,worker,usd u3,2026-07-03,ann,4 u4,2026-07-04,bob,8 u2,2026-07-02,bob,2
    in_any_order usage "select count(*), sum(usd) from usage" "4 15.0"
}

@test "step: equal steps of one file are kept, and a later import of them adds none" {
    file a.csv item_id,occurred_at,step,worker T1,2026-07-01,seen,ann T1,2026-07-01,seen,ann T1,2026-07-01,seen,bob
    file b.csv item_id,occurred_at,step,worker T1,2026-07-01,seen,ann T1,2026-07-02,seen,ann
    imports steps a.csv
    says "new 3"
    imports steps a.csv
    says "new 0 · changed 0"
    imports steps b.csv
    says "new 1 · changed 0"
    holds "select count(*), count(distinct worker), count(distinct occurred_at) from step" "4 2 2"
}

@test "step: the first one stays" {
    file a.csv item_id,occurred_at,step,by_ai T1,2026-07-01,drafted,no
    file b.csv item_id,occurred_at,step,by_ai T1,2026-07-01,drafted,yes
    imports steps a.csv
    imports steps b.csv
    holds "select by_ai from step" false
}

@test "usage: a call whose item is not here takes the name of a later import whose item is" {
    file items.csv item_id T1 T2 T3
    imports items items.csv --set source=desk
    file a.csv usage_id,occurred_at,item_id c1,2026-07-01,T1 c2,2026-07-01,T2 c3,2026-07-01,T9 c4,2026-07-01,desk:T3
    imports usage a.csv
    says "calls that name items which are not here: 3. Import them again with --set item_source=desk, under which 2 of them name one"
    file b.csv usage_id,occurred_at,item_id,usd c1,2026-07-02,T1,5 c2,2026-07-01,T2,5 c3,2026-07-01,T9,5 c4,2026-07-01,T1,5
    imports usage b.csv --set item_source=desk
    says "new 0 · changed 2"
    says "calls that name items which are not here: 1. Import these items, or say by --set item_source=NAME"
    holds "select usage_id, item_id, occurred_at, usd from usage order by 1" \
        "usage:c1 desk:T1 2026-07-01 00:00:00 " "usage:c2 desk:T2 2026-07-01 00:00:00 " \
        "usage:c3 items:T9 2026-07-01 00:00:00 " "usage:c4 desk:T3 2026-07-01 00:00:00 "
    imports usage a.csv
    says "new 0 · changed 0"
}

# ---- assignment ----------------------------------------------------------------------------

@test "assignment: the first one stays, and another arm is rejected" {
    file a.csv plan,unit,arm,probability p,T1,ai,0.5
    file b.csv plan,unit,arm,probability p,T1,no_ai,0.5 p,T2,no_ai,0.5
    file c.csv plan,unit,arm,probability p,T1,ai,0.9
    imports assignments a.csv
    imports assignments b.csv
    says "accepted 1 · rejected 1 · new 1"
    says "b.csv:2: arm: this unit was assigned to another arm before"
    imports assignments c.csv
    says "accepted 1 · rejected 0 · new 0 · changed 0"
    holds "select unit, arm, probability from assignment order by 1" "items:T1 ai 0.5" "items:T2 no_ai 0.5"
}

@test "assignment: inside one file the first one stays, and another arm is rejected" {
    file a.csv plan,unit,arm p,T1,ai p,T1,no_ai p,T1,ai
    imports assignments a.csv
    says "accepted 2 · rejected 1 · new 1"
    says "a.csv:3: arm:"
    holds "select unit, arm from assignment" "items:T1 ai"
}

@test "assignment: another time is another assignment" {
    file a.csv plan,unit_kind,unit,arm,since p,team,North,no_ai,2026-07-01 p,team,North,ai,2026-08-01
    imports assignments a.csv
    says "accepted 2 · rejected 0 · new 2"
}

# ---- The later import wins -----------------------------------------------------------------

# later_wins CONNECTOR HEADER EARLIER LATER SQL EARLIER_ROWS LATER_ROWS
later_wins() {
    file a.csv "$2" "$3"
    file b.csv "$2" "$4"
    imports "$1" a.csv
    says "new 1 · changed 0"
    holds "$5" "$6"
    imports "$1" b.csv
    says "new 0 · changed 1"
    holds "$5" "$7"
    imports "$1" b.csv
    says "new 0 · changed 0"
    imports "$1" a.csv
    says "new 0 · changed 1"
    holds "$5" "$6"
    # Inside one file the later row counts as later.
    file c.csv "$2" "$3" "$4"
    rm -rf w
    new_workspace w
    imports "$1" c.csv
    holds "$5" "$7"
}

@test "measure: the later import wins" {
    later_wins measures item_id,name,occurred_at,value T1,satisfaction,2026-07-01,0.5 \
        T1,satisfaction,2026-07-01,0.75 "select value from measure" 0.5 0.75
}

@test "measure: another time is another observation" {
    file a.csv item_id,name,occurred_at,value T1,errors,2026-07-01,1 T1,errors,2026-07-02,1 T1,errors,,1
    imports measures a.csv
    says "new 3"
    imports measures a.csv
    says "new 0 · changed 0"
}

@test "review: the later import wins" {
    later_wins reviews audit,item_id,reviewer,score,blinded a,T1,ann,0.5,no a,T1,Ann,0.25,yes \
        "select score, blinded from review" "0.5 false" "0.25 true"
}

@test "review: each reviewer has a score of their own, and so has nobody" {
    file a.csv audit,item_id,reviewer,score a,T1,ann,1 a,T1,bob,0 a,T1,,0.5
    imports reviews a.csv
    says "new 3"
    imports reviews a.csv
    says "new 0 · changed 0"
    holds "select count(*) from review" 3
}

@test "membership: the later import wins" {
    later_wins memberships worker,since,team,role ann,2026-01-01,North,agent ann,2026-01-01,South, \
        "select team, role is null from membership" "North false" "South true"
}

@test "alias: the later import wins" {
    file a.csv alias,worker alee,ann
    file b.csv alias,worker alee,bob
    imports people a.csv
    imports people b.csv
    says "new 0 · changed 1"
    imports people b.csv
    says "new 0 · changed 0"
    holds "select count(*) from alias" 1
}

@test "policy: the later import wins" {
    later_wins policies policy,starts_at,kind,threshold p,2026-07-01,quota,5 p,2026-07-02,quota,6 \
        "select starts_at, threshold from policy" "2026-07-01 00:00:00 5.0" "2026-07-02 00:00:00 6.0"
}

@test "price: the later import wins" {
    later_wins prices model,since,input,output m,2026-01-01,1,2 m,2026-01-01,3, \
        "select input, output from price" "1.0 2.0" "3.0 "
}

@test "seat: the later import wins" {
    later_wins seats worker,tool,since,until ann,t,2026-01-01, ann,t,2026-01-01,2026-06-01 \
        "select until from seat" "" "2026-06-01 00:00:00"
}

@test "seat: seats of nobody are replaced together" {
    file a.csv worker,tool,since,usd_per_month ,t,2026-01-01,19 ,t,2026-01-01,19 ,t,2026-01-01,19
    file b.csv worker,tool,since,usd_per_month ,t,2026-01-01,19 ,t,2026-01-01,21
    imports seats a.csv
    imports seats a.csv
    says "changed 0"
    holds "select count(*), sum(usd_per_month) from seat" "3 57.0"
    imports seats b.csv
    says "changed 1"
    holds "select count(*), sum(usd_per_month) from seat" "2 40.0"
}

@test "invoice: the later import's lines replace the earlier ones, and lines of one file are added" {
    file a.csv tool,since,until,usd t,2026-07-01,2026-08-01,100 t,2026-07-01,2026-08-01,50 t,2026-08-01,2026-09-01,7
    file b.csv tool,since,until,usd t,2026-07-01,2026-08-01,120
    imports invoices a.csv
    imports invoices a.csv
    says "new 0 · changed 0"
    holds "select count(*), sum(usd) from invoice" "3 157.0"
    imports invoices b.csv
    says "new 0 · changed 1"
    holds "select count(*), sum(usd) from invoice" "2 127.0"
}

@test "labour: the later import wins, also for a row without role and time" {
    later_wins labour role,since,usd_per_hour a,2026-01-01,40 a,2026-01-01,45 \
        "select usd_per_hour from labour" 40.0 45.0
    rm -rf w
    new_workspace w
    later_wins labour role,since,usd_per_hour ,,40 ,,45 "select usd_per_hour from labour" 40.0 45.0
}

@test "link: the later import wins" {
    printf '%s\n' '-- connector: links' '-- about: other names' '-- reads: csv' '-- from memory' \
        '-- columns: other_id!, item_id!' '' '-- into: link' \
        'select source_row, other_id, item_id from source;' > w/connectors/links.sql
    file a.csv other_id,item_id git:1,gh:1
    file b.csv other_id,item_id git:1,gh:2
    imports links a.csv
    imports links b.csv
    says "new 0 · changed 1"
    imports links b.csv
    says "new 0 · changed 0"
    holds "select other_id, item_id from link" "git:1 gh:2"
}

# ---- Late ones -----------------------------------------------------------------------------

@test "an item that comes after its calls, measures and link is found by all of them" {
    printf '%s\n' '-- connector: links' '-- about: other names' '-- reads: csv' '-- from memory' \
        '-- columns: other_id!, item_id!' '' '-- into: link' \
        'select source_row, other_id, item_id from source;' > w/connectors/links.sql
    file usage.csv usage_id,occurred_at,item_id,usd a,2026-07-01,T1,1 b,2026-07-01,branch:x@y,2 c,2026-07-01,T9,4
    file measures.csv item_id,name,occurred_at,value T1,errors,2026-07-02,3
    file links.csv other_id,item_id branch:x@y,items:T1
    file items.csv item_id,opened_at,closed_at T1,2026-07-01,2026-07-02
    imports usage usage.csv
    run assay status
    says "name one that is not here: 3"
    imports measures measures.csv
    imports links links.csv
    run assay status
    says "name one that is not here: 3"
    imports items items.csv
    run assay status
    says "Calls name an item: 2 "
    says "name one that is not here: 1"
    holds "select item_id, calls from facts" "items:T1 2.0"
    # The same in the usual order.
    stored "from facts" > late
    mv w/connectors/links.sql .
    rm -rf w
    new_workspace w
    mv links.sql w/connectors
    for name in items links measures usage; do
        imports "$name" "$name.csv"
    done
    assay status > /dev/null
    stored "from facts" > usual
    diff late usual
}

# ---- Files again ---------------------------------------------------------------------------

@test "a corrected file brings in what was rejected, and doubles nothing" {
    file items.csv item_id,size,closed_at,attr.group,measure.errors T1,1,2026-07-01,x,1 T2,two,2026-07-01,x,2 T3,3,soon,x,3
    imports items items.csv
    says "item        read 3 · accepted 1 · rejected 2 · new 1"
    says "measure     read 3 · accepted 2 · rejected 1 · new 2"
    sed -i 's/two/2/; s/soon/2026-07-02/' items.csv
    imports items items.csv
    says "item        read 3 · accepted 3 · rejected 0 · new 2 · changed 0"
    says "measure     read 3 · accepted 3 · rejected 0 · new 1 · changed 0"
    holds "select count(*), sum(size) from item" "3 6.0"
    holds "select count(*), sum(value) from measure" "3 6.0"
}

@test "a row that is gone from a later export stays" {
    file a.csv item_id,size T1,1 T2,2
    file b.csv item_id,size T2,2
    imports items a.csv
    imports items b.csv
    holds "select count(*) from item" 2
}

@test "the same file again changes neither the rows nor the data version" {
    for name in items usage steps measures seats invoices; do
        imports "$name" "$SOURCE/tests/golden/$name.csv"
    done
    version="$(assay status | grep -o 'data version [0-9]*')"
    for name in items usage steps measures seats invoices; do
        imports "$name" "$SOURCE/tests/golden/$name.csv"
        says "new 0 · changed 0"
    done
    [ "$(assay status | grep -o 'data version [0-9]*')" = "$version" ]
}
