#!/usr/bin/env bats
# Plans that compare before and after a day.

load import_helpers.bash
load plan_helpers.bash

a_plan() {
    a_score
    cat > w/plans/launch.yaml << 'Y'
plan: launch
use_case: support.billing
design: {kind: before_after, date: 2026-08-15}
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: score, improve_by: "1"}
Y
}

# Two teams of 12 people each, whose shares of the work change at the day that divides, and with
# them the plain mean; within teams the score rises by 2.
work() {
    python3 - << 'P'
import random
from datetime import date, timedelta
draw = random.Random(3)
with open("items.csv", "w") as items, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    for n in range(1600):
        day = date(2026, 7, 1) + timedelta(days=n % 92)
        after = day >= date(2026, 8, 15)
        team = int(draw.random() < (0.7 if after else 0.3))
        worker = team * 12 + draw.randrange(12)
        level = 50 + 10 * team + worker % 5 + (2 + worker % 3 - 1 if after else 0)
        print(f"T{n},support.billing,w{worker},team{team},{day} 09:00:00,{day} 17:00:00,done", file=items)
        print(f"T{n},score,{day} 17:00:00,{level + draw.gauss(0, 3):.3f}", file=measures)
    print("T9999,other.work,w1,team1,2026-11-01 00:00:00,2026-11-02 00:00:00,done", file=items)
P
    imports items items.csv
    imports measures measures.csv
}

@test "the change within teams on the earlier mix, with the jackknife, is that of the files" {
    work
    a_plan
    compares launch
    [ "$(field comparison.design)" = before_after ]
    [ "$(field comparison.arms_from)" = period ]
    python3 - << 'P'
import csv, json, math
row = json.load(open("answer.json"))["rows"][0]
c = row["comparison"]
value = {r["item_id"]: float(r["value"]) for r in csv.DictReader(open("measures.csv"))}
rows = [(r["worker"], r["team"], r["opened_at"] >= "2026-08-15", value[r["item_id"]])
        for r in csv.DictReader(open("items.csv")) if r["use_case"] == "support.billing"]
def change(rows):
    cells = {}
    for _, team, after, y in rows:
        cells.setdefault((team, after), []).append(y)
    both = [t for t in {"team0", "team1"} if (t, False) in cells and (t, True) in cells]
    mean = lambda t, a: sum(cells[t, a]) / len(cells[t, a])
    weight = {t: len(cells[t, False]) for t in both}
    return sum(weight[t] * (mean(t, True) - mean(t, False)) for t in both) / sum(weight.values())
assert abs(c["effect"] - change(rows)) < 1e-8, (c["effect"], change(rows))
plain = [[y for *_, a, y in rows if a == after] for after in (False, True)]
naive = sum(plain[1]) / len(plain[1]) - sum(plain[0]) / len(plain[0])
assert abs(c["naive"]["effect"] - naive) < 1e-8
assert naive > c["effect"] + 2, "the mix does not matter here"
workers = sorted({r[0] for r in rows})
left = [change([r for r in rows if r[0] != w]) for w in workers]
mean = sum(left) / len(left)
error = math.sqrt((len(left) - 1) / len(left) * sum((x - mean) ** 2 for x in left))
half = (c["interval"][1] - c["interval"][0]) / 2
# The interval's tail by the density of t, summed.
df = c["df"]
assert df <= len(workers) - 1
norm = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
steps = 20000
at = [half / error * i / steps for i in range(steps + 1)]
density = [norm * (1 + x * x / df) ** (-(df + 1) / 2) for x in at]
inside = 2 * (sum(density) - (density[0] + density[-1]) / 2) * half / error / steps
assert abs(inside - 0.95) < 1e-6, inside
P
}

@test "however clear it is, before and after goes no further than a leaning" {
    work
    a_plan
    compares launch
    [ "$(field verdict.word)" = unproven ]
    [ "$(field verdict.reason)" = as_found ]
    [ "$(field verdict.leaning)" = better ]
    run assay compare launch
    [ "$status" -eq 0 ]
    says "before and after · a plan that is not locked · not randomised"
    says "2026-08-15 divides before and after"
    says "Whatever else came with that day is in it"
}

@test "a policy's start divides, and one that is not there or has no start is said" {
    work
    a_plan
    compares launch
    by_date="$(field comparison.effect)"
    sed -i 's/date: 2026-08-15/policy: launch_day/' w/plans/launch.yaml
    has_no_answer launch "there is no policy launch_day in the data"
    printf '%s\n' policy,starts_at,kind,scope launch_day,2026-08-15,tool_launch,team0 > policies.csv
    imports policies policies.csv
    compares launch
    [ "$(field comparison.effect)" = "$by_date" ]
    says "the policy launch_day divides before and after"
    printf '%s\n' policy,announced_at,kind launch_day,2026-08-20,tool_launch > policies.csv
    imports policies policies.csv
    has_no_answer launch "the policy launch_day has no start"
    printf '%s\n' policy,starts_at,kind launch_day,2026-10-15,tool_launch > policies.csv
    imports policies policies.csv
    has_no_answer launch "the policy launch_day starts outside of the plan's period"
}

@test "covariates, and what was earlier, have no place beside cells" {
    work
    for what in size earlier; do
        a_plan
        echo "adjust_for: [$what]" >> w/plans/launch.yaml
        run assay plan check launch
        [ "$status" -eq 2 ]
        says "a before_after plan compares within cells; leave adjust_for out"
    done
}

@test "a day outside of the period, or nothing before it, has no answer" {
    work
    a_plan
    sed -i 's/2026-08-15/2026-10-15/' w/plans/launch.yaml
    run assay plan check launch
    [ "$status" -eq 2 ]
    says "plans/launch.yaml:3:36: date: the day that divides lies outside of the plan's period"
    sed -i 's/2026-10-15/2026-06-15/;s/2026-07-01/2026-06-01/' w/plans/launch.yaml
    has_no_answer launch "no item of the period is in the arm before"
}

@test "work that became another, and a single item that decides, are noted" {
    work
    a_plan
    compares launch
    python3 - << 'P'
import json
states = {c["check"]: c["state"] for c in json.load(open("answer.json"))["rows"][0]["checks"]}
assert states["mix_shift"] == "noted" and states["outliers"] == "passed", states  # 0.3 to 0.7 of team1
P
    # One team, so that the mix is the same, and a slip of the pen in two items before the day.
    sed -i '/,team1,2026-0/d' items.csv
    for item in $(awk -F, '$5 < "2026-08" && $4 == "team0" { print $1 }' items.csv | head -2); do
        sed -i "s/^\($item,score,.*\),.*/\1,3000/" measures.csv
    done
    [ "$(grep -c ',3000$' measures.csv)" -eq 2 ]
    rm -rf w
    new_workspace w
    a_plan
    imports items items.csv
    imports measures measures.csv
    compares launch
    python3 - << 'P'
import json
states = {c["check"]: c["state"] for c in json.load(open("answer.json"))["rows"][0]["checks"]}
assert states["mix_shift"] == "passed" and states["outliers"] == "noted", states
P
}

# What is known of an item before it is done is known of the later period's slow items too, which the
# earlier one is seen without: they would make two equal periods differ.
slow_and_fast() {
    python3 - "$1" << 'P'
import sys
from datetime import date, timedelta
closes = sys.argv[1] == "closes"
with open("items.csv", "w") as items, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    for n in range(181 * 12):
        day = date(2026, 1, 1) + timedelta(days=n // 12)
        takes = (1, 1, 20, 60)[(n * 7 + n // 12) % 4]
        done = day + timedelta(days=takes)
        close = f"{done} 09:00:00,done" if closes and done <= date(2026, 7, 5) else ",open"
        print(f"T{n},help,w{n % 12},team,{day} 09:00:00,{close}", file=items)
        print(f"T{n},score,{day} 09:00:00,{takes + n % 12 / 10:.1f}", file=measures)
    print("end,other.work,w1,team,2026-07-05 09:00:00,2026-07-05 09:00:00,done", file=items)
P
    imports items items.csv
    imports measures measures.csv
}

@test "open work waits in either period, so that two equal quarters are equal" {
    a_score
    slow_and_fast closes
    assay compare 2026Q2 --use-case help --metric score --format json > answer.json || [ $? -eq 1 ]
    python3 - << 'P'
import csv, json
from datetime import datetime, timedelta
change = json.load(open("answer.json"))["rows"][0]["change"]
value = {r["item_id"]: float(r["value"]) for r in csv.DictReader(open("measures.csv"))}
seen = datetime(2026, 7, 5, 9)
before, now, open_too = [], [], []
for r in csv.DictReader(open("items.csv")):
    if r["use_case"] != "help":
        continue
    closed = datetime.fromisoformat(r["closed_at"]) if r["closed_at"] else None
    later = r["opened_at"] >= "2026-04-01"
    if later:
        open_too.append(value[r["item_id"]])
    if closed and closed <= seen - timedelta(days=0 if later else 91):
        (now if later else before).append(value[r["item_id"]])
mean = lambda x: sum(x) / len(x)
assert abs(change["now"] - mean(now)) < 1e-8 and abs(change["before"] - mean(before)) < 1e-8, change
assert abs(change["effect"]) < 1 < mean(open_too) - mean(before), change
P
}

@test "where nothing is ever closed, nothing waits" {
    a_score
    slow_and_fast never
    assay compare 2026Q2 --use-case help --metric score --format json > answer.json || [ $? -eq 1 ]
    python3 - << 'P'
import json
change = json.load(open("answer.json"))["rows"][0]["change"]
assert change["items_before"] == 90 * 12 and change["items_now"] == 91 * 12, change
P
}
