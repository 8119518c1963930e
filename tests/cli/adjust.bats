#!/usr/bin/env bats
# Covariates: slopes of each arm's own, and what the same people did before. Beside answers from
# outside: R's estimatr, and least squares from the rows of the files themselves.

load workspace_helpers.bash

# refused PART ARGUMENTS..: compare says no, and why.
refused() {
    run "$ASSAY" compare "${@:2}"
    [ "$status" -eq 2 ] || { echo "$output"; false; }
    [[ "$output" == *"$1"* ]] || { echo "$output"; false; }
}

@test "METR's trial with slopes of each arm's own agrees with lm_lin" {
    [ -n "${ASSAY_SHARED_DATA:-}" ] || { echo "# SKIPPED: no public data sets" >&3; skip "no public data"; }
    cp "$SOURCE/examples/metr/connectors/metr.sql" connectors/
    cp "$SOURCE/examples/metr/metrics/total_minutes.yaml" metrics/
    "$ASSAY" import metr "$ASSAY_SHARED_DATA/metr/data.csv"
    local common=(--metric total_minutes --adjust 'ln(predicted_minutes)' --interact)
    for errors in cr2 cr0 cr1 cr3 classical hc0 hc1 hc2 hc3; do
        "$ASSAY" compare "${common[@]}" --errors "$errors" --quantile normal --format json >"../$errors.json"
        valid "../$errors.json"
    done
    "$ASSAY" compare "${common[@]}" --format json >../given.json
    python3 - "$SOURCE/tests/oracle/interacted.json" <<'PY'
import json, math, sys
wanted = json.load(open(sys.argv[1]))["metr"]["answers"]
def comparison(name):
    return json.load(open(f"../{name}.json"))["rows"][0]["comparison"]
def close(a, b):
    assert abs(a - b) <= 1e-9 * max(1, abs(b)), (a, b)
for errors in ["CR2", "CR0", "CR1", "CR3", "classical", "HC0", "HC1", "HC2", "HC3"]:
    one = comparison(errors.lower())
    assert one["interacted"] and not one["adjusted_earlier"]
    close(math.log1p(one["effect"]), wanted["effect"])
    low, high = map(math.log1p, one["interval"])
    close((high - low) / 2 / 1.9599639845400542, wanted[errors])
given = comparison("given")
close(given["df"], wanted["CR2_df"])
close(given["p"], wanted["CR2_p"])
close(math.log1p(given["interval"][0]), wanted["CR2_low"])
close(math.log1p(given["interval"][1]), wanted["CR2_high"])
PY
    "$ASSAY" compare "${common[@]}" | tr -s '\n ' ' ' |
        grep -q "adjusted for ln(predicted_minutes), each arm with slopes of its own"
    "$ASSAY" compare "${common[@]}" --format markdown | grep -q "each arm with slopes of its own"
}

# Thirty people; from the 25th on they are new in the third quarter. Items of the second quarter that
# were closed in the third are not known when it begins. unit: what arms are drawn for. A
# person's arm holds from the middle of the second quarter on.
trial() {
    cat >metrics/score.yaml <<'YAML'
metric: score
kind: mean
value: score
unit: marks
better: higher
material: 0.5
YAML
    python3 - "$1" <<'PY'
import csv, datetime, random, sys
random.seed(20261126)
unit = sys.argv[1]
start = datetime.datetime(2026, 4, 1)
def at(hours):
    return (start + datetime.timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")
with open("items.csv", "w") as items, open("assignments.csv", "w") as assignments:
    items, assignments = csv.writer(items), csv.writer(assignments)
    items.writerow(["item_id", "use_case", "worker", "size", "opened_at", "closed_at", "state",
                    "updated_at", "measure.score"])
    assignments.writerow(["plan", "unit_kind", "unit", "arm", "since", "probability"])
    number = 0
    for person in range(30):
        skill = random.gauss(0, 2)
        if unit == "worker":
            assignments.writerow(["p", "worker", f"w{person}", ["no_ai", "ai"][person % 2], at(1100),
                                  0.5])
        for i in range(14 if person < 25 else 7):
            third = person >= 25 or i >= 7
            opened = (2190 if third else 0) + random.randrange(2100)
            closed = 2200 if not third and i == 0 else opened + 5
            arm = random.randrange(2) if unit == "item" else person % 2
            size = random.randrange(100, 400)
            score = 40 + skill * (2 if arm else 1) + arm + size / 100 + random.gauss(0, 1)
            items.writerow([f"i{number}", "help", f"w{person}", size, at(opened), at(closed), "done",
                            at(6000 if number == 0 else closed), round(score, 4)])
            if unit == "item" and third:
                assignments.writerow(["p", "item", f"i{number}", ["no_ai", "ai"][arm], at(2184), 0.5])
            number += 1
PY
    "$ASSAY" import items items.csv >/dev/null
    "$ASSAY" import assignments assignments.csv >/dev/null
}

# by_hand UNIT WORD..: the documents of `compare` beside least squares on the rows of the files.
by_hand() {
    local common=(2026Q3 --metric score --adjust size --cuped --quantile normal)
    "$ASSAY" compare "${common[@]}" --errors cr0 --format json >../shared.json
    "$ASSAY" compare "${common[@]}" --errors cr0 --interact --format json >../own.json
    "$ASSAY" compare "${common[@]}" --errors hc0 --interact --format json >../hc0.json
    valid ../own.json
    python3 - "$1" <<'PY'
import csv, json, sys
unit = sys.argv[1]
rows = list(csv.DictReader(open("items.csv")))
arms = {r["unit"]: (r["arm"] == "ai", r["since"]) for r in csv.DictReader(open("assignments.csv"))}
middle = "2026-07-01"
before = {}
for r in rows:
    drawn = unit == "worker" and r["opened_at"] >= arms[r["worker"]][1]
    if r["opened_at"] < middle and r["closed_at"] < middle and not drawn:
        before.setdefault(r["worker"], []).append(float(r["measure.score"]))
before = {worker: sum(v) / len(v) for worker, v in before.items()}
later = [r for r in rows if r["opened_at"] >= middle]
assert any(r["worker"] not in before for r in later) and len(before) >= 20, len(before)
def mean(values):
    return sum(values) / len(values)
columns = [[float(r["size"]) for r in later],
           [before.get(r["worker"], 0) for r in later], # any number: an indicator stands beside it
           [float(r["worker"] not in before) for r in later]]
columns = [[v - mean(c) for v in c] for c in columns]
arm = [float(arms[r["worker" if unit == "worker" else "item_id"]][0]) for r in later]
y = [float(r["measure.score"]) for r in later]
def inverse(a):
    n = len(a)
    a = [row[:] + [float(i == j) for j in range(n)] for i, row in enumerate(a)]
    for i in range(n):
        best = max(range(i, n), key=lambda k: abs(a[k][i]))
        a[i], a[best] = a[best], a[i]
        a[i] = [v / a[i][i] for v in a[i]]
        for k in range(n):
            if k != i:
                a[k] = [v - a[k][i] * w for v, w in zip(a[k], a[i])]
    return [row[n:] for row in a]
def fit(x, cluster):
    p = range(len(x[0]))
    m = inverse([[sum(r[i] * r[j] for r in x) for j in p] for i in p])
    right = [sum(r[i] * v for r, v in zip(x, y)) for i in p]
    b = [sum(m[i][j] * right[j] for j in p) for i in p]
    scores = {}
    for r, v, g in zip(x, y, cluster):
        e = v - sum(r[j] * b[j] for j in p)
        s = scores.setdefault(g, [0.0] * len(x[0]))
        for j in p:
            s[j] += r[j] * e
    variance = sum(sum(m[1][j] * s[j] for j in p) ** 2 for s in scores.values())
    return b[1], variance ** 0.5
shared = [[1, a] + [c[i] for c in columns] for i, a in enumerate(arm)]
own = [r + [r[1] * v for v in r[2:]] for r in shared]
people = [r["worker"] for r in later]
for name, x, cluster in [("shared", shared, people), ("own", own, people),
                         ("hc0", own, range(len(later)))]:
    got = json.load(open(f"../{name}.json"))["rows"][0]["comparison"]
    effect, error = fit(x, cluster)
    low, high = got["interval"]
    assert got["adjusted"] == "size" and got["adjusted_earlier"]
    assert got["arms"][0]["items"] + got["arms"][1]["items"] == len(later)
    assert abs(got["effect"] - effect) < 1e-9 * abs(effect), (name, got["effect"], effect)
    assert abs((high - low) / 2 / 1.9599639845400542 - error) < 1e-9, (name, high - low, error)
PY
}

@test "what people did before is taken out as least squares on the rows would" {
    trial item
    by_hand item
    "$ASSAY" compare 2026Q3 --metric score --cuped | tr -s '\n ' ' ' |
        grep -q "adjusted for each person's mean in the period before"
    # It narrows the interval: people differ, and did before.
    "$ASSAY" compare 2026Q3 --metric score --format json >../plain.json
    "$ASSAY" compare 2026Q3 --metric score --cuped --format json >../cuped.json
    python3 -c '
import json
def width(name):
    low, high = json.load(open(f"../{name}.json"))["rows"][0]["comparison"]["interval"]
    return high - low
assert width("cuped") < 0.9 * width("plain"), (width("cuped"), width("plain"))'
}

@test "of people drawn to an arm, work that was in it already is no part of before" {
    trial worker
    by_hand worker
}

@test "where too few people have a value from before, it says so" {
    trial worker
    run "$ASSAY" compare 2026Q2 --metric score --cuped
    [ "$status" -eq 1 ]
    [[ "$(echo $output)" == *"fewer than 8 people have a value of the metric from before the period"* ]] ||
        { echo "$output"; false; }
}

# The rows of tests/oracle/ratio_adjusted.csv: those before in the second quarter, the others assigned by
# item in the third.
ratio_trial() {
    printf 'metric: unit_cost\nkind: ratio\nnumerator: spent\ndenominator: finished\nunit: USD\nbetter: lower\nmaterial: 10%%\n' \
        >metrics/unit_cost.yaml
    python3 - "$SOURCE/tests/oracle/ratio_adjusted.csv" <<'PY'
import csv, sys
with open("items.csv", "w") as items, open("assignments.csv", "w") as assignments:
    print("item_id,use_case,worker,size,opened_at,closed_at,state,measure.spent,measure.finished", file=items)
    print("plan,unit_kind,unit,arm,probability", file=assignments)
    for i, r in enumerate(csv.DictReader(open(sys.argv[1]))):
        day = f"2026-{'05' if r['period'] == 'before' else '08'}-{1 + i % 28:02d}"
        print(f"i{i},help,w{r['worker']},{r['size']},{day} 09:00:00,{day} 10:00:00,done,{r['spent']},{r['finished']}", file=items)
        if r["period"] == "now":
            for plan in ("p", "sized"):
                print(f"{plan},item,i{i},{['no_ai', 'ai'][int(r['arm'])]},0.5", file=assignments)
    print("last,other,w1,1,2026-11-01 09:00:00,2026-11-01 10:00:00,done,1,1", file=items)
PY
    "$ASSAY" import items items.csv >/dev/null
    "$ASSAY" import assignments assignments.csv >/dev/null
}

@test "a ratio of sums is adjusted as least squares of its linearised items has it" {
    ratio_trial
    "$ASSAY" compare 2026Q3 --use-case help --metric unit_cost --format json >../none.json
    "$ASSAY" compare 2026Q3 --use-case help --metric unit_cost --adjust size --format json >../size.json
    "$ASSAY" compare 2026Q3 --use-case help --metric unit_cost --cuped --format json >../earlier.json
    "$ASSAY" compare 2026Q3 --use-case help --metric unit_cost --adjust size --cuped --format json >../both.json
    valid ../both.json
    printf 'plan: sized\nuse_case: help\ndesign: {kind: randomised, unit: item}\nperiod: 2026Q3\nprimary: {metric: unit_cost, improve_by: 10%%}\nadjust_for: [size, earlier]\n' \
        >plans/sized.yaml
    "$ASSAY" compare sized --format json >../planned.json
    python3 - "$SOURCE/tests/oracle/ratio_adjusted.json" <<'PY'
import json, sys
wanted = json.load(open(sys.argv[1]))
def comparison(name):
    return json.load(open(f"../{name}.json"))["rows"][0]["comparison"]
def close(a, b):
    assert abs(a - b) <= 1e-8 * max(1, abs(b)), (a, b)
close(comparison("none")["effect"], wanted["none"])
for name, of in [("size", "size"), ("earlier", "earlier"), ("both", "both"), ("planned", "both")]:
    one = comparison(name)
    close(one["effect"], wanted[of]["effect"])
    close(one["df"], wanted[of]["df"])
    close(one["p"], wanted[of]["p"])
    close(one["interval"][0], wanted[of]["low"])
    close(one["interval"][1], wanted[of]["high"])
    close(one["arms"][0]["value"], wanted["ratio"][0])
    assert one["errors"] == "cr2"
width = lambda name: comparison(name)["interval"][1] - comparison(name)["interval"][0]
assert width("both") < width("none") / 2
PY
    sed -i 's/unit: item}/unit: item, strata: [team]}/' plans/sized.yaml
    refused "unit_cost is a ratio, which within strata is not adjusted for covariates" sized
}

@test "adjustments that change nothing or cannot be made are refused" {
    trial item
    refused "there is no covariate that arms could differ in" 2026Q3 --metric score --interact
    refused "times with open items can't be adjusted" 2026Q3 --metric time_to_complete --cuped
    printf 'metric: high_score\nkind: quantile\nvalue: score\nquantile: 0.9\nunit: marks\nbetter: higher\nmaterial: 10%%\n' \
        >metrics/high_score.yaml
    refused "a quantile can't be adjusted" 2026Q3 --metric high_score --cuped
    # As found: every third item names an AI.
    "$ASSAY" init ../found --timezone UTC >/dev/null
    cp metrics/score.yaml ../found/metrics/
    tr -d '\r' <items.csv |
        awk -F, -v OFS=, '{ print $0, NR == 1 ? "ai_declared" : NR % 3 ? "" : "copilot" }' >../found/items.csv
    cd ../found
    "$ASSAY" import items items.csv >/dev/null
    refused "--cuped: the arms are as found here" 2026Q3 --metric score --cuped
}
