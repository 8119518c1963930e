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
