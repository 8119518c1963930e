#!/usr/bin/env bats
# Plans of staggered rollouts: units that start one after the other.

load import_helpers.bash
load plan_helpers.bash

a_log_metric() {
    cat > w/metrics/employment.yaml << 'Y'
metric: employment
label: Employment
kind: mean
value: employment
unit: log points
better: higher
material: "0.01"
Y
}

# Counties are people, years are months from January 2025 on, each county and year an item.
import_mpdta() {
    [ -f "${ASSAY_SHARED_DATA:-/nonexistent}/mpdta/data.csv" ] || {
        echo "# SKIPPED: no public data ($ASSAY_SHARED_DATA/mpdta)" >&3
        skip "no public data"
    }
    python3 - << 'P'
import csv, os
rows = list(csv.DictReader(open(os.environ["ASSAY_SHARED_DATA"] + "/mpdta/data.csv")))
month = lambda year: f"2025-{int(year) - 2002:02d}"
first = {r["countyreal"]: r["first.treat"] for r in rows}
with open("items.csv", "w") as items, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    for r in rows:
        item = f"{r['countyreal']}-{r['year']}"
        day = month(r["year"]) + "-10"
        print(f"{item},county.year,c{r['countyreal']},{day} 09:00:00,{day} 17:00:00,done", file=items)
        print(f"{item},employment,{day} 17:00:00,{r['lemp']}", file=measures)
    print("last,other.work,c1,2025-07-01 00:00:00,2025-07-02 00:00:00,done", file=items)
with open("waves.csv", "w") as waves:
    print("plan,unit_kind,unit,arm,since", file=waves)
    for county, year in first.items():
        print(f"wages,worker,c{county},{'ai' if year != '0' else 'no_ai'},{month(year) + '-01' if year != '0' else ''}", file=waves)
P
    imports_together items=items.csv measures=measures.csv assignments=waves.csv
    a_log_metric
    cat > w/plans/wages.yaml << 'Y'
plan: wages
use_case: county.year
design: {kind: staggered, unit: worker}
period: {from: 2025-01-01, to: 2025-05-31}
primary: {metric: employment, improve_by: "0.01"}
Y
}

# The panel of tests/oracle/staggered_strata.json: people of three roles whose work changes unlike, each
# with an item a month.
import_strata() {
    python3 - << 'P'
import json, os
case = json.load(open(os.environ["SOURCE"] + "/tests/oracle/staggered_strata.json"))["even"]
with open("items.csv", "w") as items, open("measures.csv", "w") as measures, open("waves.csv", "w") as waves:
    print("item_id,use_case,worker,role,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    print("plan,unit_kind,unit,arm,since", file=waves)
    for i, row in enumerate(case["y"]):
        for t, y in enumerate(row):
            day = f"2025-{t + 1:02d}-10"
            print(f"I{i}-{t},a.b,w{i},role{case['stratum'][i]},{day} 09:00:00,{day} 17:00:00,done", file=items)
            print(f"I{i}-{t},points,{day} 17:00:00,{y}", file=measures)
        starts = case["first"][i]
        for plan in ("within", "without"):
            print(f"{plan},worker,w{i},{'no_ai' if starts > 8 else 'ai'},{'' if starts > 8 else f'2025-{starts:02d}-01'}", file=waves)
    print("last,other.work,w1,role1,2025-10-01 00:00:00,2025-10-02 00:00:00,done", file=items)
P
    imports_together items=items.csv measures=measures.csv assignments=waves.csv
    printf 'metric: points\nlabel: Points\nkind: mean\nvalue: points\nunit: points\nbetter: higher\nmaterial: "0.1"\n' \
        > w/metrics/points.yaml
    for plan in within without; do
        strata=""
        [ "$plan" = without ] || strata=", strata: [role]"
        printf 'plan: %s\nuse_case: a.b\ndesign: {kind: staggered, unit: worker%s}\nperiod: {from: 2025-01-01, to: 2025-08-31}\nprimary: {metric: points, improve_by: "0.1"}\n' \
            "$plan" "$strata" > "w/plans/$plan.yaml"
    done
}

@test "units that were drawn within strata are compared within them, and would be wrong without" {
    import_strata
    compares within
    cp answer.json within.json
    [ "$(field comparison.strata.by)" = role ]
    [ "$(field comparison.strata.count)" = 3 ]
    compares without
    python3 - << 'P'
import json, os
case = json.load(open(os.environ["SOURCE"] + "/tests/oracle/staggered_strata.json"))["even"]
within = json.load(open("within.json"))["rows"][0]["comparison"]
without = json.load(open("answer.json"))["rows"][0]["comparison"]
wanted = case["within"]["overall"]
assert abs(within["effect"] - wanted["value"]) < 1e-9, within["effect"]
assert abs(within["df"] - wanted["df"]) < 1e-8, within["df"]
assert within["interval"][0] < case["effect"] < within["interval"][1]
assert abs(without["effect"] - case["ignoring"]["overall"]) < 1e-9
assert without["interval"][0] > case["effect"] + .3
assert within["events"]["unlike"] == 0
P
    run assay compare within
    says "within strata"
    says "within role (3)"
}

@test "mpdta as a plan gives the published effects, and what the definition gives with not-yet-treated controls" {
    import_mpdta
    compares wages
    [ "$(field comparison.design)" = staggered ]
    python3 - << 'P'
import csv, json, math, os
row = json.load(open("answer.json"))["rows"][0]
c = row["comparison"]
folder = os.environ["ASSAY_SHARED_DATA"] + "/mpdta/"
published = json.load(open(folder + "ANSWERS.json"))["answers"]["att"]
y, first = {}, {}
for r in csv.DictReader(open(folder + "data.csv")):
    y[r["countyreal"], int(r["year"])] = float(r["lemp"])
    first[r["countyreal"]] = int(r["first.treat"]) or 9999
def att(g, t):
    change = lambda i: y[i, t] - y[i, g - 1]
    treated = [change(i) for i in first if first[i] == g]
    others = [change(i) for i in first if first[i] > max(t, g - 1) and first[i] != g]
    return sum(treated) / len(treated) - sum(others) / len(others)
groups = [2004, 2006, 2007]
share = {g: sum(f == g for f in first.values()) for g in groups}
whole = sum(share.values())
overall = sum(share[g] / whole * sum(att(g, t) for t in range(g, 2008)) / (2008 - g) for g in groups)
assert abs(c["effect"] - overall) < 1e-9, (c["effect"], overall)
points = {p["at"]: p for p in c["events"]["points"]}
assert sorted(points) == [-4, -3, -2, 0, 1, 2, 3], sorted(points)
for e, point in points.items():
    here = [g for g in groups if 2003 <= g + e <= 2007]
    of_them = sum(share[g] for g in here)
    wanted = sum(share[g] / of_them * att(g, g + e) for g in here)
    assert abs(point["effect"] - wanted) < 1e-9, (e, point, wanted)
    assert point["band"][0] < point["interval"][0] < point["effect"] < point["interval"][1] < point["band"][1]
# In 2007 those not yet treated are those never treated, as in the published table.
assert abs(points[3]["effect"] - published["2004,2007"]) < 1e-9
assert round(points[3]["effect"], 4) == -0.1008
e = c["events"]
assert (e["units"], e["waves"], e["never"], e["always"], e["periods"]) == (500, 3, 309, 0, 5), e
P
}

@test "the same question prints the same answer" {
    import_mpdta
    compares wages
    cp answer.json first.json
    compares wages
    python3 - << 'P'
import json
first, second = (json.load(open(f)) for f in ("first.json", "answer.json"))
assert first["rows"] == second["rows"]
P
    run assay compare wages
    [ "$status" -eq 0 ]
    says "one after the other: staggered"
    says "500 people in 3 waves, by month"
    says "do not start"
}

# Twelve teams of eight people, from January to June 2025: four start in March, four in May, four
# never. The score rises by 6 from the start on, by 1 more each month; teams and months differ.
# rollout STARTS TREND: the starts of the three groups of teams, and by how much the score of those
# that start rises each month without it.
rollout() {
    STARTS="${1:-2025-03-01 2025-05-01 -}" TREND="${2:-0}" python3 - << 'P'
import os, random
draw = random.Random(11)
starts = os.environ["STARTS"].split()
trend = float(os.environ["TREND"])
with open("items.csv", "w") as items, open("measures.csv", "w") as measures, open("waves.csv", "w") as waves:
    print("item_id,use_case,worker,team,opened_at,started_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    print("plan,unit_kind,unit,arm,since", file=waves)
    n = 0
    for team in range(12):
        start = starts[team % 3]
        print(f"rollout,team,team{team},{'no_ai' if start == '-' else 'ai'},{'' if start == '-' else start}", file=waves)
        level = draw.gauss(50, 6)
        for month in range(1, 7):
            shock = draw.gauss(0, 0.7)
            since = month - int(start[5:7]) if start != "-" else -99
            for k in range(24 + team):
                n += 1
                day = f"2025-{month:02d}-{1 + k % 28:02d}"
                score = level + 2 * month + shock + draw.gauss(0, 3)
                score += (6 + since if since >= 0 else 0) + (trend * month if start != "-" else 0)
                minutes = max(1, int(draw.lognormvariate(5, 0.5) * (0.7 if since >= 0 else 1)))
                close = f"{day} {8 + minutes // 60:02d}:{minutes % 60:02d}:00" if minutes < 900 else f"{day} 23:59:00"
                print(f"T{n},support.billing,t{team}p{k % 8},team{team},{day} 08:00:00,{day} 08:00:00,{close},done", file=items)
                print(f"T{n},score,{day} 23:00:00,{score:.4f}", file=measures)
    print("last,other.work,t1p1,team1,2025-09-01 00:00:00,2025-09-01 00:00:00,2025-09-02 00:00:00,done", file=items)
P
    imports_together items=items.csv measures=measures.csv assignments=waves.csv
    a_score
    cat > w/plans/rollout.yaml << 'Y'
plan: rollout
use_case: support.billing
design: {kind: staggered, unit: team}
period: {from: 2025-01-01, to: 2025-06-30}
primary: {metric: score, improve_by: "1"}
Y
}

# Definitions by hand: y(team, month), the team's items before any start, and effects of group and month.
by_hand() {
    cat > by_hand.py << 'P'
import csv, json, math
from datetime import datetime
row = json.load(open("answer.json"))["rows"][0]
c = row["comparison"]
score = {r["item_id"]: float(r["value"]) for r in csv.DictReader(open("measures.csv"))}
first = {r["unit"]: int(r["since"][5:7]) if r["since"] else 99 for r in csv.DictReader(open("waves.csv"))}
values = {}
for r in csv.DictReader(open("items.csv")):
    if r["use_case"] == "support.billing":
        at = lambda k: datetime.fromisoformat(r[k])
        minutes = (at("closed_at") - at("started_at")).total_seconds() / 60
        values.setdefault((r["team"], int(r["opened_at"][5:7])), []).append((score[r["item_id"]], minutes))
mean = lambda i, t, k=0: sum(v[k] for v in values[i, t]) / len(values[i, t])
def weight(i):
    before = [len(v) for (j, t), v in values.items() if j == i and t < first[i]]
    return sum(before) / len(before)
def att(g, t, y, ahead=0):
    b = g - 1 - ahead
    change = lambda i: y(i, t) - y(i, b)
    average = lambda units: sum(weight(i) * change(i) for i in units) / sum(weight(i) for i in units)
    return average([i for i in first if first[i] == g]) - \
        average([i for i in first if first[i] > max(t, b) + ahead and first[i] != g])
def overall(y, last=6, ahead=0):
    groups = sorted({g for g in first.values() if g <= last})
    share = {g: sum(weight(i) for i in first if first[i] == g) for g in groups}
    return sum(share[g] * sum(att(g, t, y, ahead) for t in range(g, last + 1)) / (last + 1 - g) for g in groups) / sum(share.values())
P
}

@test "teams are weighted by their items before, and the effect that was planted is found" {
    rollout
    by_hand
    compares rollout
    [ "$(field verdict.word)" = better ]
    python3 - << 'P'
exec(open("by_hand.py").read())
wanted = overall(mean)
assert abs(c["effect"] - wanted) < 1e-9, (c["effect"], wanted)
truth = (sum(6 + k for k in range(4)) / 4 + sum(6 + k for k in range(2)) / 2) / 2
assert c["interval"][0] < truth < c["interval"][1], (c["interval"], truth)
e = c["events"]
assert (e["units"], e["waves"], e["never"]) == (12, 2, 4), e
assert [p["at"] for p in e["points"]] == [-4, -3, -2, 0, 1, 2, 3]
P
}

@test "times are means up to the horizon, their logarithms change, and slow months of data are left out" {
    rollout
    by_hand
    sed -i 's/score, improve_by: "1"/time_to_complete, improve_by: 10%/' w/plans/rollout.yaml
    echo 'horizon: 5h' >> w/plans/rollout.yaml
    compares rollout
    python3 - << 'P'
exec(open("by_hand.py").read())
for v in values.values():
    v[:] = [(s, min(m, 300)) for s, m in v]
wanted = math.expm1(overall(lambda i, t: math.log(mean(i, t, 1))))
assert abs(c["effect"] - wanted) < 1e-9, (c["effect"], wanted)
assert c["scale"] == "relative" and abs(c["horizon_days"] - 5 / 24) < 1e-9
assert c["interval"][0] < c["effect"] < c["interval"][1] < 0
P
    # A horizon beyond the data leaves nothing that was followed so far.
    sed -i 's/horizon: 5h/horizon: 400d/' w/plans/rollout.yaml
    has_no_answer rollout "no item of either arm has a value of the metric"
}

@test "a margin in percent makes the effect a share of what the treated were at before" {
    rollout
    by_hand
    sed -i 's/improve_by: "1"/improve_by: 5%/' w/plans/rollout.yaml
    compares rollout
    python3 - << 'P'
exec(open("by_hand.py").read())
units = [i for i in first if first[i] <= 6]
base = sum(weight(i) * mean(i, first[i] - 1) for i in units) / sum(weight(i) for i in units)
assert abs(c["effect"] - overall(mean) / base) < 1e-9, (c["effect"], overall(mean) / base)
assert c["scale"] == "relative"
P
}

@test "those who went their own way before the start block the verdict, unless the starts were drawn" {
    rollout "2025-04-01 2025-05-01 -" 2
    compares rollout
    [ "$(field verdict.word)" = unproven ]
    [ "$(field verdict.reason)" = check ]
    run assay compare rollout
    says "parted from the others before the start already"
    sed '1s/$/,probability/;2,$s/$/,0.5/;s/rollout/drawn/' waves.csv > drawn.csv
    sed 's/^plan: rollout/plan: drawn/' w/plans/rollout.yaml > w/plans/drawn.yaml
    imports assignments drawn.csv
    compares drawn
    [ "$(field verdict.reason)" != check ]
}

@test "what leaving AI out did is shown by waves that were drawn, and suggested by others" {
    rollout
    sed -i 's/better: higher/better: lower/' w/metrics/score.yaml
    sed '1s/$/,probability/;2,$s/$/,0.5/;s/rollout/drawn/' waves.csv > drawn.csv
    sed 's/^plan: rollout/plan: drawn/' w/plans/rollout.yaml > w/plans/drawn.yaml
    imports assignments drawn.csv
    compares rollout
    [ "$(field without_ai.basis)" = suggested ]
    run assay compare rollout
    says "this suggests it, and does not show it"
    compares drawn
    [ "$(field verdict.word)" = worse ]
    [ "$(field without_ai.basis)" = shown ]
    run assay compare drawn
    says_not "this suggests it"
}

# weeks_of FROM DAYS: four items a day of each team of starts.csv (team, moment; nothing for never), of
# eight people. The score is 50, and 60 from the day on with which its team starts.
weeks_of() {
    python3 - "$1" "$2" << 'P'
import csv, random, sys
from datetime import date, timedelta
draw = random.Random(3)
first, days = date.fromisoformat(sys.argv[1]), int(sys.argv[2])
starts = {team: since[:10] for team, since in csv.reader(open("starts.csv"))}
with open("items.csv", "w") as items, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,opened_at,started_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    n = 0
    for team, since in starts.items():
        for day in (str(first + timedelta(d)) for d in range(days)):
            for k in range(4):
                n += 1
                score = draw.gauss(60 if since and day >= since else 50, 1)
                print(f"T{n},support.billing,{team}p{n % 8},{team},{day} 08:00:00,{day} 08:00:00,{day} 09:00:00,done", file=items)
                print(f"T{n},score,{day} 09:00:00,{score:.4f}", file=measures)
    print(f"last,other.work,t1p1,t1,{first + timedelta(days + 5)} 00:00:00,,,open", file=items)
P
    imports_together items=items.csv measures=measures.csv
}

# a_weekly_plan NAME FROM TO
a_weekly_plan() {
    printf '%s\n' "plan: $1" 'use_case: support.billing' \
        'design: {kind: staggered, unit: team, every: week}' "period: {from: $2, to: $3}" \
        'primary: {metric: score, improve_by: "1"}' > "w/plans/$1.yaml"
}

finds_ten() {
    compares "$@"
    python3 - << 'P'
import json
c = json.load(open("answer.json"))["rows"][0]["comparison"]
at_start = [p["effect"] for p in c["events"]["points"] if p["at"] == 0][0]
assert abs(c["effect"] - 10) < 0.5 and abs(at_start - 10) < 0.5, (c["effect"], c["interval"], at_start)
P
}

# A plan of ten weeks from a Wednesday on, locked and drawn.
drawn_from_a_wednesday() {
    from="$(date -d 'last wednesday' +%F)"
    a_score
    echo 'measures: [score]' >> w/metrics/score.yaml
    a_weekly_plan drawn "$from" "$(date -d "$from +69 days" +%F)"
    assay plan lock drawn
    # shellcheck disable=SC2046
    assay assign drawn $(seq -f t%g 1 24) > drawn.log
}

# Work of those weeks with an effect of 10 from each team's wave on: the answer has it, of all items.
the_draw_finds_ten() {
    stored "select unit || ',' || since from assignment" > starts.csv
    weeks_of "$from" 70
    finds_ten drawn --early
    [ "$(field comparison.excluded.washout)" = 0 ]
}

@test "waves that assay draws of a period from a Wednesday on give the effect that was planted" {
    drawn_from_a_wednesday
    # On first days of a week only, and a whole one is before the first.
    [ "$(stored "select distinct dayname(since) from assignment")" = Monday ]
    [ "$(stored "select min(since) >= date '$from' + 12 from assignment")" = true ]
    the_draw_finds_ten
}

@test "weeks begin on Sundays where week_starts says so, in draws and in the answer" {
    sed -i "s/week_starts: monday/week_starts: sunday/" w/assay.yaml
    drawn_from_a_wednesday
    [ "$(stored "select distinct dayname(since) from assignment")" = Sunday ]
    the_draw_finds_ten
}

@test "what a team did in the week within which it started is left out, and counted" {
    # 2025-01-01 was a Wednesday; so are these starts, but the last: a Monday, at noon.
    for i in $(seq 1 24); do
        case $((i % 4)) in
        0) echo "t$i," ;;
        1) echo "t$i,2025-02-12" ;;
        2) echo "t$i,2025-03-05" ;;
        3) echo "t$i,2025-02-24 07:00:00" ;;
        esac
    done > starts.csv
    weeks_of 2025-01-01 92
    a_score
    a_weekly_plan rollout 2025-01-01 2025-04-02
    {
        echo plan,unit_kind,unit,arm,since
        sed 's/\(.*\),$/rollout,team,\1,no_ai,/;t;s/\(.*\),\(.*\)/rollout,team,\1,ai,\2/' starts.csv
    } > waves.csv
    imports assignments waves.csv
    finds_ten rollout
    # 12 teams, seven days of four items.
    [ "$(field comparison.excluded.washout)" = 336 ]
    run assay compare rollout
    says "336 of units that started within the same period"
    sed -i 's/every: week/every: month/' w/plans/rollout.yaml
    compares rollout
    python3 -c 'import json
effect = json.load(open("answer.json"))["rows"][0]["comparison"]["effect"]
assert abs(effect - 10) < 0.5, effect'
}

@test "anticipation moves the base back, and periods may be weeks" {
    rollout "2025-04-01 2025-05-01 -"
    by_hand
    sed -i 's/unit: team}/unit: team, anticipation: 30d}/' w/plans/rollout.yaml
    compares rollout
    [ "$(field comparison.events.anticipation)" = 1 ]
    python3 - << 'P'
exec(open("by_hand.py").read())
# Weights come from before anybody could act on it.
def weight(i):
    before = [len(v) for (j, t), v in values.items() if j == i and t < first[i] - 1]
    return sum(before) / len(before)
assert abs(c["effect"] - overall(mean, ahead=1)) < 1e-9, (c["effect"], overall(mean, ahead=1))
assert min(p["at"] for p in c["events"]["points"]) == -4
assert -2 not in [p["at"] for p in c["events"]["points"]]
P
    sed -i 's/anticipation: 30d/every: week/' w/plans/rollout.yaml
    compares rollout
    [ "$(field comparison.events.every)" = week ]
    [ "$(field comparison.events.periods)" = 26 ]
}

@test "everyone treated at once: who has nobody to be compared with is told so" {
    rollout "2025-03-01 2025-03-01 2025-03-15"
    has_no_answer rollout "every team starts in the same month and none stays without"
}

@test "without a team that never starts those that start later serve, as long as they can" {
    rollout "2025-03-01 2025-03-01 2025-05-01"
    compares rollout
    [ "$(field comparison.events.never)" = 0 ]
    python3 -c 'import json
points = json.load(open("answer.json"))["rows"][0]["comparison"]["events"]["points"]
assert max(p["at"] for p in points) == 1, points'
}

@test "a start before the period, one that was taken back, and none at all have no answer" {
    rollout "2024-11-01 2024-12-01 2024-12-01"
    has_no_answer rollout "every team has it from the first month of the plan's period on"
    sed 's/^plan: rollout/plan: other/' w/plans/rollout.yaml > w/plans/other.yaml
    has_no_answer other "nothing says from when on each team has it"
    printf '%s\n' plan,unit_kind,unit,arm,since,until other,team,team1,ai,2025-02-01,2025-04-01 \
        other,team,team2,no_ai,, > back.csv
    imports assignments back.csv
    has_no_answer other "had it taken away"
    sed 's/^plan: rollout/plan: later/' w/plans/rollout.yaml > w/plans/later.yaml
    printf '%s\n' plan,unit_kind,unit,arm,since later,team,team1,ai,2026-02-01 later,team,team2,no_ai, > later.csv
    imports assignments later.csv
    has_no_answer later "no team with items starts within the plan's period"
    sed 's/^plan: rollout/plan: all_in_one/' w/plans/rollout.yaml > w/plans/all_in_one.yaml
    printf '%s\n' plan,unit_kind,unit,arm all_in_one,team,team1,no_ai all_in_one,team,team2,no_ai > one.csv
    imports assignments one.csv
    has_no_answer all_in_one "assigned nothing to its arm ai"
}

@test "few units are said, and a start of one team alone has no average" {
    rollout
    printf '%s\n' plan,unit_kind,unit,arm,since few,team,team0,ai,2025-03-01 few,team,team1,ai,2025-03-01 \
        few,team,team2,no_ai, few,team,team3,no_ai, > few.csv
    imports assignments few.csv
    sed 's/^plan: rollout/plan: few/' w/plans/rollout.yaml > w/plans/few.yaml
    run assay compare few
    [ "$status" -eq 0 ]
    says "under 10 people or teams carry the comparison"
    printf '%s\n' plan,unit_kind,unit,arm,since lone,team,team0,ai,2025-03-01 lone,team,team1,ai,2025-04-01 \
        lone,team,team2,no_ai, lone,team,team3,no_ai, > lone.csv
    imports assignments lone.csv
    sed 's/^plan: rollout/plan: lone/' w/plans/rollout.yaml > w/plans/lone.yaml
    has_no_answer lone "is of one team or person alone"
}

@test "seats are the starts of people where the plan assigned none" {
    rollout "2025-03-01 2025-03-01 -"
    python3 - << 'P'
with open("seats.csv", "w") as seats:
    print("worker,tool,since", file=seats)
    for team in range(12):
        if team % 3 != 2:
            for p in range(8):
                print(f"t{team}p{p},aid,2025-03-01", file=seats)
P
    imports seats seats.csv
    sed 's/^plan: rollout/plan: seats/;s/unit: team/unit: worker/' w/plans/rollout.yaml > w/plans/seats.yaml
    compares seats
    [ "$(field comparison.arms_from)" = seat ]
    [ "$(field comparison.events.units)" = 96 ]
    [ "$(field comparison.events.never)" = 32 ]
    sed -i 's/unit: worker/unit: team/' w/plans/seats.yaml
    has_no_answer seats "nothing says from when on each team has it"
}

@test "a quantile, and covariates, have no place in a staggered plan" {
    rollout
    printf '%s\n' 'metric: p90' 'label: P90' 'kind: quantile' 'quantile: 0.9' 'value: score' 'unit: points' \
        'better: higher' 'material: 10%' > w/metrics/p90.yaml
    sed -i 's/score, improve_by: "1"/p90, improve_by: 10%/' w/plans/rollout.yaml
    run assay compare rollout
    [ "$status" -eq 2 ]
    says "a quantile of each unit and period has no honest change"
    sed -i 's/p90/score/' w/plans/rollout.yaml
    echo 'adjust_for: [size]' >> w/plans/rollout.yaml
    run assay plan check rollout
    [ "$status" -eq 2 ]
    says "leave adjust_for out"
    sed -i 's/adjust_for: .*/adjust_for: [earlier]/' w/plans/rollout.yaml
    run assay plan check rollout
    [ "$status" -eq 2 ]
    says "rollout.yaml:$(grep -n adjust_for w/plans/rollout.yaml | cut -d: -f1):14: "
    says "leave adjust_for out"
}

# Waves of few and of many people, drawn anew for each number; who is behind what, from the files.
small_waves() {
    python3 - "$1" << 'P'
import random, sys
draw = random.Random(int(sys.argv[1]))
sizes = [draw.choice([5, 20, 25]), draw.choice([18, 20]), draw.choice([5, 16, 20, 20])]
starts = ["2025-03-01", "2025-04-01", ""]
with open("items.csv", "w") as items, open("measures.csv", "w") as measures, open("waves.csv", "w") as waves:
    print("item_id,use_case,worker,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    print("plan,unit_kind,unit,arm,since", file=waves)
    n = 0
    for wave in range(3):
        for p in range(sizes[wave]):
            print(f"rollout,worker,w{wave}p{p},{'ai' if starts[wave] else 'no_ai'},{starts[wave]}", file=waves)
            for month in range(1, 6):
                if draw.random() < 0.1:
                    continue
                for k in range(3):
                    n += 1
                    day = f"2025-{month:02d}-{1 + k * 7:02d}"
                    print(f"T{n},support.billing,w{wave}p{p},{day} 08:00:00,{day} 17:00:00,done", file=items)
                    print(f"T{n},score,{day} 17:00:00,{draw.gauss(50, 5):.3f}", file=measures)
    print("last,other.work,w1p1,2025-09-01 00:00:00,2025-09-02 00:00:00,done", file=items)
P
    imports_together items=items.csv measures=measures.csv assignments=waves.csv
}

@test "no wave of few people, nor what it is compared with, is shown by time or can be had by subtraction" {
    a_score
    shown=0
    hidden=0
    for seed in 1 2 3 4 5; do
        rm -rf w
        new_workspace w
        a_score
        printf '%s\n' 'plan: rollout' 'use_case: support.billing' 'design: {kind: staggered, unit: worker}' \
            'period: {from: 2025-01-01, to: 2025-05-31}' 'primary: {metric: score, improve_by: "1"}' > w/plans/rollout.yaml
        small_waves $seed
        "$ASSAY" compare --workspace w rollout --format json > answer.json || true
        python3 - << 'P' > said
import csv, json
row = json.load(open("answer.json"))["rows"][0]
c = row["comparison"]
first = {r["unit"]: int(r["since"][5:7]) if r["since"] else 99 for r in csv.DictReader(open("waves.csv"))}
seen = {}
for r in csv.DictReader(open("items.csv")):
    if r["use_case"] == "support.billing":
        seen.setdefault(int(r["opened_at"][5:7]), set()).add(r["worker"])
groups = sorted({g for g in first.values() if g < 99})
fewest = 99
for people in seen.values():
    for g in groups:
        for behind in ({w for w in people if first[w] == g}, {w for w in people if first[w] > g}):
            fewest = min(fewest, len(behind) or 99)
everybody = set().union(*seen.values())
treated = {w for w in everybody if first[w] < 99}
others = {w for w in everybody if first[w] > groups[0]}
text = json.dumps(c)
if len(treated) < 8 or len(others) < 8:
    assert c["effect"] is None and c.get("withheld"), c
    assert row["checks"] == [] and row["verdict"]["word"] == "withheld"
else:
    assert c["effect"] is not None, c
    assert (c["events"]["points"] is None) == (fewest < 8), (fewest, c["events"])
    for key in ("never", "with_gaps", "always"):
        count = c["events"][key]
        assert count is None or count == 0 or count >= 8, (key, c["events"])
print("hidden" if fewest < 8 else "shown")
P
        cat said
        [ "$(cat said)" = hidden ] && hidden=$((hidden + 1)) || shown=$((shown + 1))
    done
    [ "$hidden" -gt 0 ]
    [ "$shown" -gt 0 ]
}

@test "what grows with the period is not looked at at any time" {
    rollout
    printf '%s\n' 'looks: anytime' 'items: 2000' >> w/plans/rollout.yaml
    run assay compare rollout
    [ "$status" -eq 2 ]
    says "what is estimated grows with the period here"
}
