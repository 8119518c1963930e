#!/usr/bin/env bats
# From exports to a report, as a person would: the support desk, a repository, METR's trial.

setup() {
    folder=$(mktemp -d)
    cd "$folder"
}

teardown() {
    rm -rf "$folder"
}

# The desk in a workspace, imported once for all tests of the file.
load_desk() {
    local made="$BATS_FILE_TMPDIR/made"
    [ -d "$made" ] || (mkdir "$made" && cd "$made" && import_desk)
    cp -a "$made/." .
    cd w
}

import_desk() {
    "$SUPPORT_DESK" desk
    "$ASSAY" init w --timezone UTC >/dev/null
    cp "$SOURCE/examples/support/use_cases.yaml" w/
    cd w
    "$ASSAY" import items ../desk/tickets.csv --map item_id="Ticket ID" --map opened_at=Created \
        --map started_at=Started --map closed_at=Closed --map worker=Assignee --map team=Team \
        --map state=Status --map updated_at=Updated --map attr.group=Group --map size=Words \
        --map measure.reopened=Reopened 2>/dev/null
    "$ASSAY" import usage ../desk/usage.csv
    "$ASSAY" import measures ../desk/satisfaction.csv
    "$ASSAY" import assignments ../desk/trial.csv
}

# A bare `! grep` fails no test.
absent() {
    if LC_ALL=C grep "$@"; then return 1; fi
}

valid() {
    python3 - "$SOURCE/docs/report.schema.json" "$1" <<'PY'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
document = json.load(open(sys.argv[2]), parse_constant=lambda x: sys.exit("not a number: " + x))
jsonschema.Draft202012Validator(schema).validate(document)
PY
}

@test "the desk's planted truth lies in the intervals of the report" {
    load_desk
    "$ASSAY" report --format json >../report.json
    valid ../report.json
    python3 - ../desk/truth.json ../report.json <<'PY'
import json, sys
truth = json.load(open(sys.argv[1]))
rows = {r["use_case"]: r for r in json.load(open(sys.argv[2]))["rows"]}
for use_case, planted in truth.items():
    row = rows[use_case]
    low, high = row["change"]["interval"]
    assert low <= planted["change_time_to_complete"] <= high, (use_case, "change", low, high)
    if planted["effect_time_to_complete"] is not None:
        low, high = row["comparison"]["interval"]
        assert low <= planted["effect_time_to_complete"] <= high, (use_case, low, high)
assert rows["support.billing"]["comparison"]["design"] == "randomised"
assert rows["support.billing"]["verdict"]["word"] == "better"
assert rows["support.technical"]["comparison"]["design"] == "like_with_like"
assert rows["support.technical"]["verdict"]["word"] == "unproven"
assert rows["support.technical"]["verdict"]["reason"] == "as_found"
assert rows["support.returns"]["comparison"]["effect"] is None
PY
}

@test "every format says the same numbers and nothing is wider than the terminal" {
    load_desk
    COLUMNS=80 LC_ALL=C.UTF-8 "$ASSAY" report >text
    absent -iE '\bnan\b|\binf\b|\bnull\b' text
    python3 -c '
import sys
for line in open(sys.argv[1], encoding="utf-8"):
    assert len(line.rstrip("\n")) <= 80, line' text
    LC_ALL=C "$ASSAY" report >ascii
    absent -P '[^\x00-\x7f]' ascii
    "$ASSAY" report --format markdown >markdown
    "$ASSAY" report --format csv >csv
    python3 - csv <<'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8", newline="")))
assert all(len(r) == len(rows[0]) for r in rows), rows
assert sum(r[2] == "comparison" for r in rows) == 2
PY
    grep -q "support.billing" markdown
    run "$ASSAY" report --format xml
    [ "$status" -eq 2 ]
    [[ "$output" == *'--format: "xml" is none of text, json, markdown, csv'* ]]
    "$ASSAY" report --help | grep -q -- "--format FORMAT .* text, json, markdown or csv"
}

@test "compare in full: json is valid, explain shows the query, errors can be chosen" {
    load_desk
    "$ASSAY" compare --metric time_to_complete --use-case support.technical --format json >c.json
    valid c.json
    "$ASSAY" compare --metric time_to_complete --use-case support.technical --explain | grep -q "from facts"
    "$ASSAY" compare --metric rework_rate --use-case support.technical --errors cr1 --format json >c.json
    valid c.json
    run "$ASSAY" compare --metric time_to_complet --use-case support.technical
    [ "$status" -eq 2 ]
    [[ "$output" == *"did you mean time_to_complete"* ]]
    run "$ASSAY" compare --metric rework_rate --use-case support.bilin
    [ "$status" -eq 2 ]
    [[ "$output" == *"did you mean support.billing"* ]]
    run "$ASSAY" compare --metric rework_rate --use-case support.billing --adjust "worker = 'x'"
    [ "$status" -eq 2 ]
    [[ "$output" == *"--adjust"* ]]
    run "$ASSAY" compare --metric rework_rate --use-case support.billing --errors cr4
    [ "$status" -eq 2 ]
    [[ "$output" == *'--errors: "cr4" is none of cr2, cr3, cr1, cr0, classical, hc0, hc1, hc2, hc3'* ]]
    run "$ASSAY" compare --metric time_to_complete --use-case support.billing --errors hc3
    [ "$status" -eq 2 ]
    [[ "$output" == *"--errors: times have one kind of errors"* ]]
    # Covariates far from 1 give numbers far from 1 in the second pass.
    for errors in hc0 hc1 hc2 hc3 classical; do
        "$ASSAY" compare --metric rework_rate --use-case support.billing --errors $errors \
            --adjust 'size * 1000000000000' --format json >c.json
        valid c.json
        "$ASSAY" compare --metric rework_rate --use-case support.billing --errors $errors \
            --adjust 'size / 1000000000000' --format json >d.json
        python3 - c.json d.json $errors <<'PY'
import json, sys
one, other = (json.load(open(path))["rows"][0]["comparison"] for path in sys.argv[1:3])
assert one["errors"] == sys.argv[3] and one["errors_by"] == "item", one
for a, b in zip([one["effect"], *one["interval"]], [other["effect"], *other["interval"]]):
    assert abs(a - b) < 1e-9, (one, other)
PY
    done
    "$ASSAY" compare --metric rework_rate --use-case support.billing --errors hc3 | grep -q "errors hc3 by item"
    "$ASSAY" compare --metric rework_rate --use-case support.billing | grep -q "errors cr2 by person"
    run "$ASSAY" compare --metric rework_rate --use-case support.billing --errors cr9
    [ "$status" -eq 2 ]
    run "$ASSAY" compare --metric rework_rate --arms ai
    [ "$status" -eq 2 ]
}

@test "flags that would change nothing are refused, and unknown tools answered with those there are" {
    load_desk
    refused() {
        run "$ASSAY" compare --metric "$1" --use-case "support.$2" "${@:4}"
        [ "$status" -eq 2 ] || { echo "$output"; false; }
        [[ "$output" == *"$3"* ]] || { echo "$output"; false; }
    }
    refused time_to_complete billing "--like: the arms were assigned here" --like size
    refused time_to_complete billing "--landmark: the arms were assigned here" --landmark 1h
    refused rework_rate technical "--landmark: only times count from a landmark" --landmark 1h
    "$ASSAY" compare --metric time_to_complete --use-case support.technical --like size --landmark 1h
    refused rework_rate technical 'a tool "copilto"; the data name reply-assistant' --arms tool=copilto,tool=helper
    refused rework_rate technical "name two of a kind" --arms tool=reply-assistant,model=x
    refused time_to_complete billing "--errors: times have one kind of errors" --errors cr1
    refused rework_rate technical "--like: a formula is missing" --like ''
    refused rework_rate technical "--like: a formula is missing" --like size,,team
    refused rework_rate technical 'both arms are "ai"' --arms ai,ai
    refused rework_rate technical "--arms is given twice" --arms no_ai,ai --arms ai,no_ai
    "$ASSAY" compare --metric rework_rate --use-case support.billing --adjust size --adjust 'ln(size)' >/dev/null
}

@test "a comparison that there is none of says why, and exits with 1" {
    load_desk
    run "$ASSAY" compare --metric time_to_complete --use-case support.returns
    [ "$status" -eq 1 ]
    [[ "$output" == *"Can't compare: "* ]]
    "$ASSAY" compare --metric time_to_complete --use-case support.billing >/dev/null
    "$ASSAY" compare --help | grep -q "exits with 1"
    "$ASSAY" --help | grep -q "1 the answer is no (nothing can be compared"
}

@test "periods that cannot be meant are refused with the way to write them" {
    load_desk
    refused() {
        run "$ASSAY" report "${@:2}"
        [ "$status" -eq 2 ] || { echo "$output"; false; }
        [[ "$output" == *"$1"* ]] || { echo "$output"; false; }
    }
    refused '"9999": years go from 1900 to 2199' 9999
    refused '"1800": years go from 1900 to 2199' 1800
    refused "years go from 1900" --from 0001-01-01 --to 2026-09-30
    for against in 2026Q3 2026-09 2026Q4 2026; do
        refused "$against does not end before the period begins, on 2026-07-01; name an earlier" \
            2026Q3 --against "$against"
    done
    "$ASSAY" report 2026Q3 --against 2026Q2 >/dev/null
    "$ASSAY" report 2026Q3 --against 2025-06 >/dev/null
}

@test "a user's metric with an unknown key, name or type is refused with line and column" {
    load_desk
    printf 'metric: csat\nlabel: x\nkind: mean\nvalue: satisfaktion\nbetter: higher\n' >metrics/csat.yaml
    run "$ASSAY" compare --metric csat --use-case support.billing
    [ "$status" -eq 2 ]
    [[ "$output" == *"metrics/csat.yaml:4:8"* ]]
    [[ "$output" == *"satisfaction"* ]]
    printf 'metric: csat\nlabel: x\nkind: mean\nvaluee: satisfaction\nbetter: higher\n' >metrics/csat.yaml
    run "$ASSAY" compare --metric csat --use-case support.billing
    [ "$status" -eq 2 ]
    [[ "$output" == *"metrics/csat.yaml:4:1"* ]]
    printf 'metric: csat\nlabel: x\nkind: mean\nvalue: team\nbetter: higher\n' >metrics/csat.yaml
    run "$ASSAY" compare --metric csat --use-case support.billing
    [ "$status" -eq 2 ]
    [[ "$output" == *"metrics/csat.yaml:4:8"* ]]
}

@test "an amount of time is in the metric's unit" {
    load_desk
    margins=""
    for amount in "hours 2" "minutes 120" "days 0.0833333333333333"; do
        set -- $amount
        printf '%s\n' 'metric: wait' 'kind: duration' 'from: opened_at' 'to: closed_at' \
            "unit: $1" "horizon: 30d" "better: lower" "material: $2" >metrics/wait.yaml
        margins="$margins $("$ASSAY" compare --metric wait --use-case support.billing --format json |
            python3 -c 'import json, sys; print("%.9f" % json.load(sys.stdin)["rows"][0]["verdict"]["margin"])')"
        "$ASSAY" metrics | grep -q "^wait .*: [0-9.]* $1 "
    done
    [ "$(tr ' ' '\n' <<<"$margins" | sort -u | grep -c .)" -eq 1 ] || { echo "$margins"; false; }
}

@test "metrics lists what can be read, and names the files that cannot with place and reason" {
    "$ASSAY" init w >/dev/null
    cd w
    printf 'metric: csat\nkind: mean\nvalue: satisfaction\nbetter: higher\n' >metrics/csat.yaml
    "$ASSAY" metrics | grep -q "^csat .*(yours)"
    cp metrics/csat.yaml metrics/Bad.yaml
    printf 'metric: broken\nkind: [mean\n' >metrics/broken.yaml
    printf 'metric: other\nkind: mean\nvalue: size\nbetter: lower\n' >metrics/named.yaml
    run "$ASSAY" metrics
    [ "$status" -eq 2 ]
    [[ "$output" == *"csat "*"(yours)"* ]]
    [[ "$output" == *"time_to_complete "* ]]
    [[ "$output" == *"metrics/Bad.yaml: a metric's file is named by lower-case letters"* ]]
    [[ "$output" == *"metrics/broken.yaml:3:"* ]] || [[ "$output" == *"metrics/broken.yaml:2:"* ]]
    [[ "$output" == *"metrics/named.yaml: the file is named named and holds the metric other"* ]]
}

@test "a small team is shown nowhere, in no format" {
    load_desk
    cat >use_cases.yaml <<'YAML'
- use_case: support.small
  when: team = 'Amber' and attr('group') = 'Billing'
- use_case: support.rest
  when: attr('group') = 'Billing'
YAML
    sed -i 's/^min_group: .*/min_group: 20/' assay.yaml
    for format in text json markdown csv; do
        "$ASSAY" report --format $format >../out.$format
    done
    valid ../out.json
    python3 - ../out.json <<'PY'
import json, sys
document = json.load(open(sys.argv[1]))
small = [r for r in document["rows"] if r["use_case"] == "support.small"]
assert small == [], small
assert any(c["what"] == "support.small" for c in document["cannot_say"])
for row in document["rows"]:
    for arm in row["comparison"].get("arms", []):
        assert arm["workers"] >= 20
PY
    # Its one row says why, and holds no number.
    [ "$(grep "support.small" ../out.csv | tr -d ',\r')" = \
        "support.smallcannot_sayfewer than 20 people worked on it in the period" ]
    run "$ASSAY" compare --metric time_to_complete --use-case support.small --format json
    [ "$status" -eq 1 ]
    python3 - <<PY
import json
row = json.loads('''$output''')["rows"][0]
assert row["verdict"]["word"] == "withheld" or row["comparison"].get("withheld"), row
assert "arms" not in row["comparison"]
assert row["change"].get("withheld") and "before" not in row["change"]
assert row["items"] is None and row["workers"] is None
PY
}

@test "no two counts of a row tell of fewer people than a group has" {
    shown=0
    for seed in 1 2 3 4; do
        mkdir "$seed"
        python3 "$SOURCE/tests/cli/near_groups.py" make "$seed" "$seed"
        "$ASSAY" init "$seed/w" --timezone UTC >/dev/null
        cd "$seed/w"
        "$ASSAY" import items ../tickets.csv --set use_case=help
        "$ASSAY" import usage ../usage.csv
        "$ASSAY" import measures ../measures.csv
        "$ASSAY" report --from 2026-07-01 --to 2026-09-30 --format json >../report.json
        cd ../..
        valid "$seed/report.json"
        seen=$(python3 "$SOURCE/tests/cli/near_groups.py" attack "$seed/report.json")
        shown=$((shown + seen))
    done
    [ "$shown" -gt 8 ] # so that there was something to attack
}

@test "characters that steer a terminal reach it through no label" {
    { echo item_id,worker,team,opened_at,closed_at
      for i in $(seq 1 240); do
          printf 'T%s,w%s,"a\033]0;title\007b\302\2332Jc\342\200\256d\te",2026-0%s-02,2026-0%s-03\n' \
              "$i" $((i % 12)) $((4 + i % 2 * 3)) $((4 + i % 2 * 3))
      done
      echo T999,w1,t,2026-10-02,2026-10-03; } >items.csv
    "$ASSAY" init w --own-data --timezone UTC
    cd w
    "$ASSAY" import items ../items.csv --set use_case=x >/dev/null 2>&1
    printf 'name: "a\\e]0;title\\ab\\x9b2Jc\\u202ed\\te"\ntimezone: UTC\nown_data: true\n' >assay.yaml
    export LC_ALL=C.UTF-8
    "$ASSAY" report >../text
    "$ASSAY" report --format markdown >../markdown
    "$ASSAY" compare --metric time_to_complete >../detail || [ $? -eq 1 ]
    "$ASSAY" status >../status
    "$ASSAY" import items ../items.csv --dry-run >../dry 2>&1
    "$ASSAY" compare --metric $'a\033]0;title\ab\xc2\x9b2Jc\xe2\x80\xaed\te' >../error 2>&1 || true
    for file in text markdown detail status error dry; do
        absent -P '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae' ../$file
        grep -q "a�\\\\\?\]0;title�b�2Jc�d e" ../$file || { cat ../$file; false; }
    done
}

@test "a measure that is named like a column is listed, and reached by measure()" {
    { echo item_id,worker,opened_at,closed_at,size,points
      for i in $(seq 1 240); do echo "T$i,w$((i % 12)),2026-07-02,2026-07-03,1000,$((i % 9))"; done
      echo T999,w1,2026-10-02,2026-10-03,1000,1; } >items.csv
    "$ASSAY" init w --own-data --timezone UTC
    cd w
    "$ASSAY" import items ../items.csv --set use_case=x --map measure.size=points
    "$ASSAY" status | grep -q "The measure size is named like a column: write measure('size')"
    printf 'metric: points\nkind: mean\nvalue: measure("size")\nbetter: lower\n' >metrics/points.yaml
    run "$ASSAY" report
    [ "$status" -eq 2 ]
    [[ "$output" == *'metrics/points.yaml:3:'*"measure takes the name of one measure"* ]]
    sed -i "s/\"size\"/'size'/" metrics/points.yaml
    "$ASSAY" report >/dev/null
}

@test "calls that name items under another source are said to, and no AI is not" {
    { echo item_id,worker,opened_at,closed_at
      for i in $(seq 1 240); do
          echo "T$i,w$((i % 12)),2021-0$((4 + i % 2 * 3))-02,2021-0$((4 + i % 2 * 3))-03"
      done; } >items.csv
    { echo usage_id,occurred_at,worker,item_id
      for i in $(seq 1 100); do echo "c$i,2021-0$((4 + i % 2 * 3))-02,other,T$i"; done; } >usage.csv
    "$ASSAY" init w --own-data --timezone UTC
    cd w
    "$ASSAY" import items ../items.csv --set use_case=x --set source=desk
    "$ASSAY" import usage ../usage.csv 2>../said
    wanted="calls that name items which are not here: 100. Import them again with --set item_source=desk, under which 100 of them name one"
    grep -qF "$wanted" ../said
    COLUMNS=1000 "$ASSAY" report >../text
    grep -qF "$wanted" ../text
    absent "no AI was used" ../text
    COLUMNS=1000 "$ASSAY" compare --metric time_to_complete >../text 2>&1 || [ "$?" -eq 1 ]
    grep -qF "some name items that are not here" ../text
    absent "no AI was used" ../text
    "$ASSAY" import usage ../usage.csv --set item_source=desk 2>../said
    absent "not here" ../said
    COLUMNS=1000 "$ASSAY" report >../text
    absent "not here" ../text
}

@test "a sentinel date moves neither the period nor the end of the data, and is said" {
    { echo item_id,worker,opened_at,closed_at
      for i in $(seq 1 240); do
          echo "T$i,w$((i % 12)),2021-0$((4 + i % 2 * 3))-02,2021-0$((4 + i % 2 * 3))-03"
      done
      echo T990,w1,2021-10-02,2021-10-03
      echo T991,w1,1900-01-01,1900-01-02
      echo T992,w1,2021-08-01,9999-12-31; } >items.csv
    "$ASSAY" init w --own-data --timezone UTC
    cd w
    "$ASSAY" import items ../items.csv --set use_case=x
    COLUMNS=1000 "$ASSAY" report >../text
    grep -q "2021Q3 against 2021Q2" ../text
    grep -q "dates too early or late to be true (such as 0001-01-01 or 9999-12-31) in items: 1;" ../text
}

@test "a done item that was closed in the future is left out of times, and said at import, in status and report" {
    desk() {
        echo item_id,worker,opened_at,closed_at,state
        for i in $(seq 1 240); do
            echo "T$i,w$((i / 2 % 12)),2021-0$((4 + i % 2 * 3))-02,2021-0$((4 + i % 2 * 3))-0$((3 + i * 7 % 5)) $((10 + i * 5 % 13)):$((10 + i * i % 47)),done"
        done
        echo "T990,w1,2021-10-02,2021-10-03,done"
    }
    for name in without with; do
        { desk; [ $name = without ] || echo "T991,w1,2021-08-02,2062-08-03,solved"; } >items.csv
        "$ASSAY" init $name --own-data --timezone UTC
        "$ASSAY" import --workspace $name items items.csv --set use_case=x 2>$name.said
        COLUMNS=1000 "$ASSAY" report --workspace $name >$name.text
        "$ASSAY" status --workspace $name >$name.status
        "$ASSAY" report --workspace $name --format json >$name.json
    done
    absent "future" without.said without.text without.status
    grep -qF "closed_at lies in the future in items that are done: 1 (items:T991)." with.said
    grep -q "Done, and closed in the future: 1; when is unknown" with.text
    grep -q "too early or late to be true: 1 · of these done and closed in the future, so that no time counts them: 1" with.status
    # The estimate is that without the item.
    python3 - <<'PY'
import json
def change(name):
    return json.load(open(name + ".json"))["rows"][0]["change"]
a, b = change("without"), change("with")
assert a["effect"] == b["effect"] and a["interval"] == b["interval"], (a, b)
PY
}

@test "a change whose values rest on two people is withheld, though eight have items in each period" {
    { echo item_id,worker,opened_at,started_at,closed_at
      for worker in $(seq 1 14); do
          for i in $(seq 1 20); do
              day=$(printf '%02d' $((i % 20 + 1)))
              [ "$worker" -gt 8 ] ||
                  echo "a$worker-$i,w$worker,2026-05-$day 08:00,2026-05-$day 08:00,2026-05-$day 10:$worker"
              [ "$worker" -lt 7 ] ||
                  echo "b$worker-$i,w$worker,2026-08-$day 08:00,2026-08-$day 08:00,2026-08-$day 12:$worker"
          done
      done
      echo last,w1,2026-10-02,2026-10-02,2026-10-03; } | sed 's/:\([0-9]\)$/:0\1/' >items.csv
    "$ASSAY" init w --timezone UTC >/dev/null
    cd w
    "$ASSAY" import items ../items.csv --set use_case=x
    "$ASSAY" report 2026Q3 --format json >../report.json
    python3 - ../report.json <<'PY'
import json, sys
rows = json.load(open(sys.argv[1]))["rows"]
assert len(rows) == 1, rows
for change in [rows[0]["change"], *(also["change"] for also in rows[0]["also"])]:
    assert change.get("withheld") and "now" not in change, change
PY
}

# slow_work FILE...: items of two equal quarters and their ratings. Work takes up to three weeks, slow work
# is rated worse, and the data end with the later quarter. In the later one, items are assigned by a coin
# that decides nothing but that work of the arm ai takes longer.
slow_work() {
    python3 - "$1" "$2" "$3" <<'PY'
import csv, datetime, random, sys
draw = random.Random(11)
end = datetime.datetime(2026, 10, 1)
items, ratings, arms = [], [], []
for quarter, start in enumerate((datetime.datetime(2026, 4, 1), datetime.datetime(2026, 7, 1))):
    for i in range(2000):
        item = f"T{quarter}-{i}"
        opened = start + datetime.timedelta(days=draw.random() * (91, 92)[quarter])
        arm = draw.choice(("no_ai", "ai"))
        days = draw.random() * 21
        if quarter == 1:
            arms.append(["t", "item", item, arm, "2026-07-01", 0.5])
        held_up = 10 if quarter == 1 and arm == "ai" and sys.argv[3].endswith("held_up.csv") else 0
        closed = opened + datetime.timedelta(days=days + held_up)
        done = closed < end
        items.append([item, opened.isoformat(), closed.isoformat() if done else "",
                      "done" if done else "open", f"w{i % 25}"])
        if done:
            ratings.append([item, "quality", min(1, max(0, 0.9 - days / 42 + draw.gauss(0, 0.1)))])
for path, header, rows in ((sys.argv[1], "item_id,opened_at,closed_at,state,worker", items),
                           (sys.argv[2], "item_id,name,value", ratings),
                           (sys.argv[3], "plan,unit_kind,unit,arm,since,probability", arms)):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])
PY
}

@test "slow work that is still open makes no change of two equal quarters" {
    slow_work items.csv ratings.csv arms.csv
    "$ASSAY" init w --timezone UTC
    cd w
    "$ASSAY" import items ../items.csv --set use_case=x
    "$ASSAY" import measures ../ratings.csv
    "$ASSAY" compare 2026Q3 --metric quality_score --use-case x --format json >../c.json || [ "$?" -eq 1 ]
    python3 - ../c.json <<'PY'
import json, sys
change = json.load(open(sys.argv[1]))["rows"][0]["change"]
assert change["interval"][0] < 0 < change["interval"][1], change
assert change["items_before"] < 1900, change
PY
}

@test "an arm of which fewer outcomes are known is no better for it" {
    slow_work items.csv ratings.csv held_up.csv
    "$ASSAY" init w --timezone UTC
    cd w
    "$ASSAY" import items ../items.csv --set use_case=x
    "$ASSAY" import measures ../ratings.csv
    "$ASSAY" import assignments ../held_up.csv
    "$ASSAY" compare 2026Q3 --metric quality_score --use-case x --format json >../c.json
    python3 - ../c.json <<'PY'
import json, sys
row = json.load(open(sys.argv[1]))["rows"][0]
checks = {check["check"]: check for check in row["checks"]}
assert checks["missing_outcomes"]["state"] == "failed" and checks["missing_outcomes"]["p"] < .001
assert (row["verdict"]["word"], row["verdict"]["reason"]) == ("unproven", "check"), row["verdict"]
PY
    "$ASSAY" compare 2026Q3 --metric quality_score --use-case x | grep -q "who is missing may decide"
}

@test "a use case with two items of nobody says that it can tell nothing of them" {
    printf 'id,opened\n1,2026-07-02\n2,2026-07-03\n3,2026-10-02\n' >t.csv
    "$ASSAY" init w --own-data --timezone UTC
    cd w
    "$ASSAY" import items ../t.csv --map item_id=id --map opened_at=opened
    run "$ASSAY" report
    [ "$status" -eq 0 ]
    [[ "$(tr -s ' \n' ' ' <<<"$output")" == *"of none of its items in the period it is known who worked on it"* ]]
}

@test "what cannot be said of a small repository is said with reasons and commands that are true" {
    git init -q -b main r
    for i in $(seq 1 38); do
        GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL="p$((i % 4))@x.org" GIT_COMMITTER_NAME=a \
            GIT_COMMITTER_EMAIL=p@x.org GIT_COMMITTER_DATE="2026-0$((1 + i / 10))-10T00:00:00Z" \
            git -C r commit -q --allow-empty -m "c $i$([ "$i" -gt 3 ] || printf '\n\nCo-authored-by: Claude <noreply@anthropic.com>')"
    done
    "$ASSAY" init w --own-data --timezone UTC
    cd w
    "$ASSAY" import git ../r
    COLUMNS=1000 "$ASSAY" report >../report
    cat ../report
    absent " 0 items" ../report
    absent "AI's use" ../report
    absent -E "DATE|METRIC|NAME" ../report
    grep -q "code.change (fewer than 100 items in the period, which is what a row takes: assay compare 2026Q1 --metric rework_rate --use-case code.change)" ../report
    "$ASSAY" compare --metric rework_rate --use-case code.change || [ "$?" -eq 1 ]
    COLUMNS=1000 "$ASSAY" report 2025Q1 >../report
    grep -q "they run from 2026-01-10 to 2026-04-10: assay report --from 2026-01-10 --to 2026-04-10" ../report
    "$ASSAY" report --from 2026-01-10 --to 2026-04-10
    grep -q "100 of its items" "$SOURCE/docs/methods/change.md"
}

@test "foreign column names to a report in two commands" {
    "$SUPPORT_DESK" desk
    "$ASSAY" init w --timezone UTC
    cd w
    "$ASSAY" import items ../desk/tickets.csv --map item_id="Ticket ID" --map opened_at=Created \
        --map closed_at=Closed --map worker=Assignee --map team=Team --set use_case=support
    run "$ASSAY" report
    [ "$status" -eq 0 ]
    [[ "$output" == *"support"*"Time to complete a task"* ]]
}

@test "an empty workspace says what to do" {
    "$ASSAY" init w
    cd w
    run "$ASSAY" report
    [ "$status" -eq 0 ]
    [[ "$output" == *"assay import git"* ]]
}

@test "METR's trial comes out to the published digits, and unproven by the default" {
    [ -n "${ASSAY_SHARED_DATA:-}" ] || { echo "# SKIPPED: no public data sets" >&3; skip "no public data"; }
    "$SOURCE/examples/metr/run.sh" "$ASSAY_SHARED_DATA/metr/data.csv" >out
    tail -7 out >lines
    python3 - "$ASSAY_SHARED_DATA/metr/ANSWERS.json" lines \
        "$SOURCE/tests/oracle/cluster_errors.json" <<'PY'
import json, math, sys
answers = {k: v["value"] for k, v in json.load(open(sys.argv[1]))["answers"].items()}
published = json.load(open(sys.argv[1]))["published"]
lines = {l["errors"]: l for l in map(json.loads, open(sys.argv[2]))}
keys = {"classical": ("nonrobust", "ci_homoskedastic"), "hc3": ("HC3", "ci_HC3"),
        "cr1": ("cluster_dev_CR1S", "ci_cluster_dev")}
def close(a, b):
    assert abs(a - b) <= 1e-9 * max(1, abs(b)), (a, b)
for errors, (key, name) in keys.items():
    line = lines[errors]
    close(line["effect"], answers["speedup_exp_beta_minus_1"])
    close(line["low"], answers["ci_lo_" + key])
    close(line["high"], answers["ci_hi_" + key])
    assert [round(line["low"], 3), round(line["high"], 3)] == published[name], line
for errors, key in {"cr0": "cluster_dev_CR0", "hc2": "HC2"}.items():
    close(lines[errors]["low"], answers["ci_lo_" + key])
    close(lines[errors]["high"], answers["ci_hi_" + key])
recorded = json.load(open(sys.argv[3]))["metr"] # the arm is the second coefficient
for errors in ("cr2", "cr3"):
    close(lines[errors]["low"], math.exp(recorded[errors.upper()]["low"][1]) - 1)
    close(lines[errors]["high"], math.exp(recorded[errors.upper()]["high"][1]) - 1)
assert round(lines["cr2"]["effect"], 3) == published["speedup"]
assert lines["cr2"]["low"] < 0 < lines["cr2"]["high"]
PY
    grep -q "unproven" out
    grep -q "p 0.0529" out
}

@test "a changed min_group is a line of the registry and stands at the head of every report" {
    load_desk
    "$ASSAY" report >../before
    absent "was changed" ../before
    sed -i 's/^min_group: .*/min_group: 10/' assay.yaml
    "$ASSAY" report >../after
    grep -q "was changed since the workspace was made (once; registry.jsonl" ../after
    [ "$(wc -l <registry.jsonl)" -eq 2 ]
    "$ASSAY" report >../again
    [ "$(wc -l <registry.jsonl)" -eq 2 ]
    [ "$(sed -n 1p registry.jsonl | sha256sum | cut -d' ' -f1)" = \
        "$(sed -n 2p registry.jsonl | sed 's/.*"prev":"\([0-9a-f]*\)".*/\1/')" ]
}

@test "reports that start together after an import all answer" {
    load_desk
    for i in 1 2 3; do
        "$ASSAY" report >../out.$i &
        pids[i]=$!
    done
    for i in 1 2 3; do wait "${pids[i]}"; done
    cmp ../out.1 ../out.2
    cmp ../out.2 ../out.3
}

@test "days are those of the workspace's zone, and a head without items says so" {
    { echo item_id,worker,opened_at,closed_at
      for i in 1 2 3; do echo "T$i,w$i,2026-07-31T23:30:00Z,2026-07-31T23:40:00Z"; done; } >items.csv
    "$ASSAY" init w --own-data --timezone Asia/Tokyo
    cd w
    "$ASSAY" report | grep -q "nothing to report yet"
    "$ASSAY" import items ../items.csv --set use_case=x
    "$ASSAY" status | grep -qE "^x .* 2026-08-01 … 2026-08-01"
    "$ASSAY" report 2020Q1 >../none
    grep -q "they run from 2026-08-01 to" ../none
    absent " 0 items" ../none
    "$ASSAY" compare --metric cycle_time 2026Q3 >../one || [ "$?" -eq 1 ]
    grep -q "2026Q3 against 2026Q2" ../one
    absent " items" ../one
}

@test "status counts small use cases without naming them" {
    load_desk
    sed -i 's/^min_group: .*/min_group: 20/' assay.yaml
    cat >use_cases.yaml <<'YAML'
- use_case: support.small
  when: team = 'Amber' and attr('group') = 'Billing'
- use_case: support.rest
  when: source = 'items'
YAML
    "$ASSAY" status >../status
    grep -q "support.rest" ../status
    absent "support.small" ../status
    grep -q "of too few people" ../status
    run "$ASSAY" compare --metric rework_rate
    [ "$status" -eq 2 ]
    [[ "$output" != *"support.small"* ]]
}

@test "the cost of the completed names its parts, and no work without AI stands beside it" {
    load_desk
    "$ASSAY" compare --metric cost_per_completed --use-case support.technical --format json >../cost.json || [ $? -eq 1 ]
    valid ../cost.json
    python3 - ../desk/usage.csv ../cost.json <<'PY'
import json, sys
row = json.load(open(sys.argv[2]))["rows"][0]
before, now = row["change"]["parts"]
assert now["of"] == "now" and now["calls_without_price"] == 0
assert abs(now["numerator"] / now["denominator"] / row["change"]["now"] - 1) < 0.1
assert 0 < before["on_abandoned"] < before["numerator"]
assert now["on_abandoned"] is None # thirteen people gave work up, four of them with a cost on it
low, high = row["change"]["interval"]
assert low < 0 < high
assert row["comparison"]["effect"] is None and "0 without it" in row["comparison"]["reason"]
PY
    run "$ASSAY" compare --metric cost_per_completed --use-case support.technical
    [[ "$output" == *"Parts, now: "*"every call has a price"* ]]
    run "$ASSAY" metrics show cost_per_completed
    [[ "$output" == *"AI cost only"* ]]
}
