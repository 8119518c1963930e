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

# ---- season: year -------------------------------------------------------------------------------

# The plan takes the year before off.
takes_season_off() {
    sed -i 's/10-01}/10-01, season: year}/' w/plans/autumn.yaml
}

@test "season: year takes a swing of every year off, which alone looks like an effect" {
    two_years 3 3
    compares autumn
    [ "$(field verdict.leaning)" = better ]
    takes_season_off
    compares autumn
    [ "$(field verdict.word)" = unproven ] && [ "$(field verdict.leaning)" = None ]
    python3 - << 'P'
import csv, json, math
from statistics import NormalDist
comparison = json.load(open("answer.json"))["rows"][0]["comparison"]
season = comparison["season"]
assert (season["from"], season["to"]) == ("2025-09-01", "2025-10-30"), season
worker = {r["item_id"]: r["worker"] for r in csv.DictReader(open("items.csv"))}
spans = [("2026-09-01", "2026-10-01"), ("2026-10-01", "2026-10-31"),
         ("2025-09-01", "2025-10-01"), ("2025-10-01", "2025-10-31")]
values = [[], [], [], []]
for r in csv.DictReader(open("measures.csv")):
    day = r["occurred_at"][:10]
    for at, (start, end) in enumerate(spans):
        if start <= day < end:
            values[at].append((worker[r["item_id"]], float(r["value"])))
def double(left_out=None):
    mean = [sum(y for w, y in span if w != left_out) / sum(w != left_out for w, _ in span) for span in values]
    return mean[1] - mean[0] - (mean[3] - mean[2])
people = sorted({w for w, _ in values[0]})
left = [double(w) for w in people]
error = math.sqrt(11 / 12 * sum((x - sum(left) / 12) ** 2 for x in left))
low, high = comparison["interval"]
assert abs(comparison["effect"] - double()) < 1e-8, (comparison["effect"], double())
assert comparison["errors"] == "jackknife" and comparison["errors_by"] == "worker"
assert 1 <= comparison["df"] <= 11 and low < 0 < high
assert 2.2 * error < (high - low) / 2 < 3 * error, (low, high, error)
assert abs(season["now"]["effect"] - season["before"]["effect"] - double()) < 0.2
assert season["before"]["interval"][0] > 0 and len(str(season["before"]["effect"])) <= 4, season
P
    # The check asks what the plan does already.
    [ -z "$(state)" ]
    run assay compare autumn
    says "before and after, less the year before"
    says "Season: over the same days of the year before (2025-09-01 … 2025-10-30) it moved by"
    says "which is taken off"
    run assay compare autumn --format markdown
    says "less the change of the same days a year before"
    run assay methods autumn
    says "the same days of the year before"
    says "of all four spans at once"
}

@test "an effect beside the swing is told without it" {
    two_years 2 5
    takes_season_off
    compares autumn
    [ "$(field verdict.reason)" = as_found ] && [ "$(field verdict.leaning)" = better ]
    python3 -c 'import json
low, high = json.load(open("answer.json"))["rows"][0]["comparison"]["interval"]
assert low < 3 < high and high - low < 2.5, (low, high)'
    run assay report --from 2026-09-01 --to 2026-10-30
    says "after that day, less the year before"
}

@test "without the year before, or with few people in one of four spans, there is no number" {
    two_years 2 3
    sed -i 's/from: 2026-09-01/from: 2026-08-01/' w/plans/autumn.yaml
    takes_season_off
    has_no_answer autumn "the data do not reach back to 2025-08-01, a year before the plan's period; import"
    rm -r w && new_workspace w
    two_years 2 3 7
    takes_season_off
    run assay compare autumn --format json
    [[ "$output" == *"fewer than 8"* ]]
    [[ "$output" != *'"season"'* ]]
}

# kind METRIC: the plan's primary is a metric of that file.
metric() {
    cat > "w/metrics/$1.yaml"
    sed -i "s/^primary: .*/primary: {metric: $1, improve_by: $2}/" w/plans/autumn.yaml
}

@test "shares, ratios, logarithms and times lose the year before, too; quantiles are refused" {
    two_years 2 3
    takes_season_off
    metric high 5pp << 'Y'
metric: high
label: High scores
kind: proportion
value: score > 52
better: higher
material: 1pp
Y
    compares autumn
    [ "$(field comparison.scale)" = points ]
    metric lnscore 1% << 'Y'
metric: lnscore
label: Score, as logarithm
kind: mean
value: score
scale: log
unit: points
better: higher
material: 1%
Y
    compares autumn
    cp answer.json log.json
    metric relative 1% << 'Y'
metric: relative
label: Score, as a share
kind: mean
value: score
unit: points
better: higher
material: 1%
Y
    compares autumn
    cp answer.json share.json
    metric per_item 1% << 'Y'
metric: per_item
label: Score an item
kind: ratio
numerator: score
denominator: "1"
unit: points
better: higher
material: 1%
Y
    compares autumn
    python3 - << 'P'
import json
log, share, ratio = (json.load(open(f))["rows"][0]["comparison"] for f in ("log.json", "share.json", "answer.json"))
assert log["scale"] == share["scale"] == ratio["scale"] == "relative"
# A ratio of sums with 1 below is a ratio of means.
assert abs(share["effect"] - ratio["effect"]) < 1e-9, (share["effect"], ratio["effect"])
assert abs(share["interval"][0] - ratio["interval"][0]) < 1e-9
assert abs(log["effect"] - share["effect"]) < 0.01
P
    # A day of 8 hours in each span: nothing is left, and nothing varies.
    sed -i "s/^primary: .*/primary: {metric: cycle_time, improve_by: 5%}/" w/plans/autumn.yaml
    run assay compare autumn
    [ "$status" -eq 1 ]
    metric middle 1 << 'Y'
metric: middle
label: Middle score
kind: quantile
quantile: 0.5
value: score
unit: points
better: higher
material: "1"
Y
    run assay plan check autumn
    [ "$status" -eq 2 ]
    says "a quantile of four spans has no honest change of a change in this version; leave season out"
}

@test "times lose the year before as curves up to one horizon" {
    python3 - << 'P'
import random
from datetime import datetime, timedelta
draw = random.Random(3)
own = [draw.gauss(0, 0.3) for _ in range(14)]
with open("items.csv", "w") as items:
    print("item_id,use_case,worker,team,size,opened_at,closed_at,state", file=items)
    day = datetime(2025, 8, 25, 9)
    while day <= datetime(2026, 10, 30, 9):
        late = (day.month, day.day) >= (10, 1)
        rise = (0.4 if late else 0) + (-0.3 if late and day.year == 2026 else 0)
        for w in range(14):
            if draw.random() < 0.5:
                continue
            size = draw.choice((1, 2, 3))
            hours = 6 * 2.718281828 ** (own[w] + rise + 0.2 * size + draw.gauss(0, 0.5))
            print(f"T{day.date()}-{w},help,w{w},,{size},{day},{day + timedelta(hours=hours)},done", file=items)
        day += timedelta(days=1)
    print("end,other.work,w1,,1,2026-11-20 09:00:00,2026-11-20 17:00:00,done", file=items)
P
    imports items items.csv
    cat > w/plans/autumn.yaml << 'Y'
plan: autumn
use_case: help
design: {kind: before_after, date: 2026-10-01, season: year}
period: {from: 2026-09-01, to: 2026-10-30}
primary: {metric: cycle_time, improve_by: 10%}
Y
    compares autumn
    python3 - << 'P'
import csv, json, math
from datetime import datetime
comparison = json.load(open("answer.json"))["rows"][0]["comparison"]
horizon = comparison["horizon_days"] * 24 * 60
assert comparison["errors"] == "influence" and comparison["cells"] == "person × size", comparison["cells"]
spans = [("2026-09-01", "2026-10-01"), ("2026-10-01", "2026-10-31"),
         ("2025-09-01", "2025-10-01"), ("2025-10-01", "2025-10-31")]
times = [{}, {}, {}, {}]
for r in csv.DictReader(open("items.csv")):
    for at, (start, end) in enumerate(spans):
        if r["use_case"] == "help" and start <= r["opened_at"][:10] < end:
            opened, closed = (datetime.fromisoformat(r[k]) for k in ("opened_at", "closed_at"))
            minutes = (closed - opened).total_seconds() / 60
            times[at].setdefault((r["worker"], r["size"]), []).append(min(horizon, minutes))
# All closed: a restricted mean is the mean of times cut at the horizon, weighted to the first span's mix.
cells = [c for c in times[0] if all(c in t for t in times)]
weight = {c: len(times[0][c]) for c in cells}
mean = [sum(weight[c] * sum(t[c]) / len(t[c]) for c in cells) / sum(weight.values()) for t in times]
double = math.log(mean[1] / mean[0]) - math.log(mean[3] / mean[2])
assert abs(math.log1p(comparison["effect"]) - double) < 1e-3, (math.log1p(comparison["effect"]), double)
low, high = comparison["interval"]
assert -0.3 < low < high < 0, (low, high)
assert comparison["season"]["before"]["interval"][0] > 0.1, comparison["season"]
P
}

@test "a period longer than a year has no year before, and power says what it cannot tell" {
    two_years 2 3
    takes_season_off
    run assay plan power autumn
    says "leave season out to see what one change tells"
    sed -i 's/from: 2026-09-01/from: 2025-09-01/' w/plans/autumn.yaml
    run assay plan check autumn
    [ "$status" -eq 2 ]
    says "season: the plan's period is longer than a year, so that the year before would be part of it; leave season out"
}

@test "both years are seen as long after their ends, so that late outcomes are missing from both alike" {
    two_years 2 3
    takes_season_off
    # Data end on 20 November: with 31 days to mature, closes after 20 October are not known, in 2025 either.
    metric late 1 << 'Y'
metric: late
label: Late score
kind: mean
value: score
unit: points
better: higher
material: "1"
matures_after: 31d
Y
    # What came late differs in 2025 alone.
    python3 - << 'P'
rows = open("measures.csv").read().splitlines()
with open("measures.csv", "w") as out:
    for row in rows:
        item, name, at, value = row.split(",")
        if "2025-10-22" <= at < "2025-11-01":
            value = f"{float(value) + 40:.4f}"
        print(item, name, at, value, sep=",", file=out)
P
    imports measures measures.csv
    compares autumn
    python3 -c 'import json
season = json.load(open("answer.json"))["rows"][0]["comparison"]["season"]
assert 1 < season["before"]["effect"] < 3.5, season'
}

@test "the same days of the year before are those of the clocks, and of a policy's hour" {
    two_years 3 3
    printf 'policy,kind,starts_at\nrollout,mandate,2026-10-01 00:00:00\n' > policies.csv
    imports policies policies.csv
    takes_season_off
    compares autumn
    cp answer.json dated.json
    run assay compare autumn --explain
    says "and, for what is taken off, over the same of 2025-09-01 … 2025-10-30"
    sed -i 's/date: 2026-10-01/policy: rollout/' w/plans/autumn.yaml
    compares autumn
    python3 -c 'import json
one, other = (json.load(open(f))["rows"][0]["comparison"] for f in ("dated.json", "answer.json"))
assert one["effect"] == other["effect"] and one["season"] == other["season"], (one["season"], other["season"])'
}
