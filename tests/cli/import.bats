#!/usr/bin/env bats
# `assay init` and `assay import`, as somebody with a strange file meets them.
# ASSAY is the program, SUPPORT_DESK the generator of the demo's files.

setup() {
    dir="$(mktemp -d)"
    cd "$dir"
    export TZ=UTC HOME="$dir" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
    unset ASSAY_WORKSPACE
    "$ASSAY" init w > /dev/null
}

teardown() {
    cd /
    rm -rf "$dir"
}

assay() {
    local verb="$1"
    shift
    "$ASSAY" "$verb" --workspace w "$@"
}

# How many rows `status` counts under a name: "items", "rejected rows".
count() {
    assay status | sed -nE "s/^ +$1 +([0-9]+)$/\1/p"
}

says() {
    [[ "$output" == *"$1"* ]] || { echo "wanted: $1"; echo "got: $output"; false; }
}

says_not() {
    [[ "$output" != *"$1"* ]] || { echo "unwanted: $1"; echo "got: $output"; false; }
}

# An import that must be refused as the user's error, with nothing stored.
refused() {
    run assay import "$@"
    [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
    [[ "$output" == "assay: "* ]] || { echo "$output"; false; }
    [ "$(grep -c '' <<< "$output")" -eq 1 ] || { echo "more than one line: $output"; false; }
}

few_items() {
    printf '%s\n' item_id,worker,opened_at,closed_at,size \
        T1,ann,2026-07-01,2026-07-02,1 T2,bob,2026-07-01,2026-07-03,2 > items.csv
}

# ---- init ---------------------------------------------------------------------------------

@test "init makes a folder and files that nobody else may read" {
    umask 022
    "$ASSAY" init made
    [ "$(stat -c %a made)" = 700 ]
    [ -z "$(find made -mindepth 1 -type f ! -perm 600)" ]
    [ -z "$(find made -mindepth 1 -type d ! -perm 700)" ]
}

@test "files written by a later import are for the owner only, too" {
    umask 022
    few_items
    assay import items items.csv
    assay status
    [ -z "$(find w -type f ! -perm 600)" ]
}

@test "init refuses a folder that holds files, and leaves them alone" {
    mkdir full
    echo mine > full/file
    run "$ASSAY" init full
    [ "$status" -eq 2 ]
    says "full: the folder is not empty"
    [ "$(ls -A full)" = file ]
}

@test "an init that fails leaves nothing behind" {
    run "$ASSAY" init new --timezone Nope
    [ "$status" -eq 2 ]
    says '--timezone: there is no time zone "Nope"'
    [ ! -e new ]
    mkdir hidden
    touch hidden/.keep
    run "$ASSAY" init hidden --timezone Nope
    [ "$(ls -A hidden)" = .keep ]
    [ -n "$KEPT_WRITES_LIBRARY" ] || return 0 # a sanitized program cannot be watched
    for ((from = 1; from < 100; from++)); do
        run env LD_PRELOAD="$KEPT_WRITES_LIBRARY" FULL_FROM=$from "$ASSAY" init new
        [ "$status" -ne 0 ] || break
        says "no space left on the disk"
        [ ! -e new ] || { ls -A new; false; }
        run env LD_PRELOAD="$KEPT_WRITES_LIBRARY" FULL_FROM=$from "$ASSAY" init hidden
        [ "$(ls -A hidden)" = .keep ]
    done
    [ "$from" -gt 5 ]
    rm -r new
    # A quota that closing a file finds used up.
    run env LD_PRELOAD="$KEPT_WRITES_LIBRARY" NO_CLOSE=/use_cases.yaml.new "$ASSAY" init new
    [ "$status" -eq 2 ]
    says "new/use_cases.yaml: no space left on the disk"
    [ ! -e new ]
    "$ASSAY" init new/
    grep -q '^name: "new"$' new/assay.yaml
}

@test "init refuses a folder that is a workspace already, and keeps its key" {
    before="$(sha256sum w/secret.key)"
    run "$ASSAY" init w
    [ "$status" -eq 2 ]
    says "workspace already"
    [ "$(sha256sum w/secret.key)" = "$before" ]
}

@test "init refuses a folder inside a workspace, and one without a name" {
    for folder in w/inner w/metrics ./w/../w/plans/; do
        run "$ASSAY" init "$folder"
        [ "$status" -eq 2 ]
        says "$folder: this lies inside the workspace $dir/w; make the new one outside of it"
    done
    [ ! -e w/inner ]
    cd w
    run "$ASSAY" init again
    [ "$status" -eq 2 ]
    says "again: this lies inside the workspace"
    cd ..
    run "$ASSAY" init ''
    [ "$status" -eq 2 ]
    says "the folder has no name; name one, such as: assay init q3"
}

@test "a time zone, an amount of memory and a depth that are none are refused in our own words" {
    before="$(cat w/assay.yaml)"
    for memory in lots 80% 100 4.4.4GB -1GB 0GB; do
        printf '%s\nmemory: %s\n' "$before" "$memory" > w/assay.yaml
        run assay status
        [ "$status" -eq 2 ]
        says "w/assay.yaml:9:9: memory: \"$memory\" is no amount of memory; write a number and MB or GB: 4GB"
    done
    printf '%s\nmemory: 1MB\n' "$before" > w/assay.yaml
    run assay status
    says "w/assay.yaml:9:9: memory: 1MB is too little"
    printf '%s\nmemory: 0.5 gib\n' "$before" > w/assay.yaml
    assay status
    echo "${before/timezone: */timezone: Mars/Olympus}" > w/assay.yaml
    run assay status
    [ "$status" -eq 2 ]
    says 'w/assay.yaml:2:11: timezone: there is no time zone "Mars/Olympus"; write a name such as'
    echo "$before" > w/assay.yaml
    run "$ASSAY" init other --timezone Mars/Olympus
    [ "$status" -eq 2 ]
    says '--timezone: there is no time zone "Mars/Olympus"'
    few_items
    assay import items items.csv --set use_case=x
    run assay compare --metric cycle_time 2026Q3 --like "$(printf 'not %.0s' $(seq 1000))covered"
    [ "$status" -eq 2 ]
    says "the formula is nested too deep"
    says_not SET
}

@test "a folder's name that is no UTF-8 is not written into the settings" {
    folder="$(printf 'caf\351')"
    "$ASSAY" init "$folder"
    "$ASSAY" status --workspace "$folder"
    grep -qx 'name: "assay"' "$folder/assay.yaml"
}

@test "settings that nothing goes by yet are read strictly all the same" {
    before="$(cat w/assay.yaml)"
    printf '%s\nretention: a while\n' "$before" > w/assay.yaml
    run assay status
    [ "$status" -eq 2 ]
    says "w/assay.yaml:9:12: retention: "
    printf '%s\nretention: 400d\n' "$before" > w/assay.yaml
    assay status
    echo "${before/week_starts: monday/week_starts: friday}" > w/assay.yaml
    run assay status
    [ "$status" -eq 2 ]
    says "w/assay.yaml:3:14: week_starts: "
}

@test "without a workspace, import says how to make one" {
    few_items
    run "$ASSAY" import items items.csv
    [ "$status" -eq 2 ]
    says "assay init"
}

# ---- The way things should go --------------------------------------------------------------

@test "a file with foreign column names is read through --map" {
    "$SUPPORT_DESK" desk
    run assay import items desk/tickets.csv --map item_id="Ticket ID" --map worker=Assignee \
        --map opened_at=Created --map started_at=Started --map closed_at=Solved \
        --map updated_at=Updated --map state=Status --map attr.group=Group \
        --map measure.reworked=Reopened
    [ "$status" -eq 0 ]
    rows=$(($(wc -l < desk/tickets.csv) - 1))
    says "read $rows · accepted $rows · rejected 0 · new $rows · changed 0"
    says 'Not read:'
    says '"Words"'
    [ "$(count items)" = "$rows" ]
}

@test "the same file again changes nothing" {
    few_items
    assay import items items.csv
    run assay import items items.csv
    [ "$status" -eq 0 ]
    says "new 0 · changed 0"
    [ "$(count items)" = 2 ]
    [[ "$(assay status)" == *"data version 1 "* ]]
}

is_made() {
    run assay import "$@"
    [ "$status" -eq 0 ] || { echo "$output"; false; }
    says_not "nothing to do"
}

@test "the last import over again is told at once, and noted" {
    few_items
    is_made items items.csv
    run assay import items items.csv
    says "item        read 2 · accepted 2 · rejected 0 · new 0 · changed 0"
    says "This is the last import over again, and nothing has changed since: nothing to do."
    noted="select count(*) || ' ' || sum(accepted) from imported where connector = 'items'"
    [ "$("$RUN_SQL" w/assay.duckdb "$noted")" = "2 4" ]
    run assay import items items.csv --dry-run
    says_not "nothing to do"
}

@test "the same file again is read again where anything else is another" {
    few_items
    is_made items items.csv
    is_made items items.csv --map attr.size=size
    is_made items items.csv --map attr.size=size --set use_case=mail
    sed -i 's/^timezone:.*/timezone: Asia\/Tokyo/' w/assay.yaml
    is_made items items.csv --map attr.size=size --set use_case=mail
    run assay import items items.csv --map attr.size=size --set use_case=mail
    says "nothing to do"
    printf 'worker,team\nann,North\n' > teams.csv
    is_made memberships teams.csv
    is_made items items.csv --map attr.size=size --set use_case=mail
    printf 'ann\n' > leavers.txt
    assay forget --worker-file leavers.txt
    is_made items items.csv --map attr.size=size --set use_case=mail
    is_made items items.csv
    cp items.csv items.jsonl
    run assay import items items.jsonl
    says_not "nothing to do"
}

@test "the same file again is read again where it has rows to name" {
    printf 'item_id,size\nT1,1\nT2,many\n' > items.csv
    is_made items items.csv
    is_made items items.csv
    says "items.csv:3: size: not a number"
}

@test "calls without their items are told again at once, until the items are there" {
    printf 'usage_id,occurred_at,worker,tool,item_id\nu1,2026-07-01,ann,chat,T1\n' > calls.csv
    is_made usage calls.csv
    says "calls that name items which are not here: 1."
    run assay import usage calls.csv
    says "calls that name items which are not here: 1."
    says "nothing to do"
    few_items
    is_made items items.csv
    is_made usage calls.csv
    says_not "items which are not here"
    run assay import usage calls.csv
    says "nothing to do"
    says_not "items which are not here"
}

@test "other bytes of the same rows change nothing" {
    few_items
    is_made items items.csv
    cp items.csv other.csv
    echo >> other.csv
    is_made items other.csv
    says "read 2 · accepted 2 · rejected 0 · new 0 · changed 0"
    [[ "$(assay status)" == *"data version 1 "* ]]
}

@test "a corrected file changes the row that was corrected" {
    few_items
    assay import items items.csv
    sed -i 's/2026-07-03,2/2026-07-04,2/' items.csv
    run assay import items items.csv
    [ "$status" -eq 0 ]
    says "new 0 · changed 1"
    [ "$(count items)" = 2 ]
}

@test "a person written with other blanks, in other letters or another form is one person" {
    printf 'item_id,worker,opened_at\n1,Ann Lee,2026-04-01\n2,ann  lee ,2026-04-01\n3,ANN\u00a0LEE,2026-04-01\n4,Ann\tLee,2026-04-01\n5,Annlee,2026-04-01\n6,Zo\u00e9 B,2026-04-01\n7,Zoe\u0301\u00a0\u00a0b,2026-04-01\n' > items.csv
    assay import items items.csv --set use_case=mail
    [ "$("$RUN_SQL" w/assay.duckdb "select count(distinct worker) from item where item_id in ('items:1', 'items:2', 'items:3', 'items:4')")" = 1 ]
    [ "$("$RUN_SQL" w/assay.duckdb "select count(distinct worker) from item where item_id in ('items:6', 'items:7')")" = 1 ]
    [ "$("$RUN_SQL" w/assay.duckdb "select count(distinct worker) from item")" = 3 ]
}

@test "use cases in other scripts stay apart" {
    printf '%s\n' item_id,worker,use_case "1,a,請求" "2,a,返品" "3,a,技術サポート" "4,a,Возврат" "5,a,Счёт" \
        "6,a,Billing / Mail" > items.csv
    "$ASSAY" init o --own-data > /dev/null
    "$ASSAY" import --workspace o items items.csv
    "$ASSAY" status --workspace o > status
    cat status
    for name in 請求 返品 技術サポート возврат счёт billing_mail; do
        grep -q "^$name " status
    done
}

@test "without the key imports say why, and everything else goes on" {
    few_items
    assay import items items.csv
    rm w/secret.key
    for verb in report status metrics connectors "compare --metric size"; do
        run assay $verb
        says_not secret.key
    done
    run assay status
    [ "$status" -eq 0 ]
    [ "$(count items)" = 2 ]
    refused items items.csv
    says "secret.key: the key of the pseudonyms is gone, and imports need it"
    refused items items.csv --dry-run
    git init -q -b main repo
    commit one
    refused git repo
    says "secret.key"
    head -c 32 /dev/urandom > w/secret.key
    refused items items.csv
    says "another key"
}

@test "a dry run shows hashed workers and writes nothing" {
    few_items
    before="$(find w -type f ! -name lock -exec sha256sum {} +)"
    run assay import items items.csv --dry-run
    [ "$status" -eq 0 ]
    says "items:T1"
    [[ "$output" =~ worker\ +[0-9a-f]{16} ]]
    says_not ann
    says_not bob
    [ "$(find w -type f ! -name lock -exec sha256sum {} +)" = "$before" ]
}

# ---- Columns -------------------------------------------------------------------------------

@test "a missing required column is named, with the nearest one" {
    printf '%s\n' itemid,worker T1,ann > items.csv
    refused items items.csv
    says 'items.csv:1: the file has no column "item_id"; did you mean "itemid"?'
    says '--map item_id="COLUMN"'
}

@test "a target of --map that is none is named, with the nearest one" {
    few_items
    refused items items.csv --map workr=worker
    says '"workr"; did you mean worker'
}

@test "a column of --map that the file lacks is named, with the nearest one" {
    few_items
    refused items items.csv --map worker=wroker
    says 'no column "wroker"; did you mean "worker"?'
}

@test "a --map without an equals sign is shown how to be written" {
    few_items
    refused items items.csv --map worker
    says 'write --map item_id="Ticket ID"'
}

@test "a column that is mapped twice, and a flag that is given twice, are refused" {
    few_items
    refused items items.csv --map size=opened_at --map size=closed_at
    says '--map: size is mapped twice, to "opened_at" and to "closed_at"'
    run assay report --format csv --format json
    [ "$status" -eq 2 ]
    says "--format is given twice"
    assay import items items.csv --map attr.a=size --map attr.b=size --set use_case=x
}

@test "an assignment without a plan is rejected, unless --set names one" {
    few_items
    assay import items items.csv
    printf 'unit,arm\nT1,ai\n' > trial.csv
    run assay import assignments trial.csv
    says "rejected 1"
    says "plan: empty"
    [ "$(count assignments)" = 0 ]
    assay import assignments trial.csv --set plan=p
    [ "$(count assignments)" = 1 ]
}

@test "a header with the same name twice is refused" {
    printf '%s\n' item_id,size,Size T1,1,2 > items.csv
    refused items items.csv
    says 'items.csv:1: columns 2 and 3 are both named "Size"'
}

@test "an unknown connector is answered with the nearest" {
    few_items
    refused itmes items.csv
    says 'there is no connector "itmes"; did you mean items?'
}

@test "an unknown option of a connector is answered with the nearest" {
    few_items
    refused items items.csv --set date=dmy
    says 'no option "date"; did you mean dates'
}

# ---- Files that are no CSV -----------------------------------------------------------------

@test "a file with only a header has no rows, and is no error" {
    echo item_id,worker > items.csv
    run assay import items items.csv
    [ "$status" -eq 0 ]
    says "read 0 · accepted 0 · rejected 0 · new 0 · changed 0"
    says "the file has a header and 0 rows"
    printf item_id,worker > items.csv
    run assay import items items.csv
    [ "$status" -eq 0 ]
    says "read 0"
}

@test "an empty file is said to be empty" {
    : > items.csv
    refused items items.csv
    says "items.csv: the file is empty"
}

@test "a folder is said to be one" {
    mkdir items.csv
    refused items items.csv
    says "this is a folder"
}

@test "a file that is missing is named" {
    refused items nowhere.csv
    says "nowhere.csv: cannot be read: No such file"
}

@test "a file that may not be read is named" {
    [ "$(id -u)" -ne 0 ] || skip "root may read everything"
    few_items
    chmod 000 items.csv
    refused items items.csv
    says "items.csv: cannot be read: Permission denied"
}

@test "a pipe is refused at once, and not waited for" {
    mkfifo items.csv
    run timeout 10 "$ASSAY" import --workspace w items items.csv
    [ "$status" -eq 2 ]
    says "no regular file"
}

@test "UTF-16 is named, with the way out" {
    few_items
    iconv -f UTF-8 -t UTF-16 items.csv > wide.csv
    refused items wide.csv
    says "UTF-16"
    says "iconv"
}

# ---- Rows that are wrong -------------------------------------------------------------------

@test "rows of every wrong kind are counted, kept and shown with their line" {
    printf '%s\n' item_id,worker,opened_at,closed_at,size \
        T1,ann,2026-07-01,2026-07-02,1 \
        T2,ann,2026-07-01,2026-07-02 \
        T3,ann,2026-13-01,2026-07-02,1 \
        T4,ann,2026-07-03,2026-07-02,1 \
        T5,ann,2026-07-01,2026-07-02,1,9 \
        T6,ann,2026-07-01,2026-07-02,1 > items.csv
    run assay import items items.csv
    [ "$status" -eq 0 ]
    says "item        read 6 · accepted 2 · rejected 4 · new 2 · changed 0"
    says "items.csv:3: fewer columns than the header"
    says "items.csv:4: opened_at: not a time"
    says "items.csv:5: closed_at: closed before opened"
    says "items.csv:6: more columns than the header"
    [ "$(count items)" = 2 ]
    [ "$(count 'rejected rows')" = 4 ]
}

@test "bad numbers and empty keys are named by column" {
    printf '%s\n' item_id,size,opened_at T1,many,2026-07-01 T2,-4,2026-07-01 ,3,2026-07-01 \
        T4,nan,2026-07-01 T5,5,2026-02-29 > items.csv
    run assay import items items.csv
    [ "$status" -eq 1 ]
    says "items.csv:2: size: not a number"
    says "items.csv:3: size: negative"
    says "items.csv:4: item_id: empty"
    says "items.csv:5: size: not a number"
    says "items.csv:6: opened_at: not a time"
    [ "$(count 'rejected rows')" = 5 ]
}

@test "lines are right far into a file, where both kinds are mixed" {
    { echo item_id,opened_at,size
      for i in $(seq 2 40001); do
          case $i in
          9999 | 30000) echo "T$i,2026-07-01" ;;
          10001 | 40000) echo "T$i,2026-07-01,x" ;;
          20000) echo "T$i,2026-07-01,1,2,3" ;;
          *) echo "T$i,2026-07-01,1" ;;
          esac
      done; } > items.csv
    run assay import items items.csv
    [ "$status" -eq 0 ]
    says "read 40000 · accepted 39995 · rejected 5"
    says "items.csv:9999: fewer"
    says "items.csv:10001: size: not a number"
    says "items.csv:20000: more"
    says "items.csv:30000: fewer"
    says "items.csv:40000: size: not a number"
}

@test "the same file with wrong rows again keeps each of them once" {
    printf '%s\n' item_id,size T1,x T2 T3,1 > items.csv
    run assay import items items.csv
    assay import items items.csv
    [ "$(count 'rejected rows')" = 2 ]
}

@test "of many wrong rows a few are shown and the rest are counted" {
    { echo item_id,size; for i in $(seq 1 30); do echo "T$i,x"; done; } > items.csv
    run assay import items items.csv
    [ "$status" -eq 1 ]
    says "and 25 more"
    [ "$(count 'rejected rows')" = 30 ]
}

@test "a dry run says what the import would refuse, and why, as the import does" {
    both() { # FILE FLAGS…, then in $output what each said, and their exit status
        run assay import items "$@" --dry-run
        tried="$status"
        local of_trial="$output"
        run assay import items "$@"
        [ "$tried" -eq "$status" ] || { echo "$tried: $of_trial; $status: $output"; false; }
        says "$wanted"
        output="$of_trial"
        says "$wanted"
    }
    printf '%s\n' item_id,opened_at,closed_at T1,2026-01-01,2026-01-02 T2,2026-01-03,2026-01-02 \
        T3 T4,soon, > items.csv
    wanted="items.csv:3: closed_at: closed before opened" both items.csv
    says "read 4 · accepted 1 · rejected 3 (nothing is stored)"
    says "items.csv:4: fewer columns than the header"
    says "items.csv:5: opened_at: not a time"
    says_not "--rejected"
    wanted="items.csv:5: opened_at: not a time" both items.csv --strict
    [ "$tried" -eq 2 ]
    printf '%s\n' item_id,opened_at T1,07/08/2026 T2,07/08/2026 > items.csv
    wanted="opened_at: 2 of 2 values are no times as dates=iso reads them. dates=dmy and dates=mdy both" both items.csv
    says_not "as it would be stored"
    [ "$tried" -eq 1 ]
    printf '%s\n' item_id,opened_at T1,07/08/2026 T2,07/31/2026 > items.csv
    wanted="it looks like --set dates=mdy" both items.csv --set dates=dmy
    [ "$tried" -eq 2 ]
    printf 'item_id,worker\r\nT1,ann\nT2,bob\r\n' > items.csv
    wanted="items.csv: some lines end in CR LF and some do not; nothing was imported." both items.csv
}

@test "a dry run looks at the first rows of a large file, and says so" {
    { echo item_id,size; seq -f 'T%.0f,1' 1 100000; echo T0,x; } > items.csv
    run assay import items items.csv --dry-run
    says "of the first rows: read 100000 · accepted 100000 · rejected 0 (nothing is stored)"
    sed -i '3d' items.csv
    run assay import items items.csv --dry-run
    says "read 100000 · accepted 99999 · rejected 1 (nothing is stored)"
    says "items.csv:100001: size: not a number"
}

@test "a dry run shows times in the workspace's zone, and names it" {
    sed -i 's/^timezone:.*/timezone: Europe\/Berlin/' w/assay.yaml
    printf '%s\n' item_id,opened_at,closed_at T1,2026-01-01,2026-07-02T00:00:00Z > items.csv
    run assay import items items.csv --dry-run
    says "item, as it would be stored (nothing was), times in Europe/Berlin:"
    says "opened_at          2026-01-01 00:00:00"
    says "closed_at          2026-07-02 02:00:00"
}

@test "numbers with a decimal comma are read when told so, and the import says so once" {
    printf '%s\n' 'Nr;Aufwand;Ende' '1;3,5;2026-07-01' '2;4,25;2026-07-02' '3;7;2026-07-03' '4;;soon' > items.csv
    columns=(--map item_id=Nr --map size=Aufwand --map closed_at=Ende)
    for flag in "" --dry-run; do
        run assay import items items.csv "${columns[@]}" $flag
        says 'items.csv:2: size ("Aufwand"): not a number (there is a comma in it; write 1234.5)'
        says 'size ("Aufwand"): 2 of 3 values are no numbers: a comma stands where a point is expected; --set decimal=comma reads 2 of these'
        says 'items.csv:5: closed_at ("Ende"): not a time'
        says_not "thousands"
    done
    run assay import items items.csv "${columns[@]}" --set decimal=comma
    says "accepted 3 · rejected 1"
    [ "$("$RUN_SQL" w/assay.duckdb "select string_agg(size::varchar, ' ' order by item_id) from item")" = "3.5 4.25 7.0" ]
    refused items items.csv "${columns[@]}" --set decimal=dot
    says "is none of point (1234.5), comma (1234,5)"
}

@test "a sign between thousands is refused, whichever sign is the decimal one" {
    printf '%s\n' 'item_id;size' '1;1,234' '2;7' '3;1,234,567' > items.csv
    run assay import items items.csv
    says "accepted 1 · rejected 2"
    says "decimal=comma reads 1 of these. A comma may stand between thousands in some of them, though: look at them first"
    printf '%s\n' 'item_id;size' '1;1.234,5' '2;1.234' '3;1234,5' > items.csv
    run assay import items items.csv --set decimal=comma
    says "accepted 1 · rejected 2"
    says "items.csv:3: size: not a number (there is a point in it; write 1234,5)"
    says_not "decimal=point"
    printf '%s\n' 'item_id;size' '1;1.5' '2;2.25' > items.csv
    run assay import items items.csv --set decimal=comma
    says "size: 2 of 2 values are no numbers: a point stands where a comma is expected; --set decimal=point reads 2 of these"
}

@test "a measure is rejected by the file's names of the columns that its time is of" {
    printf '%s\n' Nr,Auf,Ende,CSAT 1,01.07.2026,02.07.2026,1 > items.csv
    run assay import items items.csv --map item_id=Nr --map opened_at=Auf --map closed_at=Ende \
        --map measure.satisfaction=CSAT
    says 'items.csv:2: occurred_at ("Auf" or "Ende"): not a time'
}

@test "what is no id is rejected: a NUL, an object, a list" {
    printf '%s\n' '{"item_id":{"a":1}}' '{"item_id":"a\u0000b"}' '{"item_id":[1]}' '{"item_id":"[T-1]"}' > items.jsonl
    run assay import items items.jsonl
    says "accepted 1 · rejected 3"
    says "items.jsonl:1: item_id: an object or a list"
    says "items.jsonl:2: item_id: holds a NUL"
    [ "$("$RUN_SQL" w/assay.duckdb "select item_id from item")" = "items:[T-1]" ]
}

@test "a name that looks like a value is not suggested, and bytes that are not UTF-8 are not shown" {
    printf '%s\n' '{"jane@example.com": 1, "key": "T1"}' > items.jsonl
    refused items items.jsonl --map item_id=jane@example.co
    says "it has: key"
    says_not "jane@example.com"
    printf 'item_id,Gr\xf6\xdfe\n1,2\n' > items.csv
    run assay import items items.csv
    says "Not read: \"Gr��e\""
}

# ---- Dialects ------------------------------------------------------------------------------

@test "dates of day, month, year are read when told so" {
    printf '%s\n' item_id,opened_at,closed_at T1,13/07/2026,14/07/2026 \
        "T2,01/02/2026 10:00,31/03/2026 11:30" T3,07/13/2026, > items.csv
    run assay import items items.csv --set dates=dmy
    [ "$status" -eq 0 ]
    says "accepted 2 · rejected 1"
    says "items.csv:4: opened_at: not a time"
    run assay import items items.csv --set dates=dmy --dry-run
    says "as it would be stored (nothing was), times in "
    says "opened_at          2026-02-01 10:00:00"
    refused items items.csv --set dates=french
    says "iso (2026-07-31), dmy (31/07/2026), mdy"
}

@test "semicolons and tabs separate columns as well as commas" {
    printf '%s\n' 'item_id;worker;size' 'T1;ann;1' 'T2;"a;b";2' > semicolon.csv
    printf 'item_id\tworker\tsize\nT3\tann\t1\n' > tab.csv
    run assay import items semicolon.csv
    says "accepted 2 · rejected 0"
    run assay import items tab.csv
    says "accepted 1 · rejected 0"
}

@test "a byte order mark and lines that end in CR LF are no part of names or values" {
    printf '\xef\xbb\xbfitem_id,state\r\nT1,done\r\nT2,open\r\n' > items.csv
    run assay import items items.csv --dry-run
    [ "$status" -eq 0 ]
    says "items:T1"
    says "done"
    says_not $'\r'
    run assay import items items.csv
    says "accepted 2 · rejected 0"
}

@test "a newline in quotes is part of its value" {
    printf '%s\n' item_id,team,size 'T1,"North' 'and South",1' 'T2,"a ""b""",2' > items.csv
    run assay import items items.csv
    [ "$status" -eq 0 ]
    says "read 2 · accepted 2 · rejected 0"
    [ "$(count items)" = 2 ]
}

@test "text that is not UTF-8 is refused row by row" {
    printf 'item_id,team\nT1,ok\nT2,caf\xe9\n' > items.csv
    run assay import items items.csv
    [ "$status" -eq 0 ]
    says "accepted 1 · rejected 1"
    says "items.csv:3:"
    says "not UTF-8"
}

# ---- The user's own connectors -------------------------------------------------------------

own() {
    printf '%s\n' '-- connector: own' '-- about: mine' '-- reads: csv' '-- from memory' \
        '-- options: source=own' '-- columns: item_id!, worker' '' '-- into: item' "$@" \
        > w/connectors/own.sql
}

@test "a connector of one's own is found and read" {
    few_items
    own 'select source_row, item_id, worker from source;'
    run assay import own items.csv
    [ "$status" -eq 0 ]
    says "new 2"
}

@test "a syntax error in one's own connector is placed in its file" {
    few_items
    own 'selekt item_id from source;'
    run assay import own items.csv
    [ "$status" -eq 2 ]
    says 'w/connectors/own.sql:9:1: the select into item: Parser Error: syntax error at or near "selekt"'
    own '' '' 'select' '    item_id,' '    wurker as worker' 'from source;'
    refused own items.csv
    says 'w/connectors/own.sql:13:5: the select into item: Binder Error'
    says wurker
    [ "$(count items)" = 0 ]
}

@test "a connector cannot reach past the one file, nor run a second statement" {
    few_items
    echo topsecret-4711 > secret.txt
    export TOPSECRET=topsecret-4711
    attacks=(
        "select column0 as item_id from read_csv('/etc/passwd', header = false, delim = '|')"
        "select content as item_id from read_text('$dir/secret.txt')"
        "select content::varchar as item_id from read_blob('$dir/w/secret.key')"
        "select file as item_id from glob('/etc/*')"
        "select * from '$dir/secret.txt'"
        "attach '$dir/other.duckdb' as other"
        "copy (select 1) to '$dir/leak.csv'"
        "install httpfs"
        "load httpfs"
        "select getenv('TOPSECRET') as item_id"
        "select item_id from source; select 1"
        "select item_id from source); copy (select 1) to '$dir/leak.csv'; select * from (select 1 as item_id"
        "select item_id from source); drop view source; --"
        "set enable_external_access = true"
        "pragma database_list"
        "create table x as select 1"
    )
    for attack in "${attacks[@]}"; do
        own "$attack;"
        run assay import own items.csv
        [ "$status" -eq 2 ] || { echo "exit $status for: $attack: $output"; false; }
        says_not topsecret-4711
        says_not root:
    done
    [ ! -e leak.csv ]
    [ ! -e other.duckdb ]
    [ "$(count items)" = 0 ]
    [ "$(count 'rejected rows')" = 0 ]
    run grep -rlaF -e topsecret-4711 -e root:x w
    [ -z "$output" ] || { echo "$output"; false; }
}

# ---- Names ---------------------------------------------------------------------------------

@test "no name, address or prompt is in any byte of the workspace or of the output" {
    { echo item_id,worker,opened_at,closed_at,size
      for i in $(seq 1 200); do
          case $((i % 4)) in
          0) echo "T$i,Zyxname$i Qwvert,2026-07-01,2026-07-02,x" ;;
          1) echo "T$i,zyxname$i@qwvert.example,2026-07-01,2026-06-02,1" ;;
          2) echo "T$i,Zyxname$i Qwvert,2026-07-01" ;;
          3) echo "T$i,Zyxname$i Qwvert,2026-07-01,2026-07-02,1" ;;
          esac
      done; } > items.csv
    { echo usage_id,occurred_at,worker,item_id,prompt,input_tokens,tool
      for i in $(seq 1 200); do
          tokens=5
          [ $((i % 3)) -ne 0 ] || tokens=many
          echo "u$i,2026-07-01 10:00:00,zyxname$i@qwvert.example,T$i,\"dear zyxname$i, qwvert\",$tokens,bot"
      done; } > usage.csv
    { assay import items items.csv --dry-run
      assay import usage usage.csv --dry-run
      assay import items items.csv
      assay import usage usage.csv
      assay status; } > printed 2>&1
    grep -q "rejected 150" printed
    [ "$(count items)" = 50 ]
    run grep -aiE 'zyxname|qwvert' printed
    [ -z "$output" ] || { echo "$output"; false; }
    run grep -railE 'zyxname|qwvert' w
    [ -z "$output" ] || { echo "$output"; false; }
    # and what was looked for can be found where it is
    run grep -railE 'zyxname|qwvert' items.csv usage.csv
    [ "$(grep -c '' <<< "$output")" -eq 2 ]
}

@test "an address that is mapped to an attribute is dropped and counted" {
    printf '%s\n' item_id,owner T1,zyxname@qwvert.example T2,north > items.csv
    run assay import items items.csv --map attr.owner=owner
    [ "$status" -eq 0 ]
    says "had an @: 1"
    says_not zyxname
    run grep -railE 'zyxname|qwvert' w
    [ -z "$output" ]
}

@test "names stay out of the workspace where rows are rejected" {
    { echo item_id,worker,size; for i in $(seq 1 200); do echo "T$i,Zyxname$i Qwvert,$((i % 2))x"; done
      for i in $(seq 201 220); do echo "T$i,Zyxname$i Qwvert,1,Zyxname$i"; done; } > items.csv
    run assay import items items.csv
    [ "$status" -eq 1 ]
    says "rejected 220"
    says_not Zyxname
    run grep -railE 'zyxname|qwvert' w
    [ -z "$output" ] || { echo "$output"; false; }
}

@test "names stay out of errors of a connector that fails on them" {
    printf '%s\n' item_id,worker "T1,Zyxname Qwvert" > items.csv
    own 'select item_id, worker::integer::varchar as worker from source;'
    run assay import own items.csv
    [ "$status" -eq 2 ]
    says_not Zyxname
    own 'select item_id, error(worker) as worker from source;'
    run assay import own items.csv
    [ "$status" -eq 2 ]
    says_not Zyxname
}

# ---- Beside others, and cut short ----------------------------------------------------------

@test "beside another writer an import says that the workspace is in use" {
    few_items
    touch w/lock
    exec 9<> w/lock
    flock -x 9
    run assay import items items.csv 9>&-
    exec 9>&-
    [ "$status" -eq 2 ]
    says "workspace in use"
    [ "$(count items)" = 0 ]
    run assay import items items.csv
    [ "$status" -eq 0 ]
}

@test "an import that is killed leaves all of its rows or none" {
    awk 'BEGIN { print "item_id,worker,opened_at,closed_at,size"
        for (i = 1; i <= 200000; i++)
            print "T" i ",person" i % 97 ",2026-07-01 10:00:00,2026-07-02 11:00:00," i % 50 }' > items.csv
    # Moments over the whole import, thickest about its commit: how long it takes is measured first.
    start="$(date +%s%N)"
    assay import items items.csv
    whole=$((($(date +%s%N) - start) / 1000000))
    for part in 10 50 80 90 95 99; do
        wait="$(awk -v all="$whole" -v part="$part" 'BEGIN { print all * part / 100000 }')"
        rm -rf w
        "$ASSAY" init w > /dev/null
        "$ASSAY" import --workspace w items items.csv > /dev/null 2>&1 3>&- &
        child=$!
        sleep "$wait"
        kill -9 "$child" 2> /dev/null || true
        wait "$child" 2> /dev/null || true
        items="$(count items)"
        echo "killed after $wait s: $items items"
        [ "$items" = 0 ] || [ "$items" = 200000 ] || { echo "$items items"; assay status; false; }
    done
    run assay import items items.csv
    [ "$status" -eq 0 ]
    [ "$(count items)" = 200000 ]
}

# ---- git -----------------------------------------------------------------------------------

commit() {
    echo "$1" >> repo/file
    git -C repo add file
    git -C repo -c user.name="Zyxname Qwvert" -c user.email=zyxname@qwvert.example commit -qm "$1"
}

@test "a folder that is no repository is said to be none" {
    mkdir repo
    refused git repo
    says repo
    says repository
    refused git nowhere
    says nowhere
}

@test "an address is answered with the command that clones it, and without its password" {
    refused git https://example.com/team/app.git
    says "git clone https://example.com/team/app.git app && assay import git app"
    refused git git@example.com:team/app.git
    says "git clone git@example.com:team/app.git app && assay import git app"
    refused git https://me:topsecret@example.com/app/
    says "git clone URL app && assay import git app"
    says_not topsecret
    refused git ./nowhere:else
    says_not clone
}

@test "a repository without a commit is no crash" {
    git init -q -b main repo
    run assay import git repo
    [ "$status" -eq 2 ] || [ "$status" -eq 0 ]
    says commit
    [ "$(count items)" = 0 ]
}

@test "a damaged repository is told from an empty one" {
    git init -q -b main repo
    refused git repo
    says "no commits yet"
    commit one
    cp -r repo lost
    rm lost/.git/refs/heads/main
    refused git lost
    says "the branch that is checked out has none"
    cp -r repo hollow
    head="$(git -C repo rev-parse HEAD)"
    rm -f "hollow/.git/objects/${head:0:2}/${head:2}"
    refused git hollow
    says "the repository is damaged"
    says "git fsck"
    echo garbage > repo/.git/HEAD
    refused git repo
    says "it is damaged, or half of it was copied"
}

@test "a repository read twice changes nothing, and a new commit is one new item" {
    git init -q -b main repo
    commit one
    commit two
    run assay import git repo
    [ "$status" -eq 0 ]
    says "item: new 2, changed 0"
    run assay import git repo
    [ "$status" -eq 0 ]
    says "item: new 0, changed 0"
    commit three
    run assay import git repo
    [ "$status" -eq 0 ]
    says "new 1"
    [ "$(count items)" = 3 ]
    says_not Zyxname
    run grep -railE 'zyxname|qwvert' w
    [ -z "$output" ]
}

@test "items that are left out are no items, and what is said of items adds up" {
    git init -q -b main repo
    commit one
    commit two
    git -C repo -c user.name=x -c user.email='1+dependabot[bot]@users.noreply.github.com' \
        commit -q --allow-empty -m bump
    run assay import git repo
    [ "$status" -eq 0 ]
    says "Read 3 commits on main: 2 items"
    says "left out: 0 merges, 1 by bots"
    says "of the items: 0 without a person (they take part in no estimate), 2 from the last 21 days before the newest commit"
}

@test "import git takes none of --map, --set and --dry-run" {
    git init -q -b main repo
    refused git repo --dry-run
    says "none of --map, --set, --dry-run"
}
