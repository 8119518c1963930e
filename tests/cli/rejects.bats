#!/usr/bin/env bats
# Rows that are rejected: counted, kept by place and reason, never by value, and listed.

load import_helpers.bash

bad_items() {
    printf '%s\n' item_id,worker,opened_at,closed_at,size \
        T1,Zyxname,2026-07-01,2026-07-02,1 \
        T2,Zyxname,2026-07-01,2026-07-02 \
        T3,Zyxname,zyxday,2026-07-02,1 \
        T4,Zyxname,2026-07-03,2026-07-02,1 \
        T5,Zyxname,2026-07-01,2026-07-02,1,Zyxname \
        T6,Zyxname,2026-07-01,2026-07-02,zyxmany > items.csv
}

@test "rejected rows are listed by file, import, row, column and reason" {
    bad_items
    imports items items.csv
    says "Correct rejected rows where they come from, and import the file again"
    run assay status --rejected
    [ "$status" -eq 0 ]
    hash="$(sha256sum items.csv | cut -c 1-12)"
    says "$hash  items                            3  fewer columns than the header"
    says "$hash  items                            4  opened_at: not a time"
    says "$hash  items                            5  closed_at: closed before opened"
    says "$hash  items                            6  more columns than the header"
    says "$hash  items                            7  size: not a number"
    [ "$(grep -c "^$hash" <<< "$output")" -eq 5 ]
    nowhere zyx
}

@test "without a rejected row the list has none" {
    run assay status --rejected
    [ "$status" -eq 0 ]
    [ "$(grep -c '' <<< "$output")" -le 2 ]
}

@test "status lists no table that an import found nothing for, and says how to list what was rejected" {
    bad_items
    imports items items.csv
    run assay status
    grep -q '^items  ' <<< "$output"
    says_not "items:measure"
    printf '%s\n' item_id,closed_at,quality T1,2026-07-01,0.5 > items.csv
    imports items items.csv --map measure.quality=quality
    run assay status
    grep -qE '^items:measure .* 1 +1 +0$' <<< "$output"
    run "$ASSAY" status --help
    says "Usage: assay status [--rejected]"
}

@test "the list can be read while nothing may be written" {
    bad_items
    imports items items.csv
    before="$(sha256sum w/assay.duckdb)"
    assay status --rejected
    [ "$(sha256sum w/assay.duckdb)" = "$before" ]
}

@test "a corrected file has a list of its own, and the earlier one stays" {
    bad_items
    imports items items.csv
    sed -i 's/zyxmany/6/' items.csv
    imports items items.csv
    says "accepted 2 · rejected 4 · new 1"
    [ "$(stored 'select count(*), count(distinct file_hash) from rejected')" = "$(printf '9\t2')" ]
}

# ---- --strict ----------------------------------------------------------------------------------

@test "with --strict one rejected row keeps out the whole file, and is kept itself" {
    bad_items
    run assay import items items.csv --strict
    [ "$status" -eq 2 ]
    says "items.csv:3: fewer columns than the header"
    says "items.csv: rows were rejected, and with --strict nothing of the file was imported"
    says "assay status --rejected"
    [ "$(stored 'select count(*) from item')" = 0 ]
    [ "$(stored 'select count(*) from rejected')" = 5 ]
    [ "$(stored 'select rows_read, accepted, rejected from imported where rows_read > 0')" = "$(printf '6\t0\t5')" ]
    [[ "$(assay status)" == *"data version 0 "* ]]
    nowhere zyx
    run assay status --rejected
    says "size: not a number"
}

@test "--strict twice keeps the rejected rows once" {
    bad_items
    run assay import items items.csv --strict
    run assay import items items.csv --strict
    [ "$status" -eq 2 ]
    [ "$(stored 'select count(*) from rejected')" = 5 ]
    imports items items.csv
    [ "$(stored 'select count(*) from rejected')" = 5 ]
}

@test "--strict imports a file without a rejected row" {
    bad_items
    head -2 items.csv > good.csv
    imports items good.csv --strict
    says "accepted 1 · rejected 0 · new 1"
}

@test "--strict looks at every table that a file fills, and leaves earlier imports alone" {
    printf '%s\n' item_id,size T0,1 > before.csv
    imports items before.csv
    printf '%s\n' item_id,closed_at,satisfaction T1,2026-07-01,0.5 T2,2026-07-01,7 > items.csv
    run assay import items items.csv --map measure.satisfaction=satisfaction --strict
    [ "$status" -eq 2 ]
    says "items.csv:3: value: outside the range of satisfaction"
    [ "$(stored 'select (select count(*) from item), (select count(*) from measure)')" \
        = "$(printf '1\t0')" ]
    [ "$(stored 'select connector, row from rejected')" = "$(printf 'items:measure\t3')" ]
}

@test "--strict holds for lines of JSON and records of Parquet, too" {
    printf '{"item_id": "T1"}\noops\n{"item_id": "T2"}\n' > items.jsonl
    run assay import items items.jsonl --strict
    [ "$status" -eq 2 ]
    says "items.jsonl:2: not valid JSON"
    write_with "copy (select 'T1' as item_id, 'zyxmany' as size) to 'items.parquet'"
    run assay import items items.parquet --strict
    [ "$status" -eq 2 ]
    says "items.parquet:1: size: not a number"
    [ "$(stored 'select count(*) from item')" = 0 ]
    [ "$(stored 'select count(*) from rejected')" = 2 ]
    nowhere zyx
}

# ---- Many --------------------------------------------------------------------------------------

@test "one broken row far down a large file is found, and the rows before it are there once" {
    awk 'BEGIN { print "item_id,size,attr.note"
        for (i = 2; i <= 200000; i++)
            printf "T%d,%d,%s\n", i, i, i % 7 == 0 ? "\"two\nlines, and a comma\"" : "a note of one line"
        print "T200001"
        print "T200002,3," }' > items.csv
    imports items items.csv
    says "read 200001 · accepted 200000 · rejected 1 · new 200000"
    says "items.csv:200001: fewer columns than the header"
    [ "$(stored 'select count(*), count(distinct item_id) from item')" = "$(printf '200000\t200000')" ]
}

@test "more than a million rejected rows are all kept, in every format" {
    awk 'BEGIN { print "item_id,size"
        for (i = 2; i <= 1200001; i++)
            print (i % 1000 == 0 ? "T" i ",1" : i % 3 == 0 ? "T" i : "T" i ",x") }' > items.csv
    imports items items.csv
    says "read 1200000 · accepted 1200 · rejected 1198800"
    says "and 1198795 more"
    [ "$(stored 'select count(*), count(distinct row), min(row), max(row) from rejected')" \
        = "$(printf '1198800\t1198800\t2\t1200001')" ]
    # Each row is what it should be, wherever it lies.
    [ "$(stored "select count(*) from rejected where (row % 3 = 0) <> (reason like 'fewer%')")" = 0 ]
    assay status --rejected > list
    [ "$(wc -l < list)" -eq 1198801 ]
    awk -F, 'NR > 1 && NF == 2 { printf "{\"item_id\": \"%s\", \"size\": %s\n", $1, $2 == 1 ? "1}" : "" }
        NR > 1 && NF == 1 { print "{\"item_id\": \"" $1 "\", \"size\": \"x\"}" }' items.csv > items.jsonl
    imports items items.jsonl
    says "read 1200000 · accepted 1200 · rejected 1198800"
    [ "$(stored "select count(distinct row), min(row), max(row) from rejected
        where file_hash = '$(sha256sum items.jsonl | cut -c 1-64)'")" = "$(printf '1198800\t1\t1200000')" ]
}

@test "the place of a row is right where broken and refused rows are mixed" {
    awk 'BEGIN { srand(11); print "item_id,size"
        for (i = 2; i <= 30000; i++) {
            r = rand()
            print r < 0.1 ? "T" i : r < 0.2 ? "T" i ",1,2" : r < 0.3 ? "T" i ",x" : r < 0.4 ? "T" i ",-1" : "T" i ",1"
            print i, r < 0.1 ? "fewer" : r < 0.2 ? "more" : r < 0.3 ? "not" : r < 0.4 ? "negative" : "fine" > "truth"
        } }' > items.csv
    grep -v fine truth > wanted
    imports items items.csv
    stored "select row || ' ' || split_part(reason, ' ', 1) from rejected order by rowid" > got
    diff wanted got
    gzip -k items.csv
    imports items items.csv.gz
    stored "select row || ' ' || split_part(reason, ' ', 1) from rejected
        where file_hash = '$(sha256sum items.csv.gz | cut -c 1-64)' order by rowid" > got
    diff wanted got
}

@test "a connector that orders its rows tells the right ones, also where many are alike" {
    printf '%s\n' '-- connector: own' '-- about: mine' '-- reads: csv' '-- from memory' \
        '-- columns: item_id!, size' '' '-- into: item' \
        'select source_row, item_id, size from source order by item_id;' > w/connectors/own.sql
    write_with "copy (select 'T' || (hash(i) % 3) as item_id,
        case when hash(i + 7) % 10 < 3 then 'x' else '1' end as size from range(200000) as t(i))
        to 'items.csv'"
    # Two records that are no rows stand before all of them.
    sed -i '1a T1\nT1,2,3' items.csv
    imports own items.csv
    { printf '2\n3\n'; grep -n ',x$' items.csv | cut -d: -f1; } > wanted
    stored "select row from rejected order by row" > got
    cmp got wanted
}

@test "a row whose text speaks of a full disk is rejected like any other" {
    printf 'item_id,worker\nT1,w\nT2,No space left on device,x\nT3,w\n' > full.csv
    imports items full.csv
    says "read 3 · accepted 2 · rejected 1"
    says "full.csv:3: more columns than the header"
}
