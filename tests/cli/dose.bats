#!/usr/bin/env bats
# A team's weeks with more of its work done with AI beside its others.

load import_helpers.bash
load plan_helpers.bash
load weekly_helpers.bash

doses() {
    compares 2026Q3 --dose --use-case support.billing --metric "$@"
}

as_oracle() {
    as_weekly_oracle dose.json "$@"
    [ "$(field comparison.design)" = dose ]
}

@test "slopes, errors and degrees of freedom are clubSandwich's, of differences, shares, logs and times" {
    teams_weeks "$SOURCE/tests/oracle/dose.csv"
    a_score
    a_metric part "kind: mean" "value: score" 'material: 5%'
    a_metric log_score "kind: mean" "value: score" "scale: log" "material: 5%"
    a_metric lateness "kind: proportion" "value: late > 0" "material: 1pp"
    doses score
    as_oracle score plain
    doses part
    as_oracle score share
    doses log_score
    as_oracle log_score log
    doses lateness
    as_oracle late plain
    doses score --errors cr0
    python3 - << 'P'
import json, os
c = json.load(open("answer.json"))["rows"][0]["comparison"]
wanted = json.load(open(os.environ["SOURCE"] + "/tests/oracle/dose.json"))["score_cr0"]
t = 2.160368656461013 # of 13 degrees of freedom
assert c["errors"] == "cr0" and c["df"] == 13
assert abs((c["interval"][1] - c["interval"][0]) / 2 / t - wanted["se"]) < 1e-8
P
}

@test "times count from the landmark up to the horizon, among items that were seen for so long" {
    rm -rf w
    "$ASSAY" init w --own-data > /dev/null
    teams_weeks "$SOURCE/tests/oracle/dose.csv"
    doses time_to_complete --landmark 1h
    as_oracle time share
    [ "$(field comparison.landmark_days)" = 0.04166666667 ]
}

@test "a dose is as found, whatever its numbers, and says what it is made of" {
    teams_weeks "$SOURCE/tests/oracle/dose.csv"
    a_score
    doses score
    [ "$(field verdict.word)" = unproven ]
    # With 1 to 16 items a week chance has its part in the share (chance_share).
    [ "$(field verdict.reason)" = check ]
    # Longer work meets AI more often, so that nothing but times leans anywhere.
    [ "$(field verdict.leaning)" = None ]
    [ "$(field comparison.excluded.no_team)" -gt 0 ]
    run assay compare 2026Q3 --dose --use-case support.billing --metric score
    says "as found, by a team's share of work with AI · not planned · not randomised"
    says "a team's share of work with AI was asked for (--dose)"
    says "from none to all"
    says "within team and week"
    says "14 teams in 14 weeks. AI had 52 % of their work; within team and week that share"
    says "10 points more of it go with +0.48 points, taken as a straight line."
    says "of no team"
    says "A check of the data failed, so nothing is concluded."
    run assay compare 2026Q3 --dose --use-case support.billing --metric score --format markdown
    says "10 points more of it go with"
    says "from none of the work with AI to all of it"
    run assay compare 2026Q3 --dose --use-case support.billing --metric score --format csv
    says "support.billing,score,comparison,dose,no_ai,"
}

# Teams and weeks whose score is 50 + team + week + SLOPE x share + noise; who of a week is given AI has
# nothing to do with it. And by whom: SELECT=1 gives AI to the items that score low anyway.
planted() {
    SLOPE="$1" TEAMS="${2:-20}" SELECT="${3:-0}" SEED="${4:-1}" python3 - << 'P'
import datetime, os, random
draw = random.Random(int(os.environ["SEED"]))
slope, teams = float(os.environ["SLOPE"]), int(os.environ["TEAMS"])
first = datetime.datetime(2026, 7, 6, 9)
print_rows = open("planted.csv", "w")
print("team,worker,opened,minutes,ai,score,late", file=print_rows)
weeks = [draw.gauss(0, 3) for _ in range(12)]
for t in range(teams):
    level = draw.gauss(0, 4)
    for w in range(12):
        # More AI where the team is better anyway, and more from week to week.
        wanted = min(0.95, max(0.05, 0.3 + 0.05 * level + 0.02 * w + draw.gauss(0, 0.25)))
        ease = [draw.gauss(0, 1) for _ in range(12)]
        given = sorted(range(12), key=lambda i: ease[i] if os.environ["SELECT"] == "1" else draw.random())
        given = set(given[:round(12 * wanted)])
        for i in range(12):
            opened = first + datetime.timedelta(days=7 * w + i % 5, minutes=13 * i)
            score = 50 + level + weeks[w] + slope * len(given) / 12 + 3 * ease[i]
            print(f"t{t},w{t}_{i % (12 if teams == 1 else 4)},{opened},200,{int(i in given)},{score:.4f},", file=print_rows)
P
    teams_weeks planted.csv
    a_score
}

# Least squares on teams and weeks from the CSV alone: the slope by alternately taking means out.
by_python() {
    python3 - << 'P'
import collections, csv, datetime, json
rows = list(csv.DictReader(open("planted.csv")))
key = lambda r: (r["team"], datetime.date.fromisoformat(r["opened"][:10]).isocalendar()[:2])
sums = collections.defaultdict(lambda: [0, 0.0, 0.0])
for r in rows:
    cell = sums[key(r)]
    cell[0] += 1; cell[1] += float(r["ai"]); cell[2] += float(r["score"])
cells = [(team, week, n, ai / n, y / n) for (team, week), (n, ai, y) in sums.items()]
def within(values):
    for _ in range(2000):
        moved = 0
        for by in 0, 1:
            total, items = collections.Counter(), collections.Counter()
            for cell, value in zip(cells, values):
                total[cell[by]] += cell[2] * value; items[cell[by]] += cell[2]
            values = [value - total[cell[by]] / items[cell[by]] for cell, value in zip(cells, values)]
            moved = max(moved, max(abs(total[k] / items[k]) for k in total))
        if moved < 1e-14:
            break
    return values
x, y = within([c[3] for c in cells]), within([c[4] for c in cells])
slope = sum(c[2] * a * b for c, a, b in zip(cells, x, y)) / sum(c[2] * a * a for c, a in zip(cells, x))
got = json.load(open("answer.json"))["rows"][0]["comparison"]["effect"]
assert abs(got - slope) < 1e-8, (got, slope)
P
}

# 12 teams, 12 weeks of ITEMS items each; every item has AI by a coin of its own, the harder the likelier, and
# by how much the team's week is moved with a deviation of SPREAD (of the logit). AI has no effect.
by_coins() {
    python3 - << 'P'
import datetime, math, os, random
draw = random.Random(3)
items, spread = int(os.environ["ITEMS"]), float(os.environ["SPREAD"])
first = datetime.datetime(2026, 7, 6, 9)
with open("planted.csv", "w") as out:
    print("team,worker,opened,minutes,ai,score,late", file=out)
    for t in range(12):
        level = draw.gauss(0, 0.5)
        for w in range(12):
            moved = level + draw.gauss(0, spread)
            for i in range(items):
                hard = draw.gauss(0, 1)
                ai = draw.random() < 1 / (1 + math.exp(-moved - 1.2 * hard))
                opened = first + datetime.timedelta(days=7 * w + i % 5, minutes=5 * i)
                print(f"t{t},w{t}_{i % 4},{opened},200,{int(ai)},{20 + 3 * hard + draw.gauss(0, 1):.4f},", file=out)
P
    rm -rf w
    new_workspace w
    teams_weeks planted.csv
    a_score
    a_metric slowness "kind: mean" "value: score" 'material: "1"'
}

@test "a planted effect is found though better teams use more AI and hard items are given it" {
    planted 5 20 1
    doses score
    by_python
    holds 5
    # Item by item the choice of items decides.
    run holds 5 naive
    [ "$status" -ne 0 ]
}

@test "without an effect none is found, where items alone would show one" {
    planted 0 20 0 2
    doses score
    by_python
    holds 0
    run holds 0 naive
    [ "$status" -ne 0 ]
}

@test "one team, one week, or a share that moves with the weeks alone have no answer, and a reason" {
    planted 5 1
    has_no() {
        run assay compare 2026Q3 --dose --use-case support.billing --metric score "${@:2}"
        [ "$status" -eq 1 ] || { echo "exit $status: $output"; false; }
        says "$1"
    }
    has_no "all items are of one team"
    rm -rf w && new_workspace w
    planted 5 4
    run assay compare --from 2026-07-06 --to 2026-07-12 --dose --use-case support.billing --metric score
    [ "$status" -eq 1 ]
    says "all items are of one week"
    rm -rf w && new_workspace w
    python3 - << 'P'
with open("planted.csv", "w") as out:
    print("team,worker,opened,minutes,ai,score,late", file=out)
    for t in range(12):
        for w in range(8):
            for i in range(8): # the same share in all teams
                print(f"t{t},w{t}_{i},2026-07-{6 + i % 5:02d} 09:00:00,200,{int(i <= 3)},{t + i},".replace("07-", "07-") if w == 0 else
                      f"t{t},w{t}_{i},2026-08-{3 + (w - 1) * 3 % 25:02d} 09:00:00,200,{int(i <= w % 4)},{t + i * w},", file=out)
P
    teams_weeks planted.csv
    a_score
    has_no "the share of work with AI moves with the weeks alone, or not at all"
}

# What the check says, and what the answer leans to.
chance() {
    python3 -c 'import json
row = json.load(open("answer.json"))["rows"][0]
print({c["check"]: c["state"] for c in row["checks"]}["chance_share"], row["verdict"]["leaning"])'
}

@test "where the share moves by chance the slope is who is given AI again, and the check blocks" {
    ITEMS=8 SPREAD=0 by_coins
    doses slowness
    [ "$(chance)" = "failed None" ]
    # The naive difference is in the slope, whose interval knows nothing of it: no effect was planted.
    run holds 0
    [ "$status" -ne 0 ]
    ITEMS=8 SPREAD=1 by_coins
    doses slowness
    [ "$(chance)" = "failed None" ]
    # Large teams whose share is moved by far more than chance.
    ITEMS=80 SPREAD=2 by_coins
    doses slowness
    [ "$(chance)" = "passed None" ]
    holds 0
}

@test "few teams are noted, and one that makes up the effect" {
    planted 5 6
    doses score
    python3 - << 'P'
import json
checks = {c["check"]: c["state"] for c in json.load(open("answer.json"))["rows"][0]["checks"]}
assert checks["few_clusters"] == "noted", checks
assert checks["narrow_share"] == "passed", checks
P
}

@test "an effect that rests on few people is withheld, though all arms have many" {
    planted 5 12
    # Of twelve teams one has weeks that differ, and it is of four people; ten have a share of a half.
    python3 - << 'P'
import csv
rows = list(csv.DictReader(open("planted.csv")))
counts = {}
with open("planted.csv", "w") as out:
    print("team,worker,opened,minutes,ai,score,late", file=out)
    for r in rows:
        at = counts[r["team"], r["opened"][:10]] = counts.get((r["team"], r["opened"][:10]), -1) + 1
        minute = int(r["opened"][14:16])
        week = (int(r["opened"][5:7]) * 31 + int(r["opened"][8:10])) // 7
        number = counts[r["team"], "n"] = counts.get((r["team"], "n"), -1) + 1
        ai = int(number % 12 < (3 + 4 * (week % 2))) if r["team"] in ("t0", "t1") else int(number % 2)
        print(f"{r['team']},{r['worker'] if r['team'] not in ('t0', 't1') else 'w_few' + r['worker'][-1]},{r['opened']},200,{ai},{r['score']},", file=out)
P
    rm -rf w && new_workspace w
    teams_weeks planted.csv
    a_score
    run assay compare 2026Q3 --dose --use-case support.billing --metric score --format json
    [ "$status" -eq 1 ] || { echo "$output"; false; }
    printf '%s\n' "$output" > answer.json
    [ "$(field comparison.reason)" = "fewer than 8 workers" ]
    [ "$(field verdict.word)" = withheld ]
    [ "$(field checks)" = "[]" ]
    # Every number of it is gone.
    python3 -c 'import json; c = json.load(open("answer.json"))["rows"][0]["comparison"]; assert set(c) == {"effect", "reason", "withheld"}, c'
}

@test "what a dose cannot follow is refused with its place" {
    planted 5 4
    refused() {
        run assay compare 2026Q3 --dose --use-case support.billing "${@:2}"
        [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
        says "$1"
    }
    refused "--arms: with --dose a team's weeks are compared" --metric score --arms no_ai,ai
    refused "--like: with --dose" --metric score --like team
    refused "--by: with --dose" --metric score --by team
    refused "--adjust: with --dose" --metric score --adjust 'ln(size)'
    refused "--cuped: with --dose" --metric score --cuped
    refused "--errors: --dose has errors by team" --metric score --errors hc1
    refused "--dose: ratios of sums can't be compared week by week" --metric cost_per_completed
    refused "--landmark: only times count from a landmark" --metric score --landmark 1h
    a_metric growing "kind: mean" "value: score" "grows_with_time: true" "material: 5%"
    run assay compare 2026Q3 --dose --use-case support.billing --metric growing
    [ "$status" -eq 1 ]
    says "what grows with time can't be compared as found"
}
