#!/usr/bin/env bats
# What is on the disk while and after assay reads names: 500 planted ones, their addresses and what
# they asked an AI, in rows that can be read and in rows that cannot. tests/privacy/ has the tools.
# ASSAY_PLAIN stores texts unpacked, so that a search finds them; ASSAY_SPILLING, moreover, is
# without the ban on spilling.

setup() {
    dir="$(mktemp -d)"
    cd "$dir"
    umask 022
    export TZ=UTC HOME="$dir" TMPDIR="$dir/tmp" SPILL_TO="$dir/spilled" ASSAY_WORKSPACE="$dir/w"
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
    mkdir tmp spilled searching
}

teardown() {
    cd /
    rm -rf "$dir"
}

# Runs a program with every byte that it writes to a file kept, and its output.
watched() {
    LD_PRELOAD="$KEPT_WRITES_LIBRARY" KEPT_WRITES="$dir/kept" "$@" >>output 2>&1
}

needs_watching() {
    [ -n "$KEPT_WRITES_LIBRARY" ] || skip "a sanitized program cannot be watched"
}

make_workspace() {
    "$1" init w --timezone UTC >/dev/null
    printf 'memory: %s\nthreads: 1\n' "$2" >>w/assay.yaml
}

memory_is() {
    sed -i "s/^memory: .*/memory: $1/" w/assay.yaml
}

# Each call with the prompt of the one before, so that the reading engine has to hold all of them.
sorting_connector() {
    cat >w/connectors/sorted.sql <<'SQL'
-- connector: sorted
-- about: usage, each call with the prompt of the one before
-- reads: csv, json
-- from memory
-- example: usage_id,occurred_at,worker,prompt
-- columns: usage_id!, occurred_at!, worker, prompt

-- into: usage
select
  source_row, usage_id, occurred_at,
  lag(worker) over (order by usage_id) as worker,
  lag(prompt) over (order by usage_id) as prompt
from source;
SQL
}

search() {
    TMPDIR="$dir/searching" python3 "$SOURCE/tests/privacy/search.py" "$@"
}

found() {
    search "$@" | tee /dev/stderr | sed -n 's/^bytes searched .*, hits //p'
}

repository() {
    git init -q -b main code
    local i=0
    while read -r name && [ $i -lt 20 ]; do
        i=$((i + 1))
        echo $i >>code/file
        git -C code add file
        git -C code -c user.name="$name" -c user.email="$(sed -n ${i}p mails.txt)" \
            commit -q -m "step $i" --date="2026-07-0$((i % 9 + 1))T10:00:00Z"
    done <planted/names.txt
}

import_everything() {
    local program="$1"
    for kind in people memberships assignments; do
        watched "$program" import $kind planted/$kind.csv
    done
    watched "$program" import items planted/items.csv --map attr.contact=contact
    memory_is 120MB
    watched "$program" import usage planted/usage.csv --map attr.note=note
    watched "$program" import usage planted/usage.csv --dry-run
    watched "$program" import git code
    watched "$program" status
    watched "$program" report
    watched "$program" report --format json
}

@test "no byte on the disk or in the output names any of 500 people or quotes what they asked" {
    needs_watching
    python3 "$SOURCE/tests/privacy/plant.py" planted 40000
    cut -d, -f1 planted/people.csv | tail -n +2 >mails.txt
    repository
    for program in "$ASSAY" "$ASSAY_PLAIN"; do
        rm -rf w kept*
        make_workspace "$program" 50MB
        import_everything "$program"
        sorting_connector
        memory_is 100MB
        run watched "$program" import sorted planted/prompts.csv
        [ "$status" -eq 2 ] # it may not spill, and says so
        grep -q "needs more memory" output
        [ "$(found planted/planted.txt kept output w tmp spilled)" = 0 ]
    done
    # What was written is what the test believes: rows of the 500, spilled inside the workspace only.
    grep -q "accepted 39200" output
    grep -q "accepted 40000" output
    grep -q "20 commits" output
    sort -u kept.paths >paths
    cat paths
    grep -qx "$dir/w/assay.duckdb.tmp/.*" paths
    [ -z "$(grep -v "^$dir/w/" paths | grep -vx "$dir/output")" ]
    [ -z "$(find tmp spilled -type f)" ]
}

@test "the search finds planted names once the reading engine may spill" {
    needs_watching
    python3 "$SOURCE/tests/privacy/plant.py" planted 40000
    make_workspace "$ASSAY_SPILLING" 100MB
    sorting_connector
    # As JSON lines: of a CSV file that is read by one thread the engine spills hardly anything.
    "$RUN_SQL" :memory: "copy (from read_csv('planted/prompts.csv')) to 'planted/prompts.jsonl' (format json)"
    watched "$ASSAY_SPILLING" import sorted planted/prompts.jsonl || true
    [ "$(found planted/planted.txt kept)" -gt 1000 ]
    [ "$(found planted/planted.txt w output)" = 0 ]
}

# Without it, a block of the workspace's temporary file has held pages of the export, in one of six
# imports of 40,000 rows under 50 MB: too seldom for a search to be a test of it.
@test "the engine overwrites memory that it frees, but for commands that read the workspace alone" {
    local command times
    for command in "" --version import init connectors assign forget reprot; do
        said="$(DUCKDB_JE_MALLOC_CONF=confirm_conf:true "$ASSAY" $command --help 2>&1 || true)"
        echo "$command: $said"
        [ "$(grep -c 'Set conf value: junk:free$' <<<"$said")" = 1 ]
    done
    for command in status metrics plan registry report compare methods privacy; do
        said="$(DUCKDB_JE_MALLOC_CONF=confirm_conf:true "$ASSAY" $command --help 2>&1)"
        echo "$command: $said"
        times="$(grep -c 'Set conf value: junk:free$' <<<"$said" || true)"
        [ "$times" = 0 ]
    done
}

@test "whatever assay and its engine make is for the owner alone, also where memory is short" {
    needs_watching
    python3 "$SOURCE/tests/privacy/plant.py" planted 80000
    make_workspace "$ASSAY" 50MB
    # Killed while the workspace's engine spills: database, log and temporary files lie there.
    KEPT_WRITES_ABORT=.tmp watched "$ASSAY" import usage planted/usage.csv || true
    ls -lR w
    [ -n "$(ls w/assay.duckdb.tmp)" ]
    [ "$(stat -c %a w)" = 700 ]
    [ -z "$(find w -mindepth 1 -type f ! -perm 600)" ]
    [ -z "$(find w -mindepth 1 -type d ! -perm 700)" ]
    # What a dead command left is gone after the next one.
    "$ASSAY" import memberships planted/memberships.csv
    [ ! -e w/assay.duckdb.tmp ]
    [ -z "$(find w -mindepth 1 -type f ! -perm 600)" ]
}

@test "a crash while names are read leaves no core dump" {
    needs_watching
    [[ "$(cat /proc/sys/kernel/core_pattern)" == core* ]] || skip "core dumps go to a program here"
    ulimit -c unlimited || skip "core dumps are off here"
    python3 "$SOURCE/tests/privacy/plant.py" planted 2000
    make_workspace "$ASSAY" 1GB
    mkdir control crash
    # Another program, killed the same way, leaves one.
    (cd control && LD_PRELOAD="$KEPT_WRITES_LIBRARY" KEPT_WRITES="$dir/kept" \
        KEPT_WRITES_ABORT=here python3 -c 'import os; os.write(os.open("here", 65), b"x")') || true
    [ -n "$(ls control/core*)" ] || skip "no core dumps in this folder"
    cd crash
    KEPT_WRITES_ABORT=assay.duckdb.wal watched "$ASSAY" import items ../planted/items.csv ||
        status=$?
    [ "$status" -eq 134 ]
    [ -z "$(ls | grep core)" ]
}

# ---- assay privacy -------------------------------------------------------------------------

export COLUMNS=300 # sentences stay on their lines

small_workspace() {
    python3 "$SOURCE/tests/privacy/plant.py" planted 600
    "$ASSAY" init w --timezone UTC "$@" >/dev/null
    for kind in people memberships assignments items usage; do
        "$ASSAY" import $kind planted/$kind.csv >/dev/null 2>&1
    done
    "$ASSAY" status >/dev/null
}

@test "the page says what is stored, by which settings, and who may read, and names nobody" {
    small_workspace
    "$ASSAY" privacy >page.txt
    "$ASSAY" privacy --format markdown >page.md
    "$ASSAY" privacy --format json >page.json
    cat page.txt
    [ "$(found planted/planted.txt page.txt page.md page.json)" = 0 ]
    [ -z "$(grep -E '[0-9a-f]{16}' page.txt page.md page.json)" ]
    COLUMNS=80 "$ASSAY" privacy >narrow.txt
    python3 - <<'PY'
import json
page = json.load(open("page.json"))
tables = {table["table"]: table for table in page["tables"]}
# Every table of the schema, and the three that are made from them, is known in words.
assert len(tables) == 22 and all(table["about"] for table in page["tables"])
assert page["format"] == "assay-privacy/1" and page["people"] == 500
assert tables["usage"]["rows"] == 600 and tables["alias"]["rows"] == 500
kinds = {(t, c["name"]): c["kind"] for t in tables for c in tables[t]["columns"]}
hashed = {place for place, kind in kinds.items() if kind == "pseudonym"}
assert hashed == {("item", "worker"), ("step", "worker"), ("usage", "worker"), ("seat", "worker"),
                  ("review", "reviewer"), ("membership", "worker"), ("alias", "alias"),
                  ("alias", "worker"), ("assignment", "unit"), ("facts", "worker"),
                  ("published_work", "worker")}
assert kinds["usage", "prompt_chars"] == "number" and kinds["item", "opened_at"] == "time"
assert kinds["item", "attrs"] == "label"
assert page["settings"]["min_group"] == 8 and not page["settings"]["own_data"]
assert page["settings"]["retention"] is None and len(page["settings"]["history"]) == 1
modes = {f["path"]: f["mode"] for f in page["files"]}
assert modes["."] == "0700" and modes["secret.key"] == modes["assay.duckdb"] == "0600"
assert not page["open_to_others"]
assert all(len(line.rstrip("\n")) <= 80 for line in open("narrow.txt"))
text, markdown = open("page.txt").read(), open("page.md").read()
for heading in ("What is stored", "By which settings", "Who may read", "What no role can see"):
    assert heading in text and "\n## " + heading in markdown
PY
}

@test "the page warns of files that others can open, and its answer is no" {
    small_workspace
    chmod 711 w
    chmod 644 w/assay.duckdb
    run "$ASSAY" privacy
    [ "$status" -eq 1 ]
    [[ "$output" == *ATTENTION* ]]
    [[ "$output" == *"assay.duckdb: mode 0644"* ]]
    # Nobody else gets past a closed folder, whatever the modes inside.
    chmod 700 w
    run "$ASSAY" privacy
    [ "$status" -eq 0 ]
    [[ "$output" == *"can open none of them"* ]]
    chmod 711 w
    chmod 600 w/assay.duckdb
    mkdir -m 700 w/notes
    touch w/notes/mine
    chmod 644 w/notes/mine
    run "$ASSAY" privacy
    [[ "$output" != *"notes/mine: mode"* ]]
    chmod 711 w/notes
    run "$ASSAY" privacy
    [[ "$output" == *"notes/mine: mode 0644"* ]]
    chmod 700 w
    "$ASSAY" privacy >/dev/null
}

@test "the page counts no fewer people than a report may show" {
    "$ASSAY" init w >/dev/null
    printf 'worker,team\nann,t\nbob,t\n' >people.csv
    "$ASSAY" import memberships people.csv >/dev/null
    run "$ASSAY" privacy
    [[ "$output" == *"Fewer than 8 people"* ]]
    [ "$("$ASSAY" privacy --format json | python3 -c 'import json, sys; print(json.load(sys.stdin)["people"])')" = None ]
}

@test "the page of own data does not claim that groups are large" {
    "$ASSAY" init w --own-data >/dev/null
    run "$ASSAY" privacy
    [ "$status" -eq 0 ]
    [[ "$output" == *"groups of one are shown"* ]]
    [[ "$output" != *"figures of fewer people"* ]]
    run "$ASSAY" privacy --format yaml
    [ "$status" -eq 2 ]
}

@test "nothing on the page steers a terminal" {
    "$ASSAY" init w >/dev/null
    printf 'item_id,attr.\033[31mred\nT1,x\n' >items.csv
    "$ASSAY" import items items.csv >/dev/null
    for format in text markdown; do
        "$ASSAY" privacy --format $format >page
        grep -q 'red' page
        [ "$(tr -d '\n' <page | LC_ALL=C tr -d '[:print:]\200-\377' | wc -c)" -eq 0 ]
    done
}

@test "the page shows a changed setting and that somebody was forgotten" {
    small_workspace
    head -n 2 planted/names.txt >leavers.txt
    "$ASSAY" forget --worker-file leavers.txt >/dev/null
    sed -i 's/^min_group: 8/min_group: 6/' w/assay.yaml
    echo 'retention: 400d' >>w/assay.yaml
    "$ASSAY" status >/dev/null
    run "$ASSAY" privacy
    echo "$output"
    [[ "$output" == *"498 people"* ]]
    [[ "$output" == *"changed on "*"groups of at least 6"* ]]
    [[ "$output" == *"forgotten on "*"people under 2 names"* ]]
    [[ "$output" == *"400d is written, but this version deletes nothing by age"* ]]
}
