#!/usr/bin/env bats
# Plans whose units were drawn within strata: against least squares with dummies in R.

load import_helpers.bash

# The rows of tests/oracle/strata.json. by_worker is the trial of the plan `people`, by_item that of
# all others.
the_trials() {
    python3 - << 'P'
import json, os
rows = json.load(open(os.environ["SOURCE"] + "/tests/oracle/strata.json"))["rows"]
n = len(rows["worker"])
with open("items.csv", "w") as items, open("trial.csv", "w") as trial, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,role,size,opened_at,closed_at,state", file=items)
    print("plan,unit_kind,unit,arm,probability", file=trial)
    print("item_id,name,occurred_at,value", file=measures)
    for i in range(n):
        at = f"2026-07-{1 + i % 28:02d} 10:00:00"
        w, t, r = rows["worker"][i], rows["team"][i], rows["role"][i]
        print(f"T{i},a.b,w{w},team{t},role{r},{i % 40 + 1},{at},{at},done", file=items)
        for plan in ("teams", "roles", "both", "fine"):
            print(f"{plan},item,T{i},{['no_ai', 'ai'][rows['by_item'][i]]},0.5", file=trial)
        print(f"T{i},score,{at},{rows['y_item'][i]}", file=measures)
        print(f"T{i},points,{at},{rows['y_worker'][i]}", file=measures)
    for w in sorted(set(rows["worker"])):
        print(f"people,worker,w{w},{['no_ai', 'ai'][rows['by_worker'][rows['worker'].index(w)]]},0.5", file=trial)
    print("T9999,other.work,w1,team1,,1,2026-11-01,2026-11-02,done", file=items)
P
    imports_together items=items.csv assignments=trial.csv measures=measures.csv
    for metric in score points; do
        printf 'metric: %s\nlabel: The %s\nkind: mean\nvalue: %s\nunit: points\nbetter: higher\nmaterial: 0.2\n' \
            "$metric" "$metric" "$metric" > "w/metrics/$metric.yaml"
    done
}

# a_plan NAME UNIT METRIC STRATA
a_plan() {
    cat > "w/plans/$1.yaml" << Y
plan: $1
use_case: a.b
design: {kind: randomised, unit: $2, strata: [$4]}
period: 2026Q3
primary: {metric: $3, improve_by: 0.2}
Y
}

answer() {
    local name="$1"
    shift
    run assay compare "$name" "$@" --format json
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
    printf '%s\n' "$output" > answer.json
    python3 -c 'import json, jsonschema, sys
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))' \
        "$SOURCE/docs/report.schema.json" answer.json
}

# agrees CASE ERRORS: effect, degrees of freedom and, by R's own p, the error of answer.json.
agrees() {
    python3 - "$1" "$2" << 'P'
import json, math, os, sys
want = json.load(open(os.environ["SOURCE"] + "/tests/oracle/strata.json"))[sys.argv[1]]
got = json.load(open("answer.json"))["rows"][0]["comparison"]
df = want.get("df", want.get("df2")) if sys.argv[2] == "CR2" else want["clusters"] - 1
assert abs(got["effect"] / want["effect"] - 1) < 1e-8, (got["effect"], want)
assert abs(got["df"] / df - 1) < 1e-6, (got["df"], df)
def tail(q, df):
    log = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.log(df * math.pi) / 2
    f = lambda x: math.exp(log - (df + 1) / 2 * math.log1p(x * x / df))
    h = q / 4000
    return 0.5 - h / 3 * (f(0) + f(q) + sum((4 if i % 2 else 2) * f(i * h) for i in range(1, 4000)))
low, high = 0, 50
for _ in range(60):
    mid = (low + high) / 2
    low, high = (mid, high) if tail(mid, df) > 0.025 else (low, mid)
half = (got["interval"][1] - got["interval"][0]) / 2
assert abs(half / low / want[sys.argv[2]] - 1) < 1e-6, (half / low, want)
assert want.get("centred", 0) < want["CR2"] * 0.985
P
}

field() {
    python3 -c 'import json,sys
value = json.load(open("answer.json"))["rows"][0]
for part in sys.argv[1].split("."):
    value = value[int(part)] if part.isdigit() else value[part]
print(value)' "$1"
}

@test "up to 30 strata are dummies, with the errors of R's clubSandwich" {
    the_trials
    a_plan teams item score team
    a_plan roles item score role
    a_plan both item score "team, role"
    answer teams
    agrees by_item_in_teams CR2
    [ "$(field comparison.strata)" = "{'by': 'team', 'count': 6, 'as': 'dummies'}" ]
    answer roles # strata that cross people: centring within them is the trap
    agrees by_item_in_roles CR2
    answer both
    agrees by_item_in_both CR2
    [ "$(field comparison.strata.count)" = 18 ]
    run assay compare both
    says "within team × role (18)"
}

@test "people drawn within teams have the errors of R's sandwich" {
    the_trials
    a_plan people worker points team
    answer people --errors cr1
    agrees by_worker_in_teams CR1
    answer people
    [ "$(field comparison.errors)" = cr2 ]
}

@test "a stratum of one arm is left out, and counted" {
    the_trials
    a_plan teams item score team
    printf '%s\n' item_id,use_case,worker,team,role,size,opened_at,closed_at,state > more.csv
    printf '%s\n' plan,unit_kind,unit,arm,probability > drawn.csv
    printf '%s\n' item_id,name,occurred_at,value > valued.csv
    for n in 1 2 3 4 5 6 7 8 9; do
        echo "X$n,a.b,w$n,team9,role1,1,2026-07-05,2026-07-05,done" >> more.csv
        echo "teams,item,X$n,ai,0.5" >> drawn.csv
        echo "X$n,score,2026-07-05,100" >> valued.csv
    done
    imports_together items=more.csv assignments=drawn.csv measures=valued.csv
    answer teams
    agrees by_item_in_teams CR2
    [ "$(field comparison.excluded.unmatched)" = 9 ]
    [ "$(field comparison.strata.count)" = 6 ]
}

@test "the reasons are withheld where few people were alone in their stratum" {
    the_trials
    a_plan teams item score team
    printf '%s\n' item_id,use_case,worker,team,role,size,opened_at,closed_at,state \
        X1,a.b,w1,team9,role1,1,2026-07-05,2026-07-05,done > more.csv
    printf '%s\n' plan,unit_kind,unit,arm,probability teams,item,X1,ai,0.5 > drawn.csv
    printf '%s\n' item_id,name,occurred_at,value X1,score,2026-07-05,100 > valued.csv
    imports_together items=more.csv assignments=drawn.csv measures=valued.csv
    # The change beside it is of all items, and would tell of the one that was left out.
    run assay compare teams --format json
    [ "$status" -eq 0 ]
    printf '%s\n' "$output" > answer.json
    [ "$(field comparison.excluded.unmatched)" = None ]
    [ "$(field items)" = None ]
    python3 -c 'import json
document = json.load(open("answer.json"))
row, = document["rows"]
assert row["comparison"]["effect"] is not None and not row["change"].get("word"), row'
}

# A trial of $1 teams, drawn by item within them; the slope within teams goes to ./slope.
teams_trial() {
    TEAMS="$1" python3 - << 'P'
import collections, os, random
draw = random.Random(30)
teams = int(os.environ["TEAMS"])
cells = collections.defaultdict(list)
with open("items.csv", "w") as items, open("trial.csv", "w") as trial, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,opened_at,closed_at,state", file=items)
    print("plan,unit_kind,unit,arm,probability", file=trial)
    print("item_id,name,occurred_at,value", file=measures)
    for i in range(teams * 16):
        team, arm, at = i % teams, int(draw.random() < 0.3 + 0.4 * (i % teams) / teams), f"2026-07-{1 + i % 28:02d} 10:00:00"
        value = round(team + arm + draw.gauss(0, 1), 4)
        cells[team].append((arm, value))
        print(f"T{i},a.b,w{i % 40},team{team},{at},{at},done", file=items)
        print(f"many,item,T{i},{['no_ai', 'ai'][arm]},0.5", file=trial)
        print(f"T{i},score,{at},{value}", file=measures)
    print("T99999,other.work,w1,team1,2026-11-01,2026-11-02,done", file=items)
top = bottom = 0
for rows in cells.values():
    mean = sum(a for a, _ in rows) / len(rows)
    top += sum((a - mean) * y for a, y in rows)
    bottom += sum((a - mean) ** 2 for a, _ in rows)
open("slope", "w").write(repr(top / bottom))
P
    rm -rf w
    new_workspace w
    imports_together items=items.csv assignments=trial.csv measures=measures.csv
    printf 'metric: score\nlabel: The score\nkind: mean\nvalue: score\nbetter: higher\nmaterial: 0.2\n' > w/metrics/score.yaml
    a_plan many item score team
}

@test "thirty strata fit into one estimate" {
    for teams in 25 30; do
        teams_trial "$teams"
        answer many
        [ "$(field comparison.strata.count)" = "$teams" ]
        python3 -c 'import sys; assert abs(float(sys.argv[1]) - float(open("slope").read())) < 1e-8, sys.argv' \
            "$(field comparison.effect)"
    done
}

@test "more strata than 30 are levels of one fit, too" {
    the_trials
    a_plan fine item score "team, role, size"
    answer fine
    [ "$(field comparison.strata.as)" = dummies ]
    [ "$(field comparison.errors)" = cr2 ]
    # Differences within strata by how much each tells, from the rows themselves: strata as R has
    # them, sizes in fifths.
    python3 - << 'P'
import json, os
rows = json.load(open(os.environ["SOURCE"] + "/tests/oracle/strata.json"))["rows"]
got = json.load(open("answer.json"))["rows"][0]["comparison"]
n = len(rows["worker"])
size = [i % 40 + 1 for i in range(n)]
cuts = sorted(size)
def quantile(p):  # linear between order statistics
    at = p * (n - 1)
    k = int(at)
    return cuts[k] + (at - k) * (cuts[min(k + 1, n - 1)] - cuts[k])
edges = [quantile(p / 5) for p in range(1, 5)]
cells = {}
for i in range(n):
    key = (rows["team"][i], rows["role"][i], sum(size[i] > e for e in edges))
    cells.setdefault(key, ([], []))[rows["by_item"][i]].append(rows["y_item"][i])
both = [c for c in cells.values() if c[0] and c[1]]
alone = sum(len(c[0]) + len(c[1]) for c in cells.values() if not (c[0] and c[1]))
mean = lambda v: sum(v) / len(v)
weights = [len(c[0]) * len(c[1]) / (len(c[0]) + len(c[1])) for c in both]
want = sum(w * (mean(c[1]) - mean(c[0])) for w, c in zip(weights, both)) / sum(weights)
assert abs(got["effect"] - want) < 1e-9 and got["strata"]["count"] == len(both), (got, want)
assert alone > 0 and got["excluded"]["unmatched"] == alone, (alone, got["excluded"])
assert sum(a["items"] for a in got["arms"]) == n - alone
P
    run assay compare fine
    says "within team × role × size (63)"
    sed -i '$a adjust_for: [ln(size)]' w/plans/fine.yaml
    run assay compare fine
    [ "$status" -eq 1 ]
    says "leaves no room for"
}

# The rows NAME of tests/oracle/strata.json as a trial of a unit, drawn within teams. Values are
# moved below 0, so that no limits of counts stand beside the interval.
recorded_trial() {
    python3 - "$1" "$2" << 'P'
import json, os, sys
rows = json.load(open(os.environ["SOURCE"] + "/tests/oracle/strata.json"))[sys.argv[1]]
stratum = rows.get("pair") or rows["stratum"]
drawn = set()
with open("items.csv", "w") as items, open("trial.csv", "w") as trial, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,opened_at,closed_at,state", file=items)
    print("plan,unit_kind,unit,arm,probability", file=trial)
    print("item_id,name,occurred_at,value", file=measures)
    for i, (w, s, a, y) in enumerate(zip(rows["worker"], stratum, rows["arm"], rows["y"])):
        at = f"2026-07-{1 + i % 28:02d} 10:00:00"
        print(f"T{i},a.b,w{w},team{s},{at},{at},done", file=items)
        print(f"T{i},score,{at},{y - 100}", file=measures)
        drawn.add((f"w{w}" if sys.argv[2] == "worker" else f"T{i}", ["no_ai", "ai"][a]))
    for unit, arm in sorted(drawn):
        print(f"drawn,{sys.argv[2]},{unit},{arm},0.5", file=trial)
    print("T9999,other.work,w1,team1,2026-11-01,2026-11-02,done", file=items)
P
    imports_together items=items.csv assignments=trial.csv measures=measures.csv
    printf 'metric: score\nlabel: The score\nkind: mean\nvalue: score\nunit: points\nbetter: higher\nmaterial: 0.2\n' \
        > w/metrics/score.yaml
    a_plan drawn "$2" score team
    answer drawn
}

@test "matched pairs have the interval of the paired t" {
    recorded_trial pairs worker
    [ "$(field comparison.strata)" = "{'by': 'team', 'count': 36, 'as': 'dummies'}" ]
    python3 - << 'P'
import json, os
want = json.load(open(os.environ["SOURCE"] + "/tests/oracle/strata.json"))["pairs"]
got = json.load(open("answer.json"))["rows"][0]["comparison"]
assert abs(got["effect"] - want["effect"]) < 1e-9, (got["effect"], want["effect"])
assert abs(got["df"] - want["df"]) < 1e-6 and abs(got["p"] - want["p"]) < 1e-7, got
assert all(abs(a - b) < 1e-7 for a, b in zip(got["interval"], want["interval"])), (got["interval"], want["interval"])
P
    run assay compare drawn --errors hc2 --format json # one item each: the same
    python3 -c 'import json, sys
a, b = (json.load(open("answer.json")), json.loads(sys.argv[1]))
a, b = (x["rows"][0]["comparison"]["interval"] for x in (a, b))
assert all(abs(x - y) < 1e-9 for x, y in zip(a, b)), (a, b)' "$output"
}

@test "many strata that cross people have the errors of R" {
    recorded_trial many item
    [ "$(field comparison.strata.count)" = 39 ]
    agrees many CR2
    answer drawn --errors cr1
    agrees many CR1
}

@test "strata narrow the interval, and slopes of each arm's own go with them" {
    the_trials
    a_plan teams item score team
    answer teams
    within="$(field comparison.interval)"
    sed -i 's/, strata: \[team\]//' w/plans/teams.yaml
    answer teams
    [ "$(field comparison.strata)" = None ]
    python3 - "$within" "$(field comparison.interval)" << 'P'
import json, sys
within, plain = map(json.loads, sys.argv[1:])
assert (within[1] - within[0]) < 0.8 * (plain[1] - plain[0]), (within, plain)
P
    sed -i 's/unit: item/unit: item, strata: [team]/;$a adjust_for: [size]\ninteract: true' w/plans/teams.yaml
    answer teams
    [ "$(field comparison.interacted)" = True ]
}
