#!/usr/bin/env bats
# Metrics of kind quantile, from a file of the user's to the answer.

setup() {
    folder=$(mktemp -d)
    cd "$folder"
    "$ASSAY" init w --timezone UTC >/dev/null
}

teardown() {
    cd /
    rm -rf "$folder"
}

# p90_time, as in docs/metrics.md.
add_p90_time() {
    mkdir -p w/metrics
    cat >w/metrics/p90_time.yaml <<'YAML'
metric: p90_time
label: Hours within which 9 of 10 are closed
kind: quantile
quantile: 0.9
value: hours(closed_at - opened_at)
unit: hours
better: lower
material: 10%
YAML
}

import_desk() {
    "$SUPPORT_DESK" desk
    cp "$SOURCE/examples/support/use_cases.yaml" w/
    cd w
    "$ASSAY" import items ../desk/tickets.csv --map item_id="Ticket ID" --map opened_at=Created \
        --map started_at=Started --map closed_at=Closed --map worker=Assignee --map team=Team \
        --map state=Status --map updated_at=Updated --map attr.group=Group --map size=Words \
        2>/dev/null
    "$ASSAY" import usage ../desk/usage.csv
    "$ASSAY" import assignments ../desk/trial.csv
}

@test "the desk's 9 in 10 are those of its files, and the interval is near a bootstrap's" {
    add_p90_time
    import_desk >/dev/null
    "$ASSAY" compare --metric p90_time --use-case support.billing --from 2026-07-01 --to 2026-09-30 \
        --format json >out.json
    python3 - "$SOURCE/docs/report.schema.json" <<'PY'
import csv, datetime, json, math, random, sys
import jsonschema
document = json.load(open("out.json"))
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(document)
row = document["rows"][0]
assert row["metric"]["kind"] == "quantile", row["metric"]
comparison = row["comparison"]
arms = {r["unit"]: r["arm"] for r in csv.DictReader(open("../desk/trial.csv"))}
def time(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
people = {}
for t in csv.DictReader(open("../desk/tickets.csv")):
    if t["Ticket ID"] in arms and t["Closed"] and t["Assignee"]:
        hours = (time(t["Closed"]) - time(t["Created"])).total_seconds() / 3600
        people.setdefault(t["Assignee"], []).append((arms[t["Ticket ID"]], hours))
def at_90(rows, arm):
    values = sorted(h for a, h in rows if a == arm)
    return values[math.ceil(0.9 * len(values) - 1e-9) - 1]
rows = [r for list in people.values() for r in list]
for arm in comparison["arms"]:
    wanted = at_90(rows, arm["arm"])
    assert abs(arm["value"] - wanted) < 1e-9, (arm, wanted)
    assert arm["items"] == sum(a == arm["arm"] for a, h in rows), arm
effect = at_90(rows, "ai") / at_90(rows, "no_ai") - 1
assert abs(comparison["effect"] - effect) < 1e-9, (comparison["effect"], effect)
random.seed(1)
drawn = []
for run in range(400):
    again = [r for list in random.choices([*people.values()], k=len(people)) for r in list]
    drawn.append(at_90(again, "ai") / at_90(again, "no_ai") - 1)
mean = sum(drawn) / len(drawn)
error = math.sqrt(sum((d - mean) ** 2 for d in drawn) / (len(drawn) - 1))
low, high = comparison["interval"]
ratio = (high - low) / (2 * 1.96 * error)
print(ratio)
assert 0.8 < ratio < 1.5, ratio
PY
}

@test "a time up to the close is not compared as found, for it grows with time" {
    add_p90_time
    import_desk >/dev/null
    run "$ASSAY" compare --metric p90_time --use-case support.technical --from 2026-07-01 --to 2026-09-30
    [[ "$output" == *"grows with time can't be compared as found"* ]]
}

# 40 people with 20 items each, drawn one by one; SLOW of them take 100 hours or more over theirs.
trial() {
    add_p90_time
    sed -i 's/quantile: 0.9/quantile: 0.95/' w/metrics/p90_time.yaml
    cd w
    python3 - "$1" <<'PY'
import csv, datetime, random, sys
slow = int(sys.argv[1])
random.seed(3)
start = datetime.datetime(2026, 7, 1)
def at(hours):
    return (start + datetime.timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")
with open("items.csv", "w") as items, open("assignments.csv", "w") as assignments:
    items, assignments = csv.writer(items), csv.writer(assignments)
    items.writerow(["item_id", "use_case", "worker", "team", "size", "opened_at", "closed_at",
                    "state", "updated_at"])
    assignments.writerow(["plan", "unit_kind", "unit", "arm", "probability"])
    for number in range(800):
        person = number // 20
        opened = number * 37 % 1400
        hours = random.expovariate(1) + (777 if person < slow else 0)
        items.writerow([f"i{number}", "help", f"w{person}", "t", 10, at(opened), at(opened + hours),
                        "done", at(2300)])
        assignments.writerow(["p", "item", f"i{number}", random.choice(["ai", "no_ai"]), 0.5])
PY
    "$ASSAY" import items items.csv >/dev/null
    "$ASSAY" import assignments assignments.csv >/dev/null
    # It exits with 1 where there is nothing to show.
    "$ASSAY" compare --metric p90_time --from 2026-07-01 --to 2026-09-30 --format json >out.json ||
        [ "$?" -eq 1 ]
}

@test "a quantile beyond which only three people have items is withheld" {
    trial 3
    python3 - <<'PY'
import json, re
row = json.load(open("out.json"))["rows"][0]
assert not re.search(r"7[78]\d\.", json.dumps(row)) # the slow items took 777 hours and more
assert row["comparison"]["withheld"] is True, row["comparison"]
assert row["verdict"]["word"] == "withheld", row["verdict"]
PY
}

@test "with everybody's items beyond it, it is shown" {
    trial 0
    python3 - <<'PY'
import json
row = json.load(open("out.json"))["rows"][0]
assert row["comparison"]["clusters"] == 40, row["comparison"]
assert row["comparison"]["errors"] == "influence", row["comparison"]
PY
}

@test "rounded to whole days a median of hours is refused with a sentence" {
    add_p90_time
    sed -i 's|^value:.*|value: round(hours(closed_at - opened_at) / 24)|' w/metrics/p90_time.yaml
    import_desk >/dev/null
    sed -i 's/quantile: 0.9/quantile: 0.5/' metrics/p90_time.yaml
    run "$ASSAY" compare --metric p90_time --use-case support.billing --from 2026-07-01 --to 2026-09-30
    [[ "$output" == *"too many items share the value of the quantile"* ]]
}
