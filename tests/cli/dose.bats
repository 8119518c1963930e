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
assert c["errors"] == "cr0" and c["df"] == 13
assert all(abs(a - b) < 1e-7 for a, b in zip(c["interval"], wanted["interval"])), c["interval"]
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
    [ "$(field verdict.reason)" = as_found ]
    # Longer work meets AI more often, so that nothing but times leans anywhere.
    [ "$(field verdict.leaning)" = None ]
    [ "$(field comparison.excluded.no_team)" -gt 0 ]
    run assay compare 2026Q3 --dose --use-case support.billing --metric score
    says "as found, by a team's share of work with AI · not planned · not randomised"
    says "a team's share of work with AI was asked for (--dose)"
    says "from none to all"
    says "within team and week"
    says "14 teams in 14 weeks. AI had 50 % of their work; within team and week that share"
    says "10 points more of it go with +0.65 points, taken as a straight line."
    says "51 % of its square are of the chance of which items came"
    says "of no team"
    says "The arms are as found, so this does not show what AI did."
    run assay compare 2026Q3 --dose --use-case support.billing --metric score --format markdown
    says "10 points more of it go with"
    says "from none of the work with AI to all of it"
    run assay compare 2026Q3 --dose --use-case support.billing --metric score --format csv
    says "support.billing,score,comparison,dose,no_ai,"
}

# Teams and weeks whose score is 50 + team + week + SLOPE for an item with AI + 3 x its ease; who of a week
# is given AI has nothing to do with it. SELECT=1 gives AI to the items that score low anyway, and that by more.
planted() {
    SLOPE="$1" TEAMS="${2:-20}" SELECT="${3:-0}" SEED="${4:-1}" python3 - << 'P'
import datetime, os, random, statistics
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
        hardest = statistics.NormalDist().inv_cdf(wanted)
        for i in range(12):
            ease = draw.gauss(0, 1)
            ai = int(ease < hardest if os.environ["SELECT"] == "1" else draw.random() < wanted)
            opened = first + datetime.timedelta(days=7 * w + i % 5, minutes=13 * i)
            score = 50 + level + weeks[w] + slope * ai + (6 if os.environ["SELECT"] == "1" else 3) * ease
            print(f"t{t},w{t}_{i % (12 if teams == 1 else 4)},{opened},200,{ai},{score:.4f},", file=print_rows)
P
    teams_weeks planted.csv
    a_score
}

# The slope from the CSV alone: least squares of the share on teams and weeks by their normal equations,
# and each item's own part taken from numerator and denominator. It is printed beside that of shares.
by_python() {
    python3 - << 'P'
import collections, csv, datetime, json
cells = collections.defaultdict(list)
for r in csv.DictReader(open("planted.csv")):
    cells[r["team"], datetime.date.fromisoformat(r["opened"][:10]).isocalendar()[:2]].append((float(r["ai"]), float(r["score"])))
cells = {k: v for k, v in cells.items() if len(v) > 1}
columns = sorted({(0, k[0]) for k in cells}) + sorted({(1, k[1]) for k in cells})[1:]
row = {k: [int(c in ((0, k[0]), (1, k[1]))) for c in columns] for k in cells}
mean = lambda v: sum(v) / len(v)
share = {k: mean([a for a, _ in v]) for k, v in cells.items()}
p = len(columns)
grid = [[sum(len(v) * row[k][i] * row[k][j] for k, v in cells.items()) for j in range(p)] + [float(i == j) for j in range(p)]
        for i in range(p)]
for i in range(p): # Gauss and Jordan
    pivot = max(range(i, p), key=lambda r: abs(grid[r][i]))
    grid[i], grid[pivot] = grid[pivot], grid[i]
    grid[i] = [x / grid[i][i] for x in grid[i]]
    for r in range(p):
        if r != i:
            f = grid[r][i]
            grid[r] = [x - f * y for x, y in zip(grid[r], grid[i])]
inverse = [g[p:] for g in grid]
right = [sum(len(v) * row[k][i] * share[k] for k, v in cells.items()) for i in range(p)]
fitted = [sum(a * b for a, b in zip(line, right)) for line in inverse]
over = under = over_shares = under_shares = 0
for k, v in cells.items():
    n, x = len(v), row[k]
    moved = share[k] - sum(a * b for a, b in zip(x, fitted))
    leverage = sum(x[i] * inverse[i][j] * x[j] for i in range(p) for j in range(p) if x[i] and x[j])
    y = mean([s for _, s in v])
    covariance = sum((a - share[k]) * (s - y) for a, s in v) / (n - 1)
    variance = sum((a - share[k]) ** 2 for a, _ in v) / (n - 1)
    over_shares += n * moved * y
    under_shares += n * moved * share[k]
    over += n * moved * y - n * (1 / n - leverage) * covariance
    under += n * moved * share[k] - n * (1 / n - leverage) * variance
got = json.load(open("answer.json"))["rows"][0]["comparison"]
assert abs(got["effect"] - over / under) < 1e-8, (got["effect"], over / under)
assert abs(got["weekly"]["chance"] - (1 - under / under_shares)) < 1e-8, got["weekly"]
print(over_shares / under_shares)
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

@test "who of a week is given AI does not move the slope, however small the teams" {
    ITEMS=12 SPREAD=1 by_coins
    doses slowness
    [ "$(chance)" = "passed None" ]
    holds 0
    # The slope on the shares as they are has the naive difference in it.
    [ "$(by_python | python3 -c 'print(float(input()) > 0.8)')" = True ]
    # Large teams whose share is moved by far more than chance.
    ITEMS=80 SPREAD=2 by_coins
    doses slowness
    [ "$(chance)" = "passed None" ]
    holds 0
}

@test "where chance alone moves the share nothing is told of AI, and it says so" {
    ITEMS=8 SPREAD=0.5 by_coins
    doses slowness
    [ "$(chance)" = "failed None" ]
    python3 - << 'P'
import json
c = json.load(open("answer.json"))["rows"][0]["comparison"]
low, high = c["interval"]
assert low is None or high is None, c["interval"]
assert c["no_interval"].startswith("so little of how the share"), c["no_interval"]
P
    run assay compare 2026Q3 --dose --use-case support.billing --metric slowness
    says "any size"
    # Less than chance would make of it.
    ITEMS=8 SPREAD=0.3 by_coins
    run assay compare 2026Q3 --dose --use-case support.billing --metric slowness
    [ "$status" -eq 1 ]
    says "moves by no more than the chance of which items a week"
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
    # Of twelve teams two have weeks that differ, all or nothing, and they are of the same four people; ten
    # have a share of a half.
    python3 - << 'P'
import csv, datetime
rows = list(csv.DictReader(open("planted.csv")))
counts = {}
with open("planted.csv", "w") as out:
    print("team,worker,opened,minutes,ai,score,late", file=out)
    for r in rows:
        at = counts[r["team"], r["opened"][:10]] = counts.get((r["team"], r["opened"][:10]), -1) + 1
        week = datetime.date.fromisoformat(r["opened"][:10]).isocalendar()[1] + (r["team"] == "t0")
        number = counts[r["team"], "n"] = counts.get((r["team"], "n"), -1) + 1
        ai = week % 2 if r["team"] in ("t0", "t1") else int(number % 2)
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
