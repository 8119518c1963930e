#!/usr/bin/env bats
# Plans of before and after a day beside the same weeks of the year before.

load import_helpers.bash
load plan_helpers.bash

# two_years THEN NOW [PEOPLE]: 12 people with an item every other day from 2025-08-25 to 2026-10-30, and
# so many of them in 2025; the score rises by THEN from 2025-10-02 to the end of the year, and by NOW from
# 2026-10-01 on.
two_years() {
    a_score
    python3 - "$1" "$2" "${3:-12}" << 'P'
import random, sys
from datetime import date, timedelta
then, now, people = float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
draw = random.Random(17)
person = [draw.gauss(50, 4) for _ in range(12)]
with open("items.csv", "w") as items, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    day = date(2025, 8, 25)
    while day <= date(2026, 10, 30):
        rise = now if day >= date(2026, 10, 1) else then if date(2025, 10, 2) <= day < date(2026, 1, 1) else 0
        for w in range(12):
            if (day.toordinal() + w) % 2 or (day.year == 2025 and w >= people):
                continue
            name = f"T{day}-{w}"
            print(f"{name},help,w{w},team,{day} 09:00:00,{day} 17:00:00,done", file=items)
            print(f"{name},score,{day} 17:00:00,{person[w] + rise + draw.gauss(0, 2):.4f}", file=measures)
        day += timedelta(days=1)
    print("end,other.work,w1,team,2026-11-20 09:00:00,2026-11-20 17:00:00,done", file=items)
P
    imports items items.csv
    imports measures measures.csv
    cat > w/plans/autumn.yaml << 'Y'
plan: autumn
use_case: help
design: {kind: before_after, date: 2026-10-01}
period: {from: 2026-09-01, to: 2026-10-30}
primary: {metric: score, improve_by: "1"}
Y
}

# The state of the check in the answer, or nothing.
state() {
    python3 -c 'import json
row = json.load(open("answer.json"))["rows"][0]
print(*[c["state"] for c in row["checks"] if c["check"] == "season"])'
}

@test "the year before that moved likewise is noted, with its movement as the files have it" {
    two_years 2 3
    compares autumn
    [ "$(state)" = noted ]
    python3 - << 'P'
import csv, json, math, re
row = json.load(open("answer.json"))["rows"][0]
check, = [c for c in row["checks"] if c["check"] == "season"]
said = re.search(r"in the same weeks of the year before it moved by \+([\d.]+) points \(\+([\d.]+) … "
                 r"\+([\d.]+)\), now by \+([\d.]+) points", check["sentence"])
assert said, check["sentence"]
effect, low, high, now = map(float, said.groups())
worker = {r["item_id"]: r["worker"] for r in csv.DictReader(open("items.csv"))}
before, after = [], []
for r in csv.DictReader(open("measures.csv")):
    day = r["occurred_at"][:10]
    if "2025-09-02" <= day < "2025-11-01":
        (before if day < "2025-10-02" else after).append((worker[r["item_id"]], float(r["value"])))
def change(left_out=None):
    a, b = ([y for w, y in rows if w != left_out] for rows in (before, after))
    return sum(b) / len(b) - sum(a) / len(a)
people = sorted({w for w, _ in before})
left = [change(w) for w in people]
mean = sum(left) / 12
error = math.sqrt(11 / 12 * sum((x - mean) ** 2 for x in left))
assert abs(effect - change()) < 0.051, (effect, change())
assert abs(now - row["comparison"]["effect"]) < 0.051
# t has 11 degrees of freedom, or a little fewer: 2.201 and up.
assert 2.2 * error - 0.11 < (high - low) / 2 < 2.5 * error + 0.11, (low, high, error)
assert row["verdict"]["word"] == "unproven" and row["verdict"]["leaning"] == "better"
P
    run assay compare autumn
    says "Check season: noted (in the same weeks of the year before it moved by"
    says "What to do: take the movement"
    run assay compare autumn --format markdown
    says "in the same weeks of the year before it moved by"
    run assay compare autumn --format csv
    says "season: noted"
    run assay methods autumn
    says "season: noted"
}

@test "a year before that did not move, or moved the other way, is well" {
    two_years 0 3
    compares autumn
    [ "$(state)" = passed ]
    rm -r w && new_workspace w
    two_years -2 3
    compares autumn
    [ "$(state)" = passed ]
}

@test "where the data do not reach a year back, or tell of few people then, nothing is asked" {
    two_years 2 3
    sed -i 's/from: 2026-09-01/from: 2026-08-01/' w/plans/autumn.yaml
    compares autumn
    [ -z "$(state)" ]
    rm -r w && new_workspace w
    two_years 2 3 7
    compares autumn
    [ -z "$(state)" ]
}
