#!/usr/bin/env bats
# Plans of before and after a day whose time before was the worst of its like: what would have come
# back without AI is said beside the verdict.

load import_helpers.bash
load plan_helpers.bash

# some_groups COUNT CHOSEN [SPELLS [FEW]]: use cases g0, g1, … of 12 people, in which nothing has any effect.
# Spells of 30 days each have a shock of their own; COUNT spells up to 2026-10-01, then one after. Of a
# chosen group the worst spell, by its mean, is put last before the day. In spell FEW 7 people work.
some_groups() {
    a_score
    python3 - "$1" "$2" "${3:-9}" "${4:--1}" << 'P'
import random, sys
from datetime import date, timedelta
count, chosen, spells, few = int(sys.argv[1]), sys.argv[2] == "chosen", int(sys.argv[3]), int(sys.argv[4])
draw = random.Random(29 if chosen else 31)
day = date(2026, 10, 1)
def written(when):
    return f"{when} 09:00:00,{when} 17:00:00"
with open("items.csv", "w") as items, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    for g in range(count):
        person = [draw.gauss(50, 4) for _ in range(12)]
        spell = []
        for _ in range(spells + 1):
            shock = draw.gauss(0, 3)
            spell.append([(w, d, level + shock + draw.gauss(0, 2))
                          for w, level in enumerate(person) for d in (w % 10, 15 + w % 10)])
        if chosen:
            worst = min(range(spells), key=lambda s: sum(y for *_, y in spell[s]))
            spell[worst], spell[spells - 1] = spell[spells - 1], spell[worst]
        for s, rows in enumerate(spell):
            for n, (w, d, y) in enumerate(rows):
                if s == few and w >= 7:
                    continue
                when = day + timedelta(days=30 * (s - spells) + d)
                name = f"g{g}-{s}-{n}"
                print(f"{name},g{g},w{g}-{w},team{g},{written(when)},done", file=items)
                print(f"{name},score,{when} 17:00:00,{y:.4f}", file=measures)
    print(f"end,other.work,w0-1,team0,{written(date(2026, 11, 20))},done", file=items)
P
    imports items items.csv
    imports measures measures.csv
    for ((g = 0; g < $1; g++)); do
        cat > "w/plans/plan$g.yaml" << Y
plan: plan$g
use_case: g$g
design: {kind: before_after, date: 2026-10-01}
period: {from: 2026-09-01, to: 2026-10-30}
primary: {metric: score, improve_by: "1"}
Y
    done
}

# The state of the check in the answer.
state() {
    python3 -c 'import json
row = json.load(open("answer.json"))["rows"][0]
print(*[c["state"] for c in row["checks"] if c["check"] == "regression_to_mean"])'
}

reports_all() {
    "$ASSAY" report --workspace w --from 2026-09-01 --to 2026-10-30 --all --format json > report.json
}

@test "groups chosen for their worst spell are warned of, and what is said to come back is what came" {
    some_groups 16 chosen
    reports_all
    python3 - << 'P'
import csv, json, math, re
value = {r["item_id"]: float(r["value"]) for r in csv.DictReader(open("measures.csv"))}
means = {}
for name, y in value.items():
    g, s, _ = name.split("-")
    means.setdefault(g, {}).setdefault(int(s), []).append(y)
rows = [r for r in json.load(open("report.json"))["rows"] if r["plan"]]
assert len(rows) == 16
apart, found = [], []
for row in rows:
    check, = [c for c in row["checks"] if c["check"] == "regression_to_mean"]
    assert check["state"] == "noted", (row["use_case"], check)
    said = re.search(r"of 9 spells of 30 days .* a change of ([+−])([\d.]+) points is .* without any AI"
                     r"(?:, or of \+([\d.]+) points .*correlation ([\d.]+)\))?; (\S+) points was found", check["sentence"])
    assert said, check["sentence"]
    back = float(said[2])
    # From the files: every spell has the same people and as many items of each.
    y = [sum(means[row["use_case"]][s]) / 24 for s in range(9)]
    mean = sum(y) / 9
    rounding = 0.051 if mean - y[8] < 9.95 else 0.51
    assert said[1] == "+" and abs(back - (mean - y[8])) < rounding, (back, mean - y[8])
    r = sum((a - mean) * (b - mean) for a, b in zip(y, y[1:])) / sum((a - mean) ** 2 for a in y)
    rho = min(1, max(0, (r + 1 / 9) / (1 - 3 / 9)))
    if said[4]:
        assert abs(float(said[4]) - rho) < 0.0051 and abs(float(said[3]) - (1 - rho) * (mean - y[8])) < 0.051
    else:
        assert rho < 0.005
    assert row["verdict"]["word"] == "unproven" and row["verdict"]["reason"] == "as_found"
    apart.append(row["comparison"]["effect"] - back)
    found.append(row["comparison"]["effect"])
n = len(apart)
off = sum(apart) / n
error = math.sqrt(sum((a - off) ** 2 for a in apart) / (n - 1) / n)
assert abs(off) < 3 * error, (off, error)
assert sum(found) / n > 3, "nothing came back here"
P
}

@test "a group that nobody chose is warned of about once in as many times as there are spells" {
    some_groups 20 any
    reports_all
    python3 - << 'P'
import json
rows = [r for r in json.load(open("report.json"))["rows"] if r["plan"]]
states = [c["state"] for r in rows for c in r["checks"] if c["check"] == "regression_to_mean"]
assert len(states) == 20 and set(states) <= {"passed", "noted"}
assert states.count("noted") <= 6, states.count("noted")  # of Binomial(20, 1/9): P < 1 %
P
}

@test "it stands beside the verdict in each format, with what to do" {
    some_groups 1 chosen
    run assay compare plan0
    [ "$status" -eq 0 ]
    says "Check regression_to_mean: noted (of 9 spells of 30 days up to the day, the last was the worst"
    says "is to be expected without any AI"
    says "What to do: take what was to be expected anyway off the change"
    run assay compare plan0 --format markdown
    says "is to be expected without any AI"
    run assay compare plan0 --format csv
    says "regression_to_mean: noted"
    run assay methods plan0
    says "regression_to_mean: noted"
    says "Barnett, A. G."
    compares plan0
    [ "$(state)" = noted ]
}

@test "relative effects and lower-is-better go back as they should" {
    some_groups 1 chosen
    cat > w/metrics/badness.yaml << 'Y'
metric: badness
label: Badness
kind: mean
value: 100 - score
unit: points
better: lower
material: 2%
Y
    sed -i 's/score, improve_by: "1"/badness, improve_by: 2%/' w/plans/plan0.yaml
    compares plan0
    python3 - << 'P'
import csv, json, math, re
row = json.load(open("answer.json"))["rows"][0]
check, = [c for c in row["checks"] if c["check"] == "regression_to_mean"]
spell = {}
for r in csv.DictReader(open("measures.csv")):
    spell.setdefault(int(r["item_id"].split("-")[1]), []).append(100 - float(r["value"]))
logs = [math.log(sum(spell[s]) / 24) for s in range(9)]
back = math.expm1(sum(logs) / 9 - logs[8]) * 100
said = re.search(r"a change of −([\d.]+) % is to be", check["sentence"])
assert said and back < 0 and abs(float(said[1]) + back) < 0.051, (check["sentence"], back)
P
}

@test "where there is no history, or too little of enough people, that is said" {
    some_groups 1 chosen 1
    compares plan0
    [ "$(state)" = noted ]
    run assay compare plan0
    says "before the plan's period there is no history to judge by"
    rm -r w && new_workspace w
    some_groups 1 chosen 9 6 # two spells of 12 people lie before the plan's, then one of 7
    compares plan0
    [ "$(state)" = noted ]
    run assay compare plan0
    says "too little to judge by"
    says_not " 7 "
}
