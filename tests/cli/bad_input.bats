#!/usr/bin/env bats
# Input that is wrong, or looks so: scales, dialects, times, numbers, sizes.

load import_helpers.bash

# holds SQL LINE...: what the workspace holds, cells separated by blanks.
holds() {
    local sql="$1"
    shift
    stored "$sql" | tr '\t' ' ' > got
    printf '%s\n' "$@" > wanted
    diff wanted got
}

# ---- Scales --------------------------------------------------------------------------------

stars() {
    printf '%s\n' item_id,CSAT,closed_at T1,1,2026-07-01 T2,5,2026-07-01 T3,4,2026-07-01 T4,,2026-07-01 \
        T5,3,2026-07-01 > items.csv
}

@test "satisfaction that is mostly out of range refuses the file, and says how to read it" {
    stars
    refused items items.csv --map measure.satisfaction=CSAT
    says "items.csv: satisfaction: 3 of 4 values are outside of its range, 0 to 1, so nothing was imported"
    says "--set satisfaction_scale=1..5"
    refused items items.csv --map measure.satisfaction=CSAT --dry-run
    says "--set satisfaction_scale=1..5"
}

@test "satisfaction is brought from its scale to 0 to 1, whichever end is best" {
    stars
    imports items items.csv --map measure.satisfaction=CSAT --set satisfaction_scale=1..5
    says "measure     read 4 · accepted 4 · rejected 0"
    holds "select item_id, value from measure order by all" \
        "items:T1 0.0" "items:T2 1.0" "items:T3 0.75" "items:T5 0.5"
    imports items items.csv --map measure.satisfaction=CSAT --set satisfaction_scale=5..1
    holds "select item_id, value from measure order by all" \
        "items:T1 1.0" "items:T2 0.0" "items:T3 0.25" "items:T5 0.5"
    printf '%s\n' item_id,name,value T1,quality,-10 T1,errors,7 T2,quality,10 T3,quality,yes > measures.csv
    imports measures measures.csv --set quality_scale=-10..10 --set satisfaction_scale=1..5
    holds "select item_id, name, value from measure where name <> 'satisfaction' order by all" \
        "items:T1 errors 7.0" "items:T1 quality 0.0" "items:T2 quality 1.0" "items:T3 quality 1.0"
}

@test "a few values out of range are rejected row by row" {
    printf '%s\n' item_id,name,value T1,satisfaction,0.5 T2,satisfaction,1.5 T3,satisfaction,1 T4,quality,0 > a.csv
    imports measures a.csv
    says "accepted 3 · rejected 1"
    says "a.csv:3: value: outside the range of satisfaction"
    printf '%s\n' item_id,name,value T1,satisfaction,1 T2,satisfaction,6 T3,satisfaction,5 > b.csv
    imports measures b.csv --set satisfaction_scale=1..5
    says "b.csv:3: value: outside the range of satisfaction"
}

@test "a measure of another kind that is mostly out of range says what to map" {
    printf '%s\n' item_id,name,value T1,reopened,0 T2,reopened,2 T3,reopened,3 > a.csv
    refused measures a.csv
    says "reopened: 2 of 3 values are outside of its range, 0 to 1"
    says "yes or no"
    printf '%s\n' item_id,name,value T1,errors,-1 T1,quality,1 > a.csv
    refused measures a.csv
    says "errors: 1 of 1 values are outside of its range, 0 and more"
}

@test "a scale that is none is refused" {
    stars
    for scale in 1-5 5 1.. ..5 2..2 1..x nan..1; do
        refused items items.csv --map measure.satisfaction=CSAT --set satisfaction_scale=$scale
        says "satisfaction_scale: \"$scale\" is no scale; write worst..best, such as 1..5"
    done
}

@test "a connector of one's own is told how to give a scale, and can" {
    printf '%s\n' '-- connector: own' '-- about: mine' '-- reads: csv' '-- from memory' '-- options: source=own' \
        '-- columns: item_id!, CSAT' '' '-- into: measure' \
        "select source_row, item_id, 'satisfaction' as name, \"CSAT\" as value from source;" > w/connectors/own.sql
    stars
    refused own items.csv
    says "own.sql, or add satisfaction_scale=1..5 (worst..best) to its \`-- options:\`"
    sed -i 's/source=own/source=own, satisfaction_scale=1..5/' w/connectors/own.sql
    imports own items.csv
    says "accepted 4 · rejected 0"
}

# ---- Dialects ------------------------------------------------------------------------------

@test "a file that is separated by something else is one column, and said to be" {
    printf '%s\n' 'item_id^worker^size' 'T1^ann^1' > items.csv
    refused items items.csv
    says 'items.csv:1: the file has no column "item_id"'
    printf '%s\n' 'item_id worker size' 'T1 ann 1' > items.csv
    refused items items.csv
    says 'items.csv:1: the file has no column "item_id"'
}

@test "a bar separates columns, and a comma inside a name of a semicolon file does not" {
    printf '%s\n' 'item_id|team|size' 'T1|a,b|1' > bar.csv
    imports items bar.csv
    printf '%s\n' 'item_id;"team, long";size' 'T2;x;2' > semicolon.csv
    imports items semicolon.csv --map 'team=team, long'
    holds "select item_id, team, size from item order by all" "items:T1 a,b 1.0" "items:T2 x 2.0"
}

# ---- Times ---------------------------------------------------------------------------------

@test "dates in three notations are read when told so, and are no times otherwise" {
    printf '%s\n' item_id,opened_at T1,2026-07-31 > iso.csv
    printf '%s\n' item_id,opened_at T2,31/07/2026 'T3,31.07.2026 08:05' T4,31-07-2026 > dmy.csv
    printf '%s\n' item_id,opened_at T5,07/31/2026 'T6,07/31/2026 08:05 PM' > mdy.csv
    imports items iso.csv
    imports items dmy.csv --set dates=dmy
    imports items mdy.csv --set dates=mdy
    holds "select item_id, opened_at from item order by all" "items:T1 2026-07-31 00:00:00" \
        "items:T2 2026-07-31 00:00:00" "items:T3 2026-07-31 08:05:00" "items:T4 2026-07-31 00:00:00" \
        "items:T5 2026-07-31 00:00:00" "items:T6 2026-07-31 20:05:00"
    accepts_none items dmy.csv
    says "accepted 0 · rejected 3"
    says "dmy.csv:2: opened_at: not a time"
    accepts_none items mdy.csv --set dates=dmy
    says "accepted 0 · rejected 2"
}

@test "a month by its name and a clock of twelve hours are read with any notation" {
    printf '%s\n' item_id,opened_at 'T1,31 Jul 2026' 'T2,"July 31, 2026"' T3,31-jul-2026 'T4,31 July 2026 10:00 PM' \
        'T5,2026-07-31 10:00 PM' 'T6,2026-07-31 12:30:05 am' > items.csv
    for dates in iso dmy mdy; do
        imports items items.csv --set dates=$dates
        holds "select item_id, opened_at from item order by all" "items:T1 2026-07-31 00:00:00" \
            "items:T2 2026-07-31 00:00:00" "items:T3 2026-07-31 00:00:00" "items:T4 2026-07-31 22:00:00" \
            "items:T5 2026-07-31 22:00:00" "items:T6 2026-07-31 00:30:05"
    done
}

@test "many dates in another notation are those that they are year first" {
    write_with "copy (select 'T' || i as item_id, strftime(timestamp '2026-01-01' + interval (i) minute,
        '%Y-%m-%d %H:%M') as opened_at from range(400000) t(i)) to 'iso.csv' (header)"
    write_with "copy (select item_id, strftime(opened_at::timestamp, '%d/%m/%Y %H:%M') as opened_at
        from read_csv('iso.csv', header = true)) to 'dmy.csv' (header)"
    imports items iso.csv
    imports items dmy.csv --set dates=dmy
    says "accepted 400000 · rejected 0 · new 0 · changed 0"
}

@test "a year of two digits is no year" {
    printf '%s\n' item_id,opened_at T1,31/07/26 'T2,31 Jul 26' T3,31.07.26 > items.csv
    accepts_none items items.csv --set dates=dmy
    says "opened_at: 3 of 3 values are no times as dates=dmy reads them, and no other order reads more"
}

@test "dates in another notation say which one reads them, and never a value" {
    printf '%s\n' item_id,opened_at,closed_at T1,31.07.2026,31.07.2026 T2,05.08.2026,13.08.2026 > dmy.csv
    accepts_none items dmy.csv
    says "opened_at: 2 of 2 values are no times as dates=iso reads them; --set dates=dmy reads 2 of these"
    says_not "07.2026"
    says_not "Correct rejected rows"
    printf '%s\n' item_id,opened_at T1,07/31/2026 T2,08/05/2026 > mdy.csv
    accepts_none items mdy.csv
    says "--set dates=mdy reads 2 of these"
    printf '%s\n' usage_id,occurred_at c1,08/05/2026 c2,01/02/2026 > both.csv
    accepts_none usage both.csv
    says "occurred_at: 2 of 2 values are no times as dates=iso reads them"
    says "by --set dates=dmy or --set dates=mdy"
    printf '%s\n' item_id,opened_at T1,yesterday T2,2026-07-31 T3,soon > none.csv
    imports items none.csv
    says "2 of 3 values are no times as dates=iso reads them, and no other order reads more. Write them as"
}

@test "a file that is read with day and month the wrong way round is refused" {
    printf '%s\n' item_id,opened_at T1,07/31/2026 T2,08/05/2026 T3,09/10/2026 > mdy.csv
    refused items mdy.csv --set dates=dmy
    says "mdy.csv: opened_at: 1 of 3 values are no times as dates=dmy reads them, and dates=mdy reads all, so nothing was imported; it looks like --set dates=mdy"
    printf '%s\n' item_id,opened_at T1,31/07/2026 T2,05/08/2026 > dmy.csv
    refused items dmy.csv --set dates=mdy
    says "it looks like --set dates=dmy"
    # One of each tells nothing for sure.
    printf '%s\n' item_id,opened_at T1,31/07/2026 T2,07/31/2026 T3,05/08/2026 > mixed.csv
    imports items mixed.csv --set dates=dmy
    says "accepted 2 · rejected 1"
}

@test "an offset holds, whatever the workspace's zone and the format of dates" {
    rm -rf w
    "$ASSAY" init w --timezone Europe/Berlin > /dev/null
    printf '%s\n' item_id,opened_at T1,2026-07-01T12:00:00Z T2,2026-07-01T12:00:00+05:30 \
        'T3,2026-07-01 12:00:00-0800' T4,2026-07-01T12:00:00 T5,2026-01-01T12:00:00.250 > items.csv
    for dates in iso dmy mdy; do
        imports items items.csv --set dates=$dates
        holds "select item_id, opened_at from item order by all" "items:T1 2026-07-01 12:00:00" \
            "items:T2 2026-07-01 06:30:00" "items:T3 2026-07-01 20:00:00" "items:T4 2026-07-01 10:00:00" \
            "items:T5 2026-01-01 11:00:00.25"
    done
}

@test "a time that the clocks skipped counts on, and one that they showed twice is the later" {
    rm -rf w
    "$ASSAY" init w --timezone Europe/Berlin > /dev/null
    # 2026-03-29: from 02:00 CET to 03:00 CEST; 2026-10-25: from 03:00 CEST to 02:00 CET.
    printf '%s\n' item_id,opened_at,closed_at 'T1,2026-03-29 01:59:59,2026-03-29 02:30:00' \
        'T2,2026-03-29 02:30:00,2026-03-29 03:30:00' 'T3,2026-10-25 01:59:59,2026-10-25 02:30:00' \
        'T4,2026-10-25T02:30:00+02:00,2026-10-25T02:30:00+01:00' > items.csv
    imports items items.csv
    says "accepted 4 · rejected 0"
    holds "select opened_at, closed_at from item order by item_id" \
        "2026-03-29 00:59:59 2026-03-29 01:30:00" "2026-03-29 01:30:00 2026-03-29 01:30:00" \
        "2026-10-24 23:59:59 2026-10-25 01:30:00" "2026-10-25 00:30:00 2026-10-25 01:30:00"
}

@test "times that are none are rejected" {
    printf '%s\n' item_id,opened_at T1,2026-02-30 T2,infinity T3,-infinity T4,25:00 T5,1751328000 T6,0000-00-00 \
        'T7,2026-07-01 24:30:00' T8,tomorrow > items.csv
    accepts_none items items.csv
    says "accepted 0 · rejected 8"
    holds "select distinct column_name || ': ' || reason from rejected" "opened_at: not a time"
}

# ---- Numbers -------------------------------------------------------------------------------

@test "numbers that are not finite, negative or text are rejected by column" {
    printf '%s\n' usage_id,occurred_at,input_tokens,output_tokens,usd \
        a,2026-07-01,-1,1,1 b,2026-07-01,1,-0.5,1 c,2026-07-01,1,1,-1 d,2026-07-01,NaN,1,1 \
        e,2026-07-01,1,inf,1 f,2026-07-01,1,1,-Infinity g,2026-07-01,1e999,1,1 h,2026-07-01,many,1,1 \
        'i,2026-07-01,"1,000",1,1' j,2026-07-01,1,1,1 > usage.csv
    imports usage usage.csv
    says "read 10 · accepted 1 · rejected 9"
    holds "select row, column_name, reason from rejected order by row" "2 input_tokens negative" \
        "3 output_tokens negative" "4 usd negative" "5 input_tokens not a number" \
        "6 output_tokens not a number" "7 usd not a number" "8 input_tokens not a number" \
        "9 input_tokens not a number" "10 input_tokens not a number"
}

@test "a number with a comma is rejected, and the comma is named" {
    printf 'item_id;size\nT1;3,5\nT2;1.234,5\nT3;4.5\nT4;many, or few\n' > items.csv
    run assay import items items.csv
    says "items.csv:2: size: not a number (there is a comma in it; write 1234.5)"
    says "items.csv:3: size: not a number (there is a comma in it; write 1234.5)"
    says "items.csv:5: size: not a number"
    [ "$(grep -c "a comma in it" <<< "$output")" -eq 2 ]
    holds "select size from item" 4.5
}

@test "numbers that are not finite are rejected in JSON lines and Parquet, too" {
    printf '%s\n' '{"item_id": "T1", "size": "NaN"}' '{"item_id": "T2", "size": -1}' \
        '{"item_id": "T3", "size": 1e999}' '{"item_id": "T4", "size": 1}' > items.jsonl
    imports items items.jsonl
    says "accepted 1 · rejected 3"
    write_with "copy (select * from (values ('T1', 'nan'::double), ('T2', -1), ('T3', '-inf'), ('T4', 1))
        as t(item_id, size)) to 'items.parquet'"
    imports items items.parquet
    says "accepted 1 · rejected 3"
    holds "select distinct reason from rejected order by 1" negative "not a number"
}

# ---- Order and keys ------------------------------------------------------------------------

@test "what is closed before it was opened or started is rejected, to the microsecond" {
    printf '%s\n' item_id,opened_at,started_at,closed_at \
        'T1,2026-07-01 00:00:00.000001,,2026-07-01 00:00:00' T2,2026-07-01,2026-07-03,2026-07-02 \
        T3,2026-07-01,2026-07-01,2026-07-01 > items.csv
    imports items items.csv
    says "accepted 1 · rejected 2"
    says "items.csv:2: closed_at: closed before opened"
    says "items.csv:3: closed_at: closed before started"
}

@test "a key twice in one file is one row, and later ones win where they may" {
    printf '%s\n' item_id,size T1,1 T1,2 T1,3 > items.csv
    imports items items.csv
    says "read 3 · accepted 3 · rejected 0 · new 1"
    holds "select size from item" 3.0
    printf '%s\n' usage_id,occurred_at,usd a,2026-07-01,1 a,2026-07-01,2 > usage.csv
    imports usage usage.csv
    says "new 1"
    holds "select usd from usage" 1.0
}

# ---- Sizes ---------------------------------------------------------------------------------

@test "a field of 10 MB costs its row in CSV, and none in JSON lines" {
    big="$dir/big"
    head -c 10000000 /dev/zero | tr '\0' x > "$big"
    { printf 'item_id,team\nT1,a\nT2,'; cat "$big"; printf '\nT3,c\n'; } > items.csv
    imports items items.csv
    says "read 3 · accepted 2 · rejected 1"
    says "items.csv:3: longer than 2,000,000 bytes"
    { printf '{"item_id": "T4", "attr.group": "'; cat "$big"; printf '"}\n{"item_id": "T5"}\n'; } > items.jsonl
    imports items items.jsonl
    says "read 2 · accepted 2 · rejected 0"
    says "attributes dropped, since they were over 64 characters or had an @: 1"
}

@test "5,000 columns are read in CSV and Parquet; JSON lines with as many keys are refused" {
    { echo "item_id,$(seq -f 'c%g' -s, 4998),size"; echo "T1,$(seq -s, 4998),7"; } > items.csv
    imports items items.csv --map attr.last=c4998
    holds "select size, attrs::varchar from item" "7.0 {last=4998}"
    write_with "copy (from read_csv('items.csv', header = true)) to 'items.parquet'"
    imports items items.parquet --map attr.last=c4998
    says "new 0 · changed 0"
    write_with "copy (from read_csv('items.csv', header = true)) to 'items.jsonl' (format json)"
    run assay import items items.jsonl --map attr.last=c4998
    [ "$status" -eq 2 ]
    says "the objects have over 1000 different keys"
}

# ---- Files ---------------------------------------------------------------------------------

@test "a file that may not be read is named, for root without its powers, too" {
    printf '%s\n' item_id T1 > items.csv
    chmod 000 items.csv
    if [ "$(id -u)" -eq 0 ]; then
        command -v setpriv > /dev/null || skip "no setpriv"
        run setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search \
            "$ASSAY" import --workspace w items items.csv
    else
        run assay import items items.csv
    fi
    [ "$status" -eq 2 ]
    says "items.csv: cannot be read: Permission denied"
}

# ---- Settings ------------------------------------------------------------------------------

@test "a setting that is no whole number is told to be one" {
    for given in eight 12.5; do
        sed -i "s/^min_group:.*/min_group: $given/" w/assay.yaml
        run assay status
        [ "$status" -eq 2 ]
        says "w/assay.yaml:4:12: min_group: "
        says "$given"
        says "whole number"
        says "such as 12"
        says_not "such as 12."
    done
}

# ---- What a connector may do ---------------------------------------------------------------

@test "a connector can neither write, attach, install nor look around, in any block" {
    printf '%s\n' item_id T1 > items.csv
    echo topsecret-4711 > secret.txt
    attacks=(
        "select * from read_csv(['$dir/items.csv', '$dir/secret.txt'])"
        "select * from read_json('$dir/secret.txt')"
        "select * from read_parquet('$dir/w/assay.duckdb')"
        "select * from 'https://example.org/x.csv'"
        "select prompt as item_id, 'errors' as name, '1' as value from sniff_csv('$dir/secret.txt')"
        "with t as (copy source to '$dir/leak.csv') select * from t"
        "export database '$dir/leak'"
        "insert into source values ('T9')"
        "call enable_logging(storage = 'file', storage_path = '$dir/leak')"
        "install spatial from 'https://example.org'"
        "detach system"
        "select getenv('HOME') as item_id"
        "select * from query('copy (select 1) to ''$dir/leak.csv''')"
        "vacuum"
        "checkpoint"
    )
    for attack in "${attacks[@]}"; do
        printf '%s\n' '-- connector: own' '-- about: mine' '-- reads: csv' '-- from memory' '-- columns: item_id!' '' \
            '-- into: item' 'select item_id from source;' '-- into: measure' "$attack;" > w/connectors/own.sql
        run assay import own items.csv
        [ "$status" -eq 2 ] || { echo "exit $status for: $attack: $output"; false; }
        says_not topsecret
        [ "$(stored 'select count(*) from item')" = 0 ]
    done
    [ "$(cat items.csv)" = "$(printf '%s\n' item_id T1)" ]
    [ ! -e leak.csv ]
    [ ! -e leak ]
}
