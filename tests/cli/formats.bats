#!/usr/bin/env bats
# Files of every kind that `assay import` reads: CSV, JSON lines, Parquet, plain, gzip and zstd.

load import_helpers.bash

some_items() {
    printf '%s\n' item_id,worker,team,size,opened_at,closed_at,state,attr.group \
        'T1,Ann,North,1.5,2026-07-01 10:00:00,2026-07-02 10:00:00,done,Billing' \
        'T2,Bob,"South, East",2,2026-07-01 10:00:00,,open,Returns' \
        'T3,ann,North,,2026-07-03 10:00:00,2026-07-04 10:00:00,done,' > items.csv
}

# The rows of items.csv, however they came.
some_items_are_stored() {
    stored "select item_id, worker = (select worker from item where item_id = 'items:T1'), team, size,
        opened_at, closed_at, state, attrs::varchar from item order by item_id" > got
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
        items:T1 true North 1.5 '2026-07-01 10:00:00' '2026-07-02 10:00:00' done '{group=Billing}' \
        items:T2 false 'South, East' 2.0 '2026-07-01 10:00:00' '' open '{group=Returns}' \
        items:T3 true North '' '2026-07-03 10:00:00' '2026-07-04 10:00:00' done '{}' > wanted
    diff wanted got
}

@test "the same records are the same rows in every format and packing" {
    some_items
    write_with "copy (from read_csv('items.csv')) to 'items.json' (format json)"
    write_with "copy (from read_csv('items.csv')) to 'items.parquet'"
    for file in items.csv items.json; do
        gzip -k "$file"
        zstd -q "$file"
    done
    # Names say nothing: the content does.
    for file in items.csv items.csv.gz items.csv.zst items.json items.json.gz items.json.zst \
        items.parquet; do
        rm -rf w
        new_workspace w
        cp "$file" anything
        imports items anything
        says "read 3 · accepted 3 · rejected 0 · new 3"
        some_items_are_stored || { echo "$file"; false; }
    done
}

@test "the same records in another format change nothing" {
    some_items
    write_with "copy (from read_csv('items.csv')) to 'items.json' (format json)"
    write_with "copy (from read_csv('items.csv')) to 'items.parquet'"
    gzip -k items.csv
    imports items items.csv
    for file in items.csv.gz items.json items.parquet; do
        imports items "$file"
        says "read 3 · accepted 3 · rejected 0 · new 0 · changed 0"
    done
    some_items_are_stored
}

@test "a dry run, --map and columns left over work in every format" {
    printf '%s\n' 'Ticket ID,Owner,Group,Note' 'T1,Ann,Billing,x' > items.csv
    write_with "copy (from read_csv('items.csv')) to 'items.json' (format json)"
    write_with "copy (from read_csv('items.csv')) to 'items.parquet'"
    for file in items.csv items.json items.parquet; do
        imports items "$file" --map item_id="Ticket ID" --map worker=Owner \
            --map attr.group=Group --dry-run
        says "items:T1"
        says_not Ann
        says 'Not read: "Note"'
        refused items "$file"
        says 'the file has no column "item_id"'
        says 'Ticket ID, Owner, Group, Note'
        refused items "$file" --map item_id=Ticked
        says 'no column "Ticked"'
    done
}

# ---- Packed ------------------------------------------------------------------------------------

many_items() {
    awk 'BEGIN { srand(7); print "item_id,size"; for (i = 0; i < 3000; i++) printf "T%d,%d\n", i, rand() * 1e9 }' > many.csv
}

@test "a gzip or zstd file that is cut short anywhere is refused, and nothing is imported" {
    many_items
    gzip -k many.csv
    zstd -q many.csv
    awk -F, 'NR > 1 { printf "{\"item_id\": \"%s\", \"size\": %s}\n", $1, $2 }' many.csv > many.jsonl
    gzip -k many.jsonl
    zstd -q many.jsonl
    for file in many.csv.gz many.csv.zst many.jsonl.gz many.jsonl.zst; do
        size="$(stat -c %s "$file")"
        for keep in 11 40 $((size / 3)) $((size / 2)) $((size - 9)) $((size - 4)) $((size - 1)); do
            head -c "$keep" "$file" > cut
            refused items cut
            says "cut: the compressed file was cut short"
            says "again"
        done
    done
}

@test "a gzip or zstd file with a wrong byte is refused, and nothing is imported" {
    many_items
    gzip -k many.csv
    zstd -q --check many.csv
    for file in many.csv.gz many.csv.zst; do
        size="$(stat -c %s "$file")"
        for at in $((size / 2)) $((size - 3)); do
            cp "$file" bad
            byte="$(od -An -tu1 -j "$at" -N 1 bad)"
            printf "\\x$(printf %x $(((byte + 1) % 256)))" | dd of=bad bs=1 seek="$at" conv=notrunc status=none
            refused items bad
            says "bad: the compressed file is damaged"
        done
    done
}

@test "several members of gzip and frames of zstd are one file" {
    printf 'item_id,size\nT1,1\n' > one
    printf 'T2,2\n' > two
    gzip -c one > both.gz
    gzip -c two >> both.gz
    zstd -qc one > both.zst
    zstd -qc two >> both.zst
    imports items both.gz
    says "accepted 2 · rejected 0 · new 2"
    imports items both.zst
    says "accepted 2 · rejected 0 · new 0"
}

@test "what follows the end of a gzip file is not passed over in silence" {
    printf 'item_id,size\nT1,1\n' | gzip > tail.gz
    printf 'T2,2\n' >> tail.gz
    refused items tail.gz
    says "bytes follow the end"
}

@test "an empty file inside a packed one is said to be empty" {
    gzip < /dev/null > empty.gz
    zstd -q < /dev/null > empty.zst
    refused items empty.gz
    says "empty.gz: the file is empty, once unpacked"
    refused items empty.zst
    says "empty.zst: the file is empty, once unpacked"
}

@test "a file that is packed twice, or in another way, is named with the way out" {
    some_items
    gzip -c items.csv | gzip > twice.gz
    refused items twice.gz
    says "compressed twice"
    bzip2 -k items.csv 2> /dev/null || printf 'BZh91AY' > items.csv.bz2
    refused items items.csv.bz2
    says bunzip2
    printf 'PK\x03\x04rest' > items.xlsx
    refused items items.xlsx
    says "export it as CSV"
}

# ---- Parquet -----------------------------------------------------------------------------------

@test "a Parquet file that is cut short is refused, and nothing is imported" {
    some_items
    write_with "copy (from read_csv('items.csv')) to 'items.parquet'"
    size="$(stat -c %s items.parquet)"
    for keep in 4 9 12 $((size / 2)) $((size - 1)); do
        head -c "$keep" items.parquet > cut
        refused items cut
        says "cut: the Parquet file was cut short"
        says "again"
    done
}

@test "a Parquet file that is damaged inside is no crash, and nothing of it is shown" {
    some_items
    write_with "copy (select * replace ('Zyxname' as worker) from read_csv('items.csv')) to 'items.parquet' (compression uncompressed)"
    size="$(stat -c %s items.parquet)"
    for at in 5 20 60 $((size / 2)) $((size - 60)) $((size - 20)) $((size - 10)); do
        cp items.parquet bad
        printf '\xff\xfe\xff\xff\xff\xff' | dd of=bad bs=1 seek="$at" conv=notrunc status=none
        run assay import items bad
        [ "$status" -eq 0 ] || [ "$status" -eq 2 ] || { echo "$at: exit $status: $output"; false; }
        [ "$status" -eq 0 ] || says "bad: the Parquet file"
        says_not Zyxname
        nowhere Zyxname
    done
}

@test "types of Parquet arrive as a CSV file would have them" {
    write_with "copy (select 7.0::double as item_id, 'Ann'::blob as worker, 2::decimal(9,2) as size,
        timestamptz '2026-07-01 12:00:00+02' as opened_at, date '2026-07-05' as closed_at,
        'done'::enum('done', 'open') as state) to 'typed.parquet'"
    printf '%s\n' item_id,worker,size,opened_at,closed_at,state \
        7,Ann,2,2026-07-01T10:00:00Z,2026-07-05,done > same.csv
    imports items typed.parquet
    says "new 1"
    [ "$(stored 'select item_id, size, opened_at, closed_at, state from item')" \
        = "$(printf 'items:7\t2.0\t2026-07-01 10:00:00\t2026-07-05 00:00:00\tdone')" ]
    imports items same.csv
    says "new 0 · changed 0"
}

@test "a row of Parquet that is no item is named by its record" {
    write_with "copy (select 'T' || i as item_id, case when i = 70000 then -1 else 1 end as size
        from range(100000) t(i)) to 'items.parquet'"
    imports items items.parquet
    says "read 100000 · accepted 99999 · rejected 1"
    says "items.parquet:70001: size: negative"
}

# ---- JSON lines --------------------------------------------------------------------------------

@test "one broken line of JSON is rejected by its number, and the rest is imported" {
    printf '%s\n' '{"item_id": "T1", "size": 1}' '' '{"item_id": "T2", "size": ' \
        '{"item_id": "T3", "size": 3}' '[1, 2]' '42' '{"item_id": "T4", "size": 4} {' \
        '{"item_id": "T5", "size": "many"}' > items.jsonl
    printf '{"item_id": "T6", "team": "caf\xe9"}\n{"item_id": "T7"}' >> items.jsonl
    imports items items.jsonl
    says "read 9 · accepted 3 · rejected 6 · new 3"
    says "items.jsonl:3: not valid JSON"
    says "items.jsonl:5: not a JSON object"
    says "items.jsonl:6: not a JSON object"
    says "items.jsonl:7: not valid JSON"
    says "items.jsonl:8: size: not a number"
    says "and 1 more"
    [ "$(stored "select string_agg(item_id, ' ' order by item_id) from item")" = "items:T1 items:T3 items:T7" ]
    [ "$(stored 'select row, reason from rejected where row = 9')" = "$(printf '9\tnot UTF-8')" ]
}

@test "a first line that is broken is no reason to take the file for another kind" {
    printf '%s\n' 'oops' '{"item_id": "T1"}' > items.jsonl
    imports items items.jsonl
    says "read 2 · accepted 1 · rejected 1"
    says "items.jsonl:1: not valid JSON"
}

@test "JSON nested deeper than 1,000 levels is rejected, and no deeper one is a crash" {
    nested() {
        printf '{"item_id": "%s", "x": ' "$1"
        printf "%0$2d" 0 | tr 0 "${3:-[}"
        printf 1
        printf "%0$2d" 0 | tr 0 "${4:-]}"
        printf '}\n'
    }
    { nested fits 999; nested deep 1000; nested deeper 1000000; nested open 1000000 '[' '['
      printf '{"item_id": "last"}\n'; } > items.jsonl
    imports items items.jsonl
    says "read 5 · accepted 2 · rejected 3"
    says "items.jsonl:2: nested deeper than 1,000 levels"
    says "items.jsonl:3: nested deeper than 1,000 levels"
    says "items.jsonl:4: nested deeper than 1,000 levels"
    nested alone 5000 > items.jsonl
    accepts_none items items.jsonl
    says "read 1 · accepted 0 · rejected 1"
}

@test "a line of JSON over 16,000,000 bytes is rejected, and the next one is read" {
    { printf '{"item_id": "T1", "x": "'
      head -c 16100000 /dev/zero | tr '\0' x
      printf '"}\n{"item_id": "T2"}\n{"item_id": "T3", "x": "'
      head -c 15000000 /dev/zero | tr '\0' x
      printf '"}'; } > items.jsonl
    imports items items.jsonl
    says "read 3 · accepted 2 · rejected 1"
    says "items.jsonl:1: longer than 16,000,000 bytes"
}

@test "objects and arrays arrive as JSON text for a connector to pick apart" {
    printf '%s\n' '{"key": "A-1", "fields": {"assignee": {"name": "Zyxname"}, "labels": ["x", "y"], "points": 3.10}}' \
        '{"key": "A-2", "fields": {"assignee": null, "labels": []}, "other": 1}' > issues.jsonl
    write_with "copy (from read_json('issues.jsonl')) to 'issues.parquet'"
    cat > w/connectors/issues.sql <<'SQL'
-- connector: issues
-- about: Issues with fields inside fields
-- reads: json, parquet
-- from memory
-- attrs: first
-- columns: key!, fields

-- into: item
select source_row, 'issue:' || key as item_id, fields ->> '$.assignee.name' as worker,
  fields ->> '$.points' as size, map {'first': fields ->> '$.labels[0]'} as attrs
from source;
SQL
    for file in issues.jsonl issues.parquet; do
        imports issues "$file"
        says "read 2 · accepted 2 · rejected 0"
        says 'Not read: "other"'
        nowhere Zyxname
        [ "$(stored 'select item_id, worker is null, size, attrs::varchar from item order by 1')" \
            = "$(printf 'issue:A-1\tfalse\t3.1\t{first=x}\nissue:A-2\ttrue\t\t{}')" ]
    done
    says "new 0 · changed 0"
}

@test "escapes, surrogates and keys in any order and case are read right" {
    printf '%s\n' '{"item_id": "T\u0031", "team": "Caf\u00e9 \ud83d\ude00 \"x\" \\ \/ a\tb"}' \
        '{"team": "North", "\u0069tem_id": "T2"}' '{"TEAM": "South", "Item_ID": "T3", "team": null}' \
        '{"item_id": "T4", "team": "first", "team": "last"}' \
        '{"item_id": "T5", "team": "\ud83d"}' '{"item_id": "T6", "team": "a	b"}' > items.jsonl
    imports items items.jsonl
    says "accepted 4 · rejected 2"
    says "items.jsonl:5: not valid JSON"
    says "items.jsonl:6: not valid JSON"
    [ "$(stored 'select team from item order by item_id')" \
        = "$(printf 'Café 😀 "x" \\ / a\tb\nNorth\n\nlast')" ]
}

@test "numbers of JSON are taken as they are written" {
    printf '%s\n' '{"item_id": 12345678901234567890, "size": 1e2}' '{"item_id": 1.0, "size": -0.5E+1}' \
        '{"item_id": 01}' '{"item_id": .5}' '{"item_id": +1}' '{"item_id": NaN}' > items.jsonl
    imports items items.jsonl
    says "accepted 1 · rejected 5"
    says "items.jsonl:2: size: negative"
    [ "$(stored 'select item_id, size from item')" = "$(printf 'items:12345678901234567890\t100.0')" ]
}

@test "an array of JSON and an object over several lines are refused, with the way out" {
    printf '[{"item_id": "T1"},\n{"item_id": "T2"}]\n' > array.json
    refused items array.json
    says "this is one JSON array"
    says "jq -c '.[]'"
    printf '{\n  "item_id": "T1"\n}\n' > pretty.json
    refused items pretty.json
    says "pretty.json:1: the first object is spread over lines"
    says "jq -c ."
}

@test "objects whose keys are data are refused, and their keys are not shown" {
    { for i in $(seq 1 1100); do printf '{"zyxname%s@qwvert.example": 1}\n' "$i"; done; } > keyed.jsonl
    refused items keyed.jsonl
    says "over 1000 different keys"
    says_not zyxname
    head -3 keyed.jsonl > few.jsonl
    refused items few.jsonl
    says_not zyxname
    { cat few.jsonl; echo '{"item_id": "T1"}'; } > mixed.jsonl
    imports items mixed.jsonl
    nowhere zyxname
}

# ---- Encodings ---------------------------------------------------------------------------------

@test "UTF-16 is named in every format, with or without its mark" {
    some_items
    echo '{"item_id": "T1"}' > items.jsonl
    for file in items.csv items.jsonl; do
        for encoding in UTF-16 UTF-16LE UTF-16BE; do
            iconv -f UTF-8 -t "$encoding" "$file" > wide
            refused items wide
            says "UTF-16"
            says "iconv -f UTF-16"
            gzip -c wide > wide.gz
            refused items wide.gz
            says "UTF-16"
        done
    done
}

@test "a byte order mark and CR LF are no part of JSON lines" {
    printf '\xef\xbb\xbf{"item_id": "T1", "state": "done"}\r\n\r\n{"item_id": "T2"}\r\n' > items.jsonl
    imports items items.jsonl
    says "read 2 · accepted 2 · rejected 0"
}

@test "invalid UTF-8 costs its row, in CSV and JSON lines" {
    printf 'item_id,team\nT1,ok\nT2,caf\xe9\nT3,ok\n' > items.csv
    imports items items.csv
    says "accepted 2 · rejected 1"
    says "items.csv:3: team: not UTF-8"
    printf '{"item_id":"T1"}\n{"item_id":"caf\xe9"}\n{"item_id":"\xc0\xaf"}\n{"item_id":"\xed\xa0\x80"}\n' > items.jsonl
    imports items items.jsonl
    says "accepted 1 · rejected 3"
    says "items.jsonl:2: not UTF-8"
    says "items.jsonl:3: not UTF-8"
    says "items.jsonl:4: not UTF-8"
}

@test "line ends of two kinds in one CSV file are named, with the way out" {
    printf 'item_id,size\r\nT1,1\nT2,2\r\n' > mixed.csv
    refused items mixed.csv
    says "mixed.csv: some lines end in CR LF and some do not"
    says "dos2unix"
}

@test "a CSV file without a header is told so, and its values are not shown" {
    printf 'T1,zyxname@qwvert.example,2026-07-01\nT2,bob,2026-07-02\n' > items.csv
    refused items items.csv
    says "its first line looks like data"
    says_not zyxname
}

# ---- Connectors and formats --------------------------------------------------------------------

@test "a connector for one format refuses a file of another" {
    some_items
    sed 's/^-- reads:.*/-- reads: json/' "$SOURCE/builtin/connectors/items.sql" > w/connectors/items.sql
    printf '{"item_id": "T1"}' > items.jsonl
    imports items items.jsonl
    write_with "copy (from read_csv('items.csv')) to 'items.parquet'"
    run assay import items items.parquet
    [ "$status" -eq 2 ]
    says "items.parquet: the file is Parquet, and the connector items reads json"
    sed -i 's/^-- reads:.*/-- reads: jsn/' w/connectors/items.sql
    run assay import items items.jsonl
    [ "$status" -eq 2 ]
    says 'reads: "jsn" is none of csv, json, parquet'
}

@test "a connector without columns sees the file's own in every format" {
    cat > w/connectors/own.sql <<'SQL'
-- connector: own
-- about: mine
-- reads: csv, json, parquet
-- from memory

-- into: item
select source_row, "Ticket ID" as item_id, "size" from source;
SQL
    printf '%s\n' 'Ticket ID,size' T1,1 T2,x > items.csv
    write_with "copy (from read_csv('items.csv')) to 'items.json' (format json)"
    write_with "copy (from read_csv('items.csv')) to 'items.parquet'"
    imports own items.csv
    says "accepted 1 · rejected 1 · new 1"
    says "items.csv:3: size: not a number"
    imports own items.json
    says "accepted 1 · rejected 1 · new 0"
    says "items.json:2: size: not a number"
    imports own items.parquet
    says "accepted 1 · rejected 1 · new 0"
    says "items.parquet:2: size: not a number"
}

@test "no name and no prompt is in any byte of the workspace, whatever the format" {
    { for i in $(seq 1 300); do
          case $((i % 4)) in
          0) echo "{\"usage_id\": \"u$i\", \"occurred_at\": \"2026-07-01\", \"worker\": \"Zyxname$i Qwvert\", \"prompt\": \"dear zyxname\"}" ;;
          1) echo "{\"usage_id\": \"u$i\", \"occurred_at\": \"never zyxname\", \"worker\": \"Zyxname$i Qwvert\"}" ;;
          2) echo "{\"usage_id\": \"u$i\", \"occurred_at\": \"2026-07-01\", \"worker\": \"Zyxname$i Qwvert\"" ;;
          3) echo "{\"usage_id\": \"u$i\", \"occurred_at\": \"2026-07-01\", \"worker\": {\"name\": \"Zyxname$i\"}, \"zyx\": \"qwvert\"}" ;;
          esac
      done; } > usage.jsonl
    write_with "copy (select * from read_json('usage.jsonl', ignore_errors = true,
        columns = {usage_id: 'varchar', occurred_at: 'varchar', worker: 'varchar', prompt: 'varchar'})) to 'usage.parquet'"
    gzip -k usage.jsonl
    for file in usage.jsonl usage.jsonl.gz usage.parquet; do
        for flag in "" --dry-run --strict; do
            run assay import usage $flag "$file"
            nowhere zyxname
            nowhere qwvert
        done
    done
}
