#!/usr/bin/env bats
# A data check that finds a fault stands beside the verdict in every format, with what to do.

load workspace_helpers.bash

# trial KEPT: 40 people of 20 items each, drawn to AI by the item at one half; of those with AI only
# KEPT of ten are in the assignment that is imported.
trial() {
    python3 - "$1" <<'PY'
import csv, datetime, sys
kept = int(sys.argv[1])
start = datetime.datetime(2026, 7, 1)
def at(minutes):
    return (start + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")
with open("items.csv", "w") as items, open("assignments.csv", "w") as assignments:
    items, assignments = csv.writer(items), csv.writer(assignments)
    items.writerow(["item_id", "use_case", "worker", "team", "size", "opened_at", "closed_at",
                    "state", "updated_at", "measure.quality"])
    assignments.writerow(["plan", "unit_kind", "unit", "arm", "probability"])
    for number in range(800):
        person, i = number % 40, number // 40
        ai = (person + i) % 2
        opened = number * 160
        items.writerow([f"i{number}", "help", f"w{person}", f"t{person % 4}", 10, at(opened),
                        at(opened + 30 + number * 53 % 101), "done", at(132000),
                        (number * 37 % 100) / 100])
        if not ai or (person + i) // 2 % 10 < kept:
            assignments.writerow(["p", "item", f"i{number}", "ai" if ai else "no_ai", 0.5])
PY
    "$ASSAY" import items items.csv >/dev/null
    "$ASSAY" import assignments assignments.csv >/dev/null
    asked="compare --metric quality_score --from 2026-07-01 --to 2026-09-30"
}

@test "a fault is said with what to do, in each format" {
    trial 5
    # shellcheck disable=SC2086
    for format in text markdown csv json; do
        "$ASSAY" $asked --format "$format" >"out.$format"
    done
    tr '\n' ' ' <out.text | tr -s ' ' >text
    grep -q "Check sample_ratio: failed (the arms have other sizes than the draw" text
    grep -q "What to do: find what took units out of one arm after the draw" text
    grep -q "Checks passed: units_twice, no_worker, other_plans, few_events" text
    grep -q "What to do: find what took units out" out.markdown
    grep -q "unproven,sample_ratio: failed" out.csv
    python3 - <<'PY'
import json
row = json.load(open("out.json"))["rows"][0]
assert (row["verdict"]["word"], row["verdict"]["reason"]) == ("unproven", "check"), row["verdict"]
faults = [c for c in row["checks"] if c["state"] != "passed"]
assert [c["check"] for c in faults] == ["sample_ratio"], faults
assert faults[0]["do"].startswith("find what took units out"), faults
assert all(c["do"] is None for c in row["checks"] if c["state"] == "passed")
PY
    "$ASSAY" report --from 2026-07-01 --to 2026-09-30 | tr '\n' ' ' | tr -s ' ' >report
    grep -q "Check sample_ratio: failed" report
    "$ASSAY" report --from 2026-07-01 --to 2026-09-30 --format markdown >report.md
    grep -q -- "- Check sample" report.md
}

@test "without a fault no format speaks of one" {
    trial 10
    # shellcheck disable=SC2086
    for format in text markdown csv; do
        "$ASSAY" $asked --format "$format" >"out.$format"
    done
    grep -q "Checks passed: sample_ratio" out.text
    run grep -E "What to do|failed|noted" out.text out.markdown out.csv
    [ "$status" -eq 1 ]
}
