#!/usr/bin/env bats
# The comparison read the other way: where AI was better left out, on how many items, and what that
# saved, beside numbers worked out from the files (without_ai.py).

load workspace_helpers.bash
export COLUMNS=1000 LC_ALL=C.UTF-8

load() {
    python3 "$SOURCE/tests/cli/without_ai.py" "$1" >../wanted.json
    local name
    "$ASSAY" import items ../items.csv --set use_case=x >/dev/null 2>&1
    "$ASSAY" import usage ../usage.csv >/dev/null 2>&1
    [ ! -e ../arms.csv ] || "$ASSAY" import assignments ../arms.csv >/dev/null 2>&1
    [ ! -e ../measures.csv ] || "$ASSAY" import measures ../measures.csv >/dev/null 2>&1
    [ ! -e ../rates.csv ] || "$ASSAY" import labour ../rates.csv >/dev/null 2>&1
}

compare() {
    "$ASSAY" compare 2026Q3 --metric cycle_time --format json "$@" >../got.json
    valid ../got.json
}

# check CODE: with `one` (without_ai), `row`, `wanted` and close(a, b)
check() {
    python3 - "$1" <<'PY'
import json, sys
row = json.load(open("../got.json"))["rows"][0]
one, wanted = row["without_ai"], json.load(open("../wanted.json"))
def close(a, b):
    assert abs(a - b) <= 1e-8 * max(1, abs(b)), (a, b)
def holds(interval, value):
    assert interval[0] < value < interval[1], (interval, value)
exec(sys.argv[1])
PY
}

@test "a trial in which work is slower with AI counts the items without, and their hours and dollars" {
    load slower
    compare
    check '
assert row["verdict"]["word"] == "worse"
assert (one["reason"], one["basis"], one["chosen"]) == ("better", "shown", False), one
assert one["items"] == wanted["items"] == 160
close(one["hours"]["saved"], wanted["hours"])
close(one["usd"]["ai"]["saved"], wanted["ai"])
assert one["hours"]["of"] == "elapsed"
holds(one["hours"]["interval"], 160 * 48 / 60)
holds(one["usd"]["ai"]["interval"], 160 * 0.6)
assert one["usd"]["labour"] is None and one["usd"]["both"] is None
assert one["effect"] == row["comparison"]["effect"]'
    "$ASSAY" report 2026Q3 >../text
    [ "$(grep -n "Where AI was better left out" ../text | cut -d: -f1)" -lt "$(grep -n "As assigned" ../text | cut -d: -f1)" ]
    grep -qE "not using AI came out right on 160 items that were given none; that saved about 1[0-9]{2} hours \([0-9]+ … [0-9]+\) from start to end, which is not labour; about .[0-9]+ \(.*\) of AI's cost \(assigned by lot; not planned before the first item\)" ../text
    "$ASSAY" compare 2026Q3 --metric cycle_time >../text
    grep -q "Without AI: not using AI came out right on 160 items" ../text
    "$ASSAY" report 2026Q3 --format markdown | grep -q "## Where AI was better left out"
    "$ASSAY" report 2026Q3 --format csv >../csv
    words_of ../csv "hours ai"
    grep -q "^x,time_to_complete,without_ai_hours,randomised,no_ai,160,,,[0-9.]*,hours," ../csv
    grep -q "^x,time_to_complete,without_ai_usd,randomised,no_ai,160,,,[0-9.]*,usd," ../csv
    python3 -c 'import csv
rows = list(csv.reader(open("../csv", newline="")))
assert all(len(row) == len(rows[0]) for row in rows), rows'
}

@test "only of a plan that was locked before the first item it is said that it was right" {
    load slower
    printf '%s\n' 'plan: trial' 'use_case: x' 'design: {kind: randomised, unit: item}' \
        'period: {from: 2026-07-01, to: 2026-07-31}' 'primary: {metric: cycle_time, improve_by: 10%}' \
        >plans/trial.yaml
    "$ASSAY" compare trial >../text || { cat ../text; false; }
    grep -q "Without AI: not using AI came out right on 80 items .*(assigned by lot; not planned before the first item)" ../text || { cat ../text; false; }
    "$ASSAY" plan lock trial >/dev/null
    local lines head
    read -r lines head < <(python3 "$SOURCE/tests/cli/backdate.py" registry.jsonl 2026-06-20)
    "$RUN_SQL" assay.duckdb "update about_workspace set value = '$lines' where thing = 'registry_lines'; \
        update about_workspace set value = '$head' where thing = 'registry_head'"
    "$ASSAY" compare trial >../text
    grep -q "Without AI: not using AI was right on 80 items" ../text
    absent "not planned before" ../text
}

# words_of CSV "SUMS": there is a line of each sum, with the interval worked out from the files, and
# says better only where that lies above 0, unclear where not. A third argument is the word that all of
# them have instead. (Degrees of freedom may be fewer than the people less one, where these are unlike
# each other: within 2 % of the width; of skewed values the interval is wider.)
words_of() {
    python3 - "$@" <<'PY'
import csv, json, sys
kinds = {"hours": "without_ai_hours", "labour_hours": "without_ai_hours", "ai": "without_ai_usd",
         "labour": "without_ai_labour_usd", "both": "without_ai_both_usd"}
wanted = json.load(open("../wanted.json"))["intervals"]
lines = {row["kind"]: row for row in csv.DictReader(open(sys.argv[1], newline="")) if "without_ai" in row["kind"]}
assert set(lines) == {kinds[name] for name in sys.argv[2].split()}, lines
for name in sys.argv[2].split():
    line, (low, high) = lines[kinds[name]], wanted[name]
    got = float(line["low"]), float(line["high"])
    assert all(abs(a - b) <= 0.02 * (high - low) for a, b in zip(got, (low, high))) or \
        ("skewed" in sys.argv and got[0] < low and got[1] > high), (name, got, low, high)
    word = "better" if low > 0 else "unclear"
    assert line["word"] == (sys.argv[3] if len(sys.argv) > 3 else word), (name, line)
PY
}

@test "calls of one price give dollars without an interval, and calls of no price none" {
    load flat
    compare
    check '
close(one["usd"]["ai"]["saved"], 160 * 0.5)
assert one["usd"]["ai"]["interval"] == [None, None]
close(one["hours"]["saved"], wanted["hours"])'
    "$ASSAY" compare 2026Q3 --metric cycle_time | grep -qF 'about $80 of AI'
    cd .. && rm -rf w && "$ASSAY" init w --timezone UTC >/dev/null && cd w
    load unpriced
    compare
    check '
assert one["usd"] == {"ai": None, "labour": None, "both": None}
close(one["hours"]["saved"], wanted["hours"])'
}

@test "work that is as good without AI is said to be where AI's cost is known, and only there" {
    load equal
    compare
    check '
assert row["verdict"]["word"] == "no_material_change"
assert (one["reason"], one["basis"]) == ("equal_at_lower_cost", "shown"), one
close(one["usd"]["ai"]["saved"], wanted["ai"])
holds(one["hours"]["interval"], 0)'
    "$ASSAY" compare 2026Q3 --metric cycle_time | grep -q "which were as good without"
    "$ASSAY" report 2026Q3 | grep -q "^Where AI was better left out"
    "$ASSAY" report 2026Q3 --format csv >../csv
    words_of ../csv "hours ai" equal_at_lower_cost
    sed -i 's/,[0-9.]*\r*$/,/; 1s/.*/usage_id,occurred_at,worker,item_id,usd/' ../usage.csv
    cd .. && rm -rf w && "$ASSAY" init w --timezone UTC >/dev/null && cd w
    "$ASSAY" import items ../items.csv --set use_case=x >/dev/null 2>&1
    "$ASSAY" import usage ../usage.csv >/dev/null 2>&1
    "$ASSAY" import assignments ../arms.csv >/dev/null 2>&1
    compare
    check 'assert row["verdict"]["word"] == "no_material_change" and one is None, one'
}

@test "slower by ratio, but not surely in hours: whether AI was better left out is unclear, in all words" {
    load spread
    printf '%s\n' 'metric: logs' 'kind: mean' 'value: labour_minutes' 'unit: minutes' \
        'better: lower' 'material: 5%' 'scale: log' >metrics/logs.yaml
    "$ASSAY" compare 2026Q3 --metric logs --format json >../got.json
    valid ../got.json
    check '
assert row["verdict"]["word"] == "worse" and row["comparison"]["interval"][0] > 0
assert wanted["intervals"]["labour_hours"][0] < 0 < wanted["intervals"]["labour_hours"][1]
assert (one["reason"], one["basis"]) == ("unclear", "shown"), one
close(one["hours"]["saved"], wanted["labour_hours"])
close(one["usd"]["labour"]["saved"], wanted["labour"])'
    "$ASSAY" compare 2026Q3 --metric logs >../text
    grep -q "it is unclear whether not using AI was right on 160 items that were given none; unclear whether that saved anything: about −185 hours" ../text
    absent -E "that saved about [^$]|using AI (was|seems)" <(sed 's/whether not using AI was//' ../text)
    "$ASSAY" compare 2026Q3 --metric logs --format csv >../csv
    words_of ../csv "labour_hours ai labour both" unclear skewed
    # The mean itself is not called worse.
    sed -e 's/^metric: .*/metric: booked/' -e '/^scale/d' metrics/logs.yaml >metrics/booked.yaml
    "$ASSAY" compare 2026Q3 --metric booked --format json >../got.json
    check 'assert row["verdict"]["word"] == "unproven" and one is None'
}

@test "worse for a guardrail, but no slower: whether AI was better left out is unclear" {
    load broken
    printf '%s\n' 'metric: marks' 'kind: mean' 'value: quality' 'unit: points' 'better: higher' \
        'material: "0.1"' >metrics/marks.yaml
    printf '%s\n' 'plan: trial' 'use_case: x' 'design: {kind: randomised, unit: item, probability: 0.5}' \
        'period: {from: 2026-07-01, to: 2026-09-28}' 'primary: {metric: cycle_time, improve_by: 1%}' \
        'guardrails:' '  - {metric: marks, allow: "0.05"}' >plans/trial.yaml
    printf '%s\n' item_id,worker,opened_at,closed_at,state late,w1,2026-10-01,2026-10-02,done >../late.csv
    "$ASSAY" import items ../late.csv --set use_case=y >/dev/null 2>&1
    "$ASSAY" report 2026Q3 --format json >../got.json
    valid ../got.json
    check '
assert row["verdict"]["word"] == "worse" and row["guardrails"][0]["state"] == "broken"
assert one["reason"] == "unclear", one
close(one["hours"]["saved"], wanted["hours"])
holds(one["hours"]["interval"], 0)'
    "$ASSAY" report 2026Q3 >../text
    grep -q "^Where it is unclear whether AI was better left out" ../text
    absent "^Where AI was better left out" ../text
    "$ASSAY" report 2026Q3 --format markdown >../text
    grep -q "^## Where it is unclear whether AI was better left out" ../text
    absent "## Where AI was better left out" ../text
    "$ASSAY" report 2026Q3 --format csv >../csv
    words_of ../csv "hours ai" unclear
}

@test "where work is better with AI there is nothing to say of leaving it out" {
    load faster
    compare
    check 'assert row["verdict"]["word"] == "better" and one is None, one'
    "$ASSAY" report 2026Q3 >../text
    absent "left out" ../text
}

@test "booked time is labour, at the rate that its role had then, and dollars of both are one sum" {
    load slower
    printf '%s\n' 'metric: booked' 'kind: mean' 'value: labour_minutes' 'unit: minutes' \
        'better: lower' 'material: 5' >metrics/booked.yaml
    "$ASSAY" compare 2026Q3 --metric booked --format json >../got.json
    valid ../got.json
    check '
assert one["hours"]["of"] == "labour"
close(one["hours"]["saved"], wanted["labour_hours"])
for i in (0, 1):
    close(one["hours"]["interval"][i], row["comparison"]["interval"][i] * 160 / 60)
close(one["usd"]["labour"]["saved"], wanted["labour"])
close(one["usd"]["both"]["saved"], wanted["labour"] + wanted["ai"])
holds(one["usd"]["both"]["interval"], wanted["labour"] + wanted["ai"])'
    # The logarithm has no sums: the hours are those of the means.
    sed -i -e 's/^metric: .*/metric: logs/' -e 's/^material: .*/material: 5%\nscale: log/' metrics/booked.yaml
    mv metrics/booked.yaml metrics/logs.yaml
    "$ASSAY" compare 2026Q3 --metric logs --format json >../got.json
    check 'close(one["hours"]["saved"], wanted["labour_hours"])'
}

@test "as found it is suggested, on the mix of the items without AI, and few people are not counted" {
    load found
    printf '%s\n' 'metric: days_open' 'kind: duration' 'from: opened_at' 'to: closed_at' \
        'unit: minutes' 'horizon: 10d' 'better: lower' 'material: 5%' >metrics/days_open.yaml
    "$ASSAY" compare 2026Q3 --metric days_open --landmark 30m --like team --format json >../got.json
    valid ../got.json
    check '
assert row["verdict"]["word"] == "unproven" and row["comparison"]["design"] == "like_with_like"
assert (one["reason"], one["basis"], one["chosen"]) == ("better", "suggested", True), one
close(one["hours"]["saved"], wanted["hours"])
close(one["usd"]["ai"]["saved"], wanted["ai"])
# The two people who never used AI would be had by subtraction from the arm.
assert one["items"] is None, one
text = json.dumps(row)
assert str(wanted["items"]) not in [str(arm["items"]) for arm in row["comparison"]["arms"]]
assert "%d items" % wanted["items"] not in text'
    "$ASSAY" compare 2026Q3 --metric days_open --landmark 30m --like team >../text
    grep -q "not using AI seems to have been right on most of the items done without it" ../text
    grep -q "as found: this suggests it, and does not show it" ../text
    # With nobody alone in a cell there is nothing to hide.
    sed -i '/,Alone,/d' ../items.csv
    cd .. && rm -rf w && "$ASSAY" init w --timezone UTC >/dev/null && cd w
    "$ASSAY" import items ../items.csv --set use_case=x >/dev/null 2>&1
    "$ASSAY" import usage ../usage.csv >/dev/null 2>&1
    printf '%s\n' 'metric: days_open' 'kind: duration' 'from: opened_at' 'to: closed_at' \
        'unit: minutes' 'horizon: 10d' 'better: lower' 'material: 5%' >metrics/days_open.yaml
    "$ASSAY" compare 2026Q3 --metric days_open --landmark 30m --like team --format json >../got.json
    check 'assert one["items"] == wanted["items"], one'
}

@test "within strata the sums are on the mix of the items without AI, and a lone stratum is in none" {
    load strata
    printf '%s\n' 'plan: trial' 'use_case: x' \
        'design: {kind: randomised, unit: item, probability: 0.5, strata: [team]}' \
        'period: {from: 2026-07-01, to: 2026-09-28}' 'primary: {metric: cycle_time, improve_by: 5%}' >plans/trial.yaml
    "$ASSAY" compare trial --early --format json >../got.json
    valid ../got.json
    check '
assert row["comparison"]["design"] == "randomised" and row["verdict"]["word"] == "worse", row["verdict"]
assert (one["reason"], one["basis"], one["chosen"]) == ("better", "shown", False), one
close(one["hours"]["saved"], wanted["hours"])
close(one["usd"]["ai"]["saved"], wanted["ai"])
# Beside the items of the arm they would tell of the two people of the lone stratum.
assert one["items"] is None, one'
}

@test "dollars that rest on few people, and a comparison that is withheld, say nothing of them" {
    load slower
    # Most items are priced, but those without belong to all people but six.
    python3 - <<'PY'
import csv
rows = list(csv.DictReader(open("../usage.csv", newline="")))
for row in rows:
    if row["item_id"] and int(row["worker"].split()[1]) >= 6:
        row["usd"] = ""
with open("../usage.csv", "w", newline="") as file:
    out = csv.DictWriter(file, rows[0].keys())
    out.writeheader()
    out.writerows(rows)
items = list(csv.DictReader(open("../items.csv", newline="")))
keep = [x for x in items if int(x["worker"].split()[1]) < 6 or int(x["item_id"].split("-")[1]) < 2]
with open("../items.csv", "w", newline="") as file:
    out = csv.DictWriter(file, items[0].keys())
    out.writeheader()
    out.writerows(keep)
PY
    cd .. && rm -rf w && "$ASSAY" init w --timezone UTC >/dev/null && cd w
    "$ASSAY" import items ../items.csv --set use_case=x >/dev/null 2>&1
    "$ASSAY" import usage ../usage.csv >/dev/null 2>&1
    "$ASSAY" import assignments ../arms.csv >/dev/null 2>&1
    compare
    check 'assert one["usd"] == {"ai": None, "labour": None, "both": None} and one["hours"], one'
    grep -q "what leaving AI out saved" ../got.json
    sed -i 's/^min_group: .*/min_group: 17/' assay.yaml
    run "$ASSAY" compare 2026Q3 --metric cycle_time --format json
    [ "$status" -eq 1 ]
    [[ "$output" == *'"without_ai": null'* ]]
}
