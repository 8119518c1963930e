#!/usr/bin/env bats
# Rare events in a trial: what happened to nobody with AI is not thereby better with AI.

load workspace_helpers.bash

# trial EVERY: 12 people drawn to AI and 60 to work without, of 20 items each. One item of every
# EVERYth person without AI was reopened, none with AI.
trial() {
    python3 - "$1" <<'PY'
import csv, datetime, sys
every = int(sys.argv[1])
start = datetime.datetime(2026, 7, 1)
def at(minutes):
    return (start + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")
with open("items.csv", "w") as items, open("assignments.csv", "w") as assignments:
    items, assignments = csv.writer(items), csv.writer(assignments)
    items.writerow(["item_id", "use_case", "worker", "team", "size", "opened_at", "closed_at",
                    "state", "updated_at", "measure.reopened"])
    assignments.writerow(["plan", "unit_kind", "unit", "arm", "probability"])
    number = 0
    for person in range(72):
        ai = person < 12
        assignments.writerow(["p", "worker", f"w{person}", "ai" if ai else "no_ai",
                              0.167 if ai else 0.833])
        for i in range(20):
            opened = number * 37 % 86400
            items.writerow([f"i{number}", "help", f"w{person}", f"t{person % 4}", 10, at(opened),
                            at(opened + 60), "done", at(132000 if number == 0 else opened + 60),
                            int(not ai and i == 0 and person % every == 0)])
            number += 1
PY
    "$ASSAY" import items items.csv >/dev/null
    "$ASSAY" import assignments assignments.csv >/dev/null
    "$ASSAY" compare --metric rework_rate --from 2026-07-01 --to 2026-09-30 --format json >out.json
}

@test "0 of 240 against 12 of 1,200 is not called better" {
    trial 5
    python3 - <<'PY'
import json
row = json.load(open("out.json"))["rows"][0]
comparison = row["comparison"]
assert [a["items"] for a in comparison["arms"]] == [1200, 240], comparison["arms"]
assert row["verdict"]["word"] == "unproven", row["verdict"]
low, high = comparison["interval"]
assert low < -0.01 < 0 < high, comparison["interval"]
assert comparison["p"] > 0.05 # Fisher's exact test of the items alone: .235
PY
}

@test "events of six people decide nothing, and it is said why" {
    trial 10
    python3 - <<'PY'
import json
row = json.load(open("out.json"))["rows"][0]
assert (row["verdict"]["word"], row["verdict"]["reason"]) == ("unproven", "check"), row["verdict"]
checks = {c["check"]: c for c in row["checks"]}
assert checks["few_events"]["state"] == "failed", checks
assert None not in row["comparison"]["interval"]
PY
    "$ASSAY" compare --metric rework_rate --from 2026-07-01 --to 2026-09-30 >out
    grep -q "few_events: failed" out
}

# nothing UNIT ITEMS: 24 people, ITEMS items each, drawn by UNIT; nothing was ever reopened, and AI
# makes the score of every item better.
nothing() {
    cd "$folder"
    rm -rf w
    "$ASSAY" init w --timezone UTC >/dev/null
    cd w
    python3 - "$1" "$2" <<'PY'
import csv, datetime, random, sys
unit, each = sys.argv[1], int(sys.argv[2])
draw = random.Random(3)
start = datetime.datetime(2026, 7, 1)
with open("items.csv", "w") as items, open("assignments.csv", "w") as assignments:
    items, assignments = csv.writer(items), csv.writer(assignments)
    items.writerow(["item_id", "use_case", "worker", "team", "opened_at", "closed_at", "state", "measure.errors",
                    "measure.score"])
    assignments.writerow(["plan", "unit_kind", "unit", "arm", "probability"])
    for n in range(24 * each):
        person = n % 24
        ai = person % 2 == 0 if unit == "worker" else draw.random() < 0.5
        at = start + datetime.timedelta(minutes=n * 20)
        items.writerow([f"i{n}", "help", f"w{person}", f"t{person % 4}", at, at + datetime.timedelta(hours=1), "done",
                        0, round((4 if ai else 3) + draw.gauss(0, 1), 3)])
        if unit == "item":
            assignments.writerow(["p", "item", f"i{n}", "ai" if ai else "no_ai", 0.5])
        elif n < 24:
            assignments.writerow(["p", "worker", f"w{person}", "ai" if ai else "no_ai", 0.5])
    items.writerow(["end", "other", "w1", "t1", "2026-11-01", "2026-11-02", "done", "", ""])
PY
    "$ASSAY" import items items.csv >/dev/null
    "$ASSAY" import assignments assignments.csv >/dev/null
    printf 'metric: score\nlabel: Score\nkind: mean\nvalue: score\nunit: points\nbetter: higher\nmaterial: "0.2"\n' \
        >metrics/score.yaml
    cat >plans/p.yaml <<Y
plan: p
use_case: help
design: {kind: randomised, unit: $1}
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: score, improve_by: "0.2"}
guardrails: [{metric: error_rate, allow: 1pp}]
Y
    "$ASSAY" compare p --format json >out.json || true
    "$ASSAY" compare p >out || true
}

@test "a guardrail that never fails is held where there are enough items, else says how many it takes" {
    nothing item 42
    python3 - <<'PY'
import json
row = json.load(open("out.json"))["rows"][0]
guardrail = row["guardrails"][0]
items = [a["items"] for a in row["comparison"]["arms"]]
low, high = guardrail["interval"]
z2 = 2.0687 ** 2 # t with 23: Wilson's limit of 0 of n is t^2 / (n + t^2)
assert abs(low + z2 / (items[0] + z2)) < 1e-5, (low, items)
assert abs(high - z2 / (items[1] + z2)) < 1e-5, (high, items)
assert guardrail["effect"] == 0 and guardrail["state"] == "held", guardrail
assert row["verdict"]["word"] == "better", row["verdict"]
PY
    nothing item 21
    python3 - <<'PY'
import json
row = json.load(open("out.json"))["rows"][0]
guardrail = row["guardrails"][0]
assert guardrail["state"] == "open" and guardrail["reason"] is None, guardrail
high = guardrail["interval"][1]
n = sum(a["items"] for a in row["comparison"]["arms"])
needed = guardrail["items_needed"]
assert abs(needed - (high / 0.01 - 1) * n) <= 0.1 * needed, (needed, high, n)
PY
}

@test "people who were drawn whole count once each where nothing ever happened" {
    nothing worker 42
    python3 - <<'PY'
import json
guardrail = json.load(open("out.json"))["rows"][0]["guardrails"][0]
z2 = 2.0739 ** 2 # t with 22, 12 people in each arm
assert all(abs(abs(x) - z2 / (12 + z2)) < 1e-4 for x in guardrail["interval"]), guardrail
assert guardrail["state"] == "open", guardrail
PY
}
