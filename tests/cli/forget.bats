#!/usr/bin/env bats
# `assay forget`: a person is gone from the workspace, byte by byte, or wholly there.

setup() {
    dir="$(mktemp -d)"
    cd "$dir"
    export TZ=UTC HOME="$dir" ASSAY_WORKSPACE="$dir/w"
    python3 "$SOURCE/tests/privacy/plant.py" planted 3000
    head -n 3 planted/names.txt >leavers.txt
}

teardown() {
    cd /
    rm -rf "$dir"
}

says() {
    [[ "$output" == *"$1"* ]] || { echo "wanted: $1"; echo "got: $output"; false; }
}

# Everything that names the 500, by a program that stores texts as they are.
load() {
    "$ASSAY_PLAIN" init w --timezone UTC $1
    for kind in people memberships assignments items usage; do
        "$ASSAY_PLAIN" import $kind planted/$kind.csv 2>/dev/null
    done
    "$ASSAY_PLAIN" status
}

# The pseudonyms of the leavers and of their addresses, as an import would store them, and the first
# eight digits of each: the engine keeps as much of the least and greatest value of a column.
pseudonyms() {
    { echo worker,team; sed 's/$/,t/' leavers.txt
      grep -F -f leavers.txt planted/people.csv | sed 's/,.*/,t/'; } >who.csv
    "$ASSAY_PLAIN" import memberships who.csv --dry-run |
        sed -nE 's/^ +worker +([0-9a-f]{16})$/\1\n\1/p' | sed '2~2s/.\{8\}$//' >pseudonyms.txt
    [ "$(wc -l <pseudonyms.txt)" -ge 10 ]
}

hits() {
    python3 "$SOURCE/tests/privacy/search.py" pseudonyms.txt "$@" | tee /dev/stderr |
        sed -n 's/^bytes searched .*, hits //p'
}

count() {
    "$ASSAY" status | sed -nE "s/^ +$1 +([0-9]+)$/\1/p"
}

@test "the bytes of a pseudonym are in the workspace before, and nowhere in it after" {
    load
    pseudonyms
    [ "$(hits w)" -gt 50 ]
    items=$(count items)
    run "$ASSAY_PLAIN" forget --worker-file leavers.txt
    echo "$output"
    [ "$status" -eq 0 ]
    says "3 of 3 names were found."
    [ "$(hits w)" = 0 ]
    [ "$(count items)" = $((items - 18)) ] # 3000 rows of 500 people
    [ -z "$(find w -type f ! -perm 600)" ]
    [ "$(ls w | grep -c duckdb)" = 1 ]
    grep -q '"kind":"forget".*"names":3}$' w/registry.jsonl
    # Again, and there is nobody to forget.
    run "$ASSAY" forget --worker-file - <leavers.txt
    [ "$status" -eq 0 ]
    says "0 of 3 names were found; nothing was removed."
    [ "$(wc -l <w/registry.jsonl)" = 2 ]
    # Importing a file that names them brings them back, as the help says.
    "$ASSAY" import items planted/items.csv 2>/dev/null
    [ "$(count items)" = "$items" ]
}

# The support desk of the demo, from the folder desk/.
load_desk() {
    rm -rf w
    "$ASSAY" init w --timezone UTC >/dev/null
    cp "$SOURCE/examples/support/use_cases.yaml" w/
    "$ASSAY" import items desk/tickets.csv --map item_id="Ticket ID" --map opened_at=Created \
        --map started_at=Started --map closed_at=Closed --map worker=Assignee --map team=Team \
        --map state=Status --map updated_at=Updated --map attr.group=Group --map size=Words \
        --map measure.reopened=Reopened >/dev/null 2>&1
    "$ASSAY" import usage desk/usage.csv >/dev/null
    "$ASSAY" import measures desk/satisfaction.csv >/dev/null
    "$ASSAY" import assignments desk/trial.csv >/dev/null
}

@test "a report after is a report of a workspace that never had them" {
    "$SUPPORT_DESK" desk
    load_desk
    printf '%s\n' 'Ines Carvalho' 'Quentin Marchal' 'ŁUKASZ ZIELIŃSKI' >leavers.txt
    "$ASSAY" report --format json >before.json
    "$ASSAY" forget --worker-file leavers.txt
    "$ASSAY" report --format json >after.json
    python3 - <<'PY'
import csv
leavers = {line.strip().lower() for line in open("leavers.txt", encoding="utf-8")}
gone = set()
def keep(name, stays):
    path = f"desk/{name}.csv"
    rows = list(csv.DictReader(open(path, encoding="utf-8", newline="")))
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(row for row in rows if stays(row))
def ticket(row):
    if row["Assignee"].lower() not in leavers:
        return True
    gone.add(row["Ticket ID"])
    return False
keep("tickets", ticket)
assert len(gone) > 50
keep("usage", lambda row: row["worker"].lower() not in leavers)
keep("satisfaction", lambda row: row["item_id"] not in gone)
keep("trial", lambda row: row["unit"] not in gone)
PY
    load_desk
    "$ASSAY" report --format json >never.json
    python3 - <<'PY'
import json
before, after, never = (json.load(open(f"{n}.json"))["rows"] for n in ("before", "after", "never"))
def near(a, b):
    if isinstance(a, float) or isinstance(b, float):
        return abs(a - b) <= 1e-9 * (1 + abs(a))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(near(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(near, a, b))
    return a == b
assert after and not near(before, after)
assert near(after, never)
PY
}

@test "what one person did is not counted, unless all data is one's own" {
    load >/dev/null
    run "$ASSAY" forget --worker-file leavers.txt --dry-run
    [ "$(grep -c '[0-9]' <<<"$output")" = 1 ]
    says "3 of 3 names were found."
    run "$ASSAY" forget --worker-file leavers.txt
    [ "$(grep -v 'in reports/' <<<"$output" | grep -c '[0-9]')" = 1 ]
}

@test "a dry run counts the same, and changes nothing" {
    load "--own-data" >/dev/null
    items=$(count items)
    before="$(sha256sum w/registry.jsonl)"
    run "$ASSAY" forget --worker-file leavers.txt --dry-run
    [ "$status" -eq 0 ]
    says "3 of 3 names were found"
    says "Would be removed, where there are any (nothing was)"
    says "known by 6 pseudonyms"
    echo "$output" | sed -n '/^  /p' >dry
    [ "$(sha256sum w/registry.jsonl)" = "$before" ]
    [ "$(count items)" = "$items" ]
    run "$ASSAY" forget --worker-file leavers.txt
    [ "$(echo "$output" | sed -n '/^Removed/,/^The database/p' | sed -n '/^  /p')" = "$(cat dry)" ]
}

@test "names are taken from a file only, and no message repeats them" {
    load >/dev/null
    run "$ASSAY" forget "Ann Example"
    [ "$status" -eq 2 ]
    says "takes no names on the command line"
    [[ "$output" != *Example* ]]
    run "$ASSAY" forget
    [ "$status" -eq 2 ]
    says "--worker-file"
    run "$ASSAY" forget --worker-file missing.txt
    [ "$status" -eq 2 ]
    says "missing.txt: cannot be read"
    run "$ASSAY" forget --worker-file <(cat leavers.txt) --dry-run
    [ "$status" -eq 0 ]
    says "3 of 3 names"
}

@test "a crash at any write leaves everybody there, and the next command tidies up" {
    [ -n "$KEPT_WRITES_LIBRARY" ] || skip "a sanitized program cannot be watched"
    load >/dev/null
    items=$(count items)
    for end in assay.duckdb.new registry.jsonl; do
        LD_PRELOAD="$KEPT_WRITES_LIBRARY" KEPT_WRITES="$dir/kept" KEPT_WRITES_ABORT=$end \
            "$ASSAY" forget --worker-file leavers.txt && false
        [ -e w/assay.duckdb.new ]
        [ "$(count items)" = "$items" ]
        "$ASSAY" import memberships planted/memberships.csv 2>/dev/null
        [ ! -e w/assay.duckdb.new ]
        [ "$(count items)" = "$items" ]
    done
    "$ASSAY" forget --worker-file leavers.txt
    [ "$(count items)" = $((items - 18)) ]
}

# Everybody is there, in a workspace that is whole, and the registry says of nobody that he was forgotten.
nobody_forgotten() {
    [ "$(count items)" = "$items" ]
    [ "$(sha256sum <w/registry.jsonl)" = "$registry" ]
    "$ASSAY" registry verify >/dev/null
}

forgotten_once() {
    [ "$(count items)" = $((items - 18)) ]
    [ "$(grep -c '"kind":"forget"' w/registry.jsonl)" = 1 ]
    "$ASSAY" registry verify
}

@test "a disk that is full from any write on leaves everybody there, no line, and can be asked again" {
    [ -n "$KEPT_WRITES_LIBRARY" ] || skip "a sanitized program cannot be watched"
    load >/dev/null
    items=$(count items)
    registry="$(sha256sum <w/registry.jsonl)"
    failed=0
    for ((from = 1; from < 200; from++)); do
        run env LD_PRELOAD="$KEPT_WRITES_LIBRARY" FULL_FROM=$from "$ASSAY" forget --worker-file leavers.txt
        [ "$status" -ne 0 ] || break
        says "no space left on the disk; what was there before is unharmed"
        [[ "$output" != *"the people are forgotten"* ]] || break
        nobody_forgotten
        failed=$((failed + 1))
    done
    echo "failed $failed times"
    [ "$failed" -gt 5 ]
    forgotten_once
}

@test "where the new database cannot take its place the line is taken back" {
    [ -n "$KEPT_WRITES_LIBRARY" ] || skip "a sanitized program cannot be watched"
    load >/dev/null
    items=$(count items)
    registry="$(sha256sum <w/registry.jsonl)"
    run env LD_PRELOAD="$KEPT_WRITES_LIBRARY" NO_RENAME=assay.duckdb "$ASSAY" forget --worker-file leavers.txt
    [ "$status" -eq 2 ]
    says "assay.duckdb: cannot be replaced: Input/output error"
    nobody_forgotten
    [ ! -e w/assay.duckdb.new ]
    "$ASSAY" forget --worker-file leavers.txt
    forgotten_once
}
