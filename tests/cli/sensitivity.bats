#!/usr/bin/env bats
# What a difference that nobody measured would do to a comparison like with like, against Python that
# knows the formulas and nothing of assay; and when a plan like with like is more than a leaning.

setup() {
    folder=$(mktemp -d)
    cd "$folder"
}

teardown() {
    rm -rf "$folder"
}

# Strengths of a confounder as strong as the dummies Z, by least squares in fractions of sums.
helper() {
    cat >strength.py <<'PY'
def solve(a, b):
    n = len(b)
    m = [row[:] + [x] for row, x in zip(a, b)]
    for i in range(n):
        p = max(range(i, n), key=lambda r: abs(m[r][i]))
        m[i], m[p] = m[p], m[i]
        for r in range(n):
            if r != i:
                f = m[r][i] / m[i][i]
                m[r] = [x - f * y for x, y in zip(m[r], m[i])]
    return [m[i][n] / m[i][i] for i in range(n)]
def residuals(y, columns):
    if not columns:
        return y[:]
    a = [[sum(p * q for p, q in zip(u, v)) for v in columns] for u in columns]
    b = solve(a, [sum(p * q for p, q in zip(u, y)) for u in columns])
    return [v - sum(c * u[i] for c, u in zip(b, columns)) for i, v in enumerate(y)]
def square(x):
    return sum(v * v for v in x)
def strength(y, d, z, others):
    """others: columns besides, the constant among them"""
    r = 1 - square(residuals(d, others + z)) / square(residuals(d, others))
    g = 1 - square(residuals(y, others + z + [d])) / square(residuals(y, others + [d]))
    arm = r / (1 - r)
    extra = r * r / ((1 - r) * (1 - r))
    outcome = min(1, ((1 + extra ** .5) / (1 - extra) ** .5) ** 2 * g / (1 - g))
    spread = (square(residuals(y, others + z + [d])) / square(residuals(d, others + z))) ** .5
    return arm, outcome, spread
PY
}

@test "on darfur a confounder as strong as being a woman is what its definition says" {
    [ -f "${ASSAY_SHARED_DATA:-}/darfur/data.csv" ] || skip "NO DATA: darfur is not there"
    helper
    python3 - <<'PY'
import csv, datetime, os
rows = list(csv.DictReader(open(os.environ["ASSAY_SHARED_DATA"] + "/darfur/data.csv")))
# Names are the same whatever their case; these villages are not.
villages = {name: number for number, name in enumerate(sorted({r["village"] for r in rows}))}
start = datetime.datetime(2026, 7, 1)
with open("items.csv", "w") as f:
    w = csv.writer(f)
    w.writerow(["item_id", "use_case", "worker", "role", "opened_at", "closed_at", "state",
                "updated_at", "ai_declared", "measure.peace"])
    for i, r in enumerate(rows):
        t = (start + datetime.timedelta(minutes=60 * i)).strftime("%Y-%m-%d %H:%M:%S")
        w.writerow([f"p{i}", "darfur", f"v{villages[r['village']]}", "f" + r["female"], t, t, "done", t,
                    "survey" if r["directlyharmed"] == "1" else "", r["peacefactor"]])
PY
    "$ASSAY" init w --timezone UTC --own-data >/dev/null
    cd w
    "$ASSAY" import items ../items.csv >/dev/null
    mkdir -p metrics
    printf 'metric: peace\nlabel: Peace\nkind: mean\nvalue: peace\nunit: points\nbetter: higher\nmaterial: 0.01\n' >metrics/peace.yaml
    asked="compare --metric peace --from 2026-07-01 --to 2026-09-30 --like worker,role --arms unmarked,marked"
    # shellcheck disable=SC2086
    "$ASSAY" $asked --format json >out.json
    python3 - <<'PY'
import csv, json, os, sys
sys.path.insert(0, "..")
from strength import strength
rows = list(csv.DictReader(open(os.environ["ASSAY_SHARED_DATA"] + "/darfur/data.csv")))
def within(name):
    village = {}
    for r in rows:
        village.setdefault(r["village"], []).append(float(r[name]))
    mean = {k: sum(v) / len(v) for k, v in village.items()}
    return [float(r[name]) - mean[r["village"]] for r in rows]
arm, outcome, spread = strength(within("peacefactor"), within("directlyharmed"),
                                [within("female")], [])
comparison = json.load(open("out.json"))["rows"][0]["comparison"]
got = comparison["sensitivity"]
assert got["strongest"] == "role", got
assert abs(got["arm_r2"] - arm) < 1e-9 and abs(got["outcome_r2"] - outcome) < 1e-9, (got, arm, outcome)
shift = spread * (outcome * arm / (1 - arm)) ** .5
low, high = comparison["interval"]
grown = (high - low) / 2 / (1 - arm) ** .5
centre = (low + high) / 2
# t has one degree of freedom less with the confounder in: a little wider than grown
assert centre - shift - grown > got["interval"][0] > centre - shift - 1.02 * grown, got
assert centre + shift + grown < got["interval"][1] < centre + shift + 1.02 * grown, got
PY
    # shellcheck disable=SC2086
    "$ASSAY" $asked | tr '\n' ' ' | tr -s ' ' >text
    grep -q "A hidden difference between the arms, as strong as that of role, would overturn this" text
}

# marks STRENGTH APART: 40 people of 4 teams; quality is .1 better where AI is named. Teams differ by
# APART in how often they name it, and by STRENGTH in quality.
marks() {
    python3 - "$1" "$2" <<'PY'
import csv, datetime, random, sys
strength, apart = float(sys.argv[1]), float(sys.argv[2])
random.seed(7)
start = datetime.datetime(2026, 7, 1)
def at(minutes):
    return (start + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")
with open("items.csv", "w") as f:
    w = csv.writer(f)
    w.writerow(["item_id", "use_case", "worker", "team", "opened_at", "closed_at", "state",
                "updated_at", "ai_declared", "measure.quality"])
    for i in range(4000):
        person = i % 40
        team = person % 4
        marked = random.random() < .45 + apart * (team - 1.5)
        quality = .4 + .1 * marked + strength * team + random.gauss(0, .1)
        w.writerow([f"i{i}", "help", f"w{person}", f"t{team}", at(i * 32), at(i * 32 + 20), "done",
                    at(132480), "copilot" if marked else "", min(1, max(0, quality))])
PY
    "$ASSAY" init w --timezone UTC >/dev/null
    cd w
    "$ASSAY" import items ../items.csv >/dev/null
    mkdir -p plans
    cat >plans/named.yaml <<'YAML'
plan: named
use_case: help
question: Is work that names AI better?
design: {kind: like_with_like, cells: [team]}
arms: [unmarked, marked]
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: quality_score, improve_by: 5pp}
YAML
}

verdict() {
    python3 -c 'import json, sys
row = json.load(open(sys.argv[1]))["rows"][0]
print(row["verdict"]["word"], row["verdict"]["reason"], row["verdict"]["leaning"],
      row["comparison"]["sensitivity"]["overturns"])' "$1"
}

@test "a plan like with like that the strongest covariate's equal would not overturn has a verdict" {
    marks .01 .1
    "$ASSAY" compare named --format json >out.json
    [ "$(verdict out.json)" = "better None None False" ]
    "$ASSAY" compare named | tr '\n' ' ' | tr -s ' ' >text
    grep -q "as strong as that of team, would not overturn this" text
}

@test "one that it would overturn is a leaning" {
    marks .15 .28
    "$ASSAY" compare named --format json >out.json
    [ "$(verdict out.json)" = "unproven as_found better True" ]
}

@test "cells that tell nothing are no measure of what is hidden, and leave a leaning" {
    marks 0 0
    "$ASSAY" compare named --format json >out.json
    [ "$(verdict out.json)" = "unproven as_found better False" ]
    "$ASSAY" compare named | tr '\n' ' ' | tr -s ' ' >text
    grep -q "tells too little of the arm or the outcome for a hidden difference to be held against it" text
}

@test "without a plan it stays a leaning, whatever the strength" {
    marks .01 .1
    "$ASSAY" compare --metric quality_score --like team --from 2026-07-01 --to 2026-09-30 --format json >out.json
    [ "$(verdict out.json)" = "unproven as_found better False" ]
}

@test "of times the strength is that of pseudo-values of the restricted mean" {
    helper
    python3 - <<'PY'
import csv, datetime, random
random.seed(11)
start = datetime.datetime(2026, 7, 1)
def at(minutes):
    return (start + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")
with open("items.csv", "w") as f, open("usage.csv", "w") as g:
    w, u = csv.writer(f), csv.writer(g)
    w.writerow(["item_id", "use_case", "worker", "team", "opened_at", "closed_at", "state",
                "updated_at"])
    u.writerow(["usage_id", "occurred_at", "worker", "team", "item_id", "grain", "status"])
    u.writerow(["first", "2026-06-01 00:00:00", "w0", "", "", "call", "error"])
    u.writerow(["last", "2026-11-30 00:00:00", "w0", "", "", "call", "error"])
    for i in range(1200):
        person = i % 40
        team = person % 4
        ai = random.random() < .3 + .1 * team
        # Every seventh is done before the landmark, and is not among those that are compared.
        minutes = 30 if i % 7 == 0 else 100 + round(random.expovariate(1 / (100 + 30 * team)) * (.8 if ai else 1))
        w.writerow([f"i{i}", "help", f"w{person}", f"t{team}", at(i * 100), at(i * 100 + minutes),
                    "done", at(132480)])
        if ai:
            u.writerow([f"c{i}", at(i * 100 + 5), f"w{person}", "", f"i{i}", "call", "ok"])
PY
    "$ASSAY" init w --timezone UTC >/dev/null
    cd w
    "$ASSAY" import items ../items.csv >/dev/null
    "$ASSAY" import usage ../usage.csv >/dev/null
    "$ASSAY" compare --metric cycle_time --like team --landmark 1h --from 2026-07-01 --to 2026-09-30 --format json >out.json
    python3 - <<'PY'
import csv, datetime, json, sys
sys.path.insert(0, "..")
from strength import strength
def when(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
def late(r):
    return when(r["closed_at"]) > when(r["opened_at"]) + datetime.timedelta(hours=1)
items = [r for r in csv.DictReader(open("../items.csv")) if late(r)]
used = {r["item_id"] for r in csv.DictReader(open("../usage.csv"))}
minutes = [(when(r["closed_at"]) - when(r["opened_at"])).total_seconds() / 60 - 60 for r in items]
arm = [1.0 if r["item_id"] in used else 0.0 for r in items]
team = [r["team"] for r in items]
teams = sorted(set(team))
mean = []
for a in (0.0, 1.0): # on the mix of the arm with AI
    cell = {t: [m for m, b, s in zip(minutes, arm, team) if b == a and s == t] for t in teams}
    mix = {t: sum(b == 1 and s == t for b, s in zip(arm, team)) for t in teams}
    mean.append(sum(mix[t] * sum(cell[t]) / len(cell[t]) for t in teams) / sum(mix.values()))
y = [__import__("math").log(mean[int(a)]) + (m - mean[int(a)]) / mean[int(a)]
     for m, a in zip(minutes, arm)]
dummies = [[1.0 if s == t else 0.0 for s in team] for t in teams[1:]]
r_arm, r_outcome, spread = strength(y, arm, dummies, [[1.0] * len(y)])
comparison = json.load(open("out.json"))["rows"][0]["comparison"]
got = comparison["sensitivity"]
assert abs(comparison["effect"] - (mean[1] / mean[0] - 1)) < 1e-9, (comparison["effect"], mean)
assert abs(got["arm_r2"] - r_arm) < 1e-8, (got, r_arm)
assert abs(got["outcome_r2"] - r_outcome) < 1e-8, (got, r_outcome)
PY
}
