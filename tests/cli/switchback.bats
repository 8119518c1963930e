#!/usr/bin/env bats
# Plans of teams that take turns: against least squares with dummies in R.

load import_helpers.bash

# the_plan BETTER PERIOD: of turns of a week, on the score
the_plan() {
    printf 'metric: score\nlabel: The score\nkind: mean\nvalue: score\nunit: points\nbetter: %s\nmaterial: 0.2\n' \
        "$1" > w/metrics/score.yaml
    cat > w/plans/turns.yaml << Y
plan: turns
use_case: a.b
design: {kind: switchback, unit: team, block: 1w, washout: 1d}
period: $2
primary: {metric: score, improve_by: 0.2}
Y
}

# the_turns CARRIED: the rows of tests/oracle/switchback.json; with 1, the arm of the block before
# adds 2.
the_turns() {
    python3 - "$1" << 'P'
import json, os, sys
from datetime import datetime, timedelta
data = json.load(open(os.environ["SOURCE"] + "/tests/oracle/switchback.json"))
rows, arms = data["rows"], data["arms"]
first = datetime(2026, 7, 1)
with open("items.csv", "w") as items, open("turns.csv", "w") as turns, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,opened_at,closed_at,state", file=items)
    print("plan,unit_kind,unit,arm,since,until,probability", file=turns)
    print("item_id,name,occurred_at,value", file=measures)
    for t in range(6):
        for w in range(10):
            since = first + timedelta(weeks=w)
            print(f"turns,team,team{t + 1},{['no_ai', 'ai'][arms[t][w]]},{since},{since + timedelta(weeks=1)},0.5", file=turns)
    for i in range(len(rows["y"])):
        t, w = rows["team"][i], rows["week"][i]
        at = first + timedelta(weeks=w - 1, days=rows["day"][i], hours=9)
        y = rows["y"][i] + (2 * arms[t - 1][w - 2] if sys.argv[1] == "1" and w > 1 else 0)
        print(f"T{i},a.b,w{rows['worker'][i]},team{t},{at},{at},done", file=items)
        print(f"T{i},score,{at},{y:.4f}", file=measures)
    print("T9999,other.work,w1,team1,2026-11-01,2026-11-02,done", file=items)
P
    imports_together items=items.csv assignments=turns.csv measures=measures.csv
    the_plan higher 2026Q3
}

answer() {
    run assay compare turns "$@" --format json
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
    printf '%s\n' "$output" > answer.json
    python3 -c 'import json, jsonschema, sys
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))' \
        "$SOURCE/docs/report.schema.json" answer.json
}

# agrees CASE ERRORS: effect, counts, interval and what carries over, of answer.json. ERRORS: cr1,
# or shown: CR2 made wider, as it is without a flag
agrees() {
    python3 - "$1" "$2" << 'P'
import json, math, os, sys
data = json.load(open(os.environ["SOURCE"] + "/tests/oracle/switchback.json"))
want = data[sys.argv[1]]
row = json.load(open("answer.json"))["rows"][0]
got = row["comparison"]
assert got["design"] == "switchback" and got["errors_by"] == "block", got
assert abs(got["effect"] / want["effect"] - 1) < 1e-8, (got["effect"], want)
assert sum(a["items"] for a in got["arms"]) == want["items"]
assert got["excluded"]["washout"] == sum(d == 0 for d in data["rows"]["day"])
assert got["clusters"] == want["blocks"]
sys.path.insert(0, os.environ["SOURCE"] + "/examples")
from replicate import student_quantile
low, high = got["interval"]
near = lambda x, y: abs(x - y) < 1e-8 * max(1, abs(y))
if sys.argv[2] == "cr1": # t with one degree of freedom less than blocks
    half = student_quantile(want["blocks"] - 1, 0.975) * want["CR1"]
    assert near(got["df"], want["blocks"] - 1)
else: # as shown
    half = (want["interval"][1] - want["interval"][0]) / 2
    assert near(got["df"], want["df"]) and near(got["p"], want["p"]), (got["p"], want)
assert near(low, want["effect"] - half) and near(high, want["effect"] + half), (low, high, want)
check = next(c for c in row["checks"] if c["check"] == "carry_over")
assert abs(check["p"] / want["carry_over_p"] - 1) < 1e-8, (check, want)
print(check["state"])
P
}

refused() {
    run assay compare turns
    [ "$status" -eq 1 ] || { echo "exit $status: $output"; false; }
    says "$1"
}

@test "teams in turn have the effect and errors of R, with items of the washout left out" {
    the_turns 0
    answer --errors cr1
    run agrees answer cr1
    [ "$output" = passed ] || { echo "$output"; false; }
    answer
    run agrees answer shown
    [ "$output" = passed ] || { echo "$output"; false; }
    run assay compare turns
    says "teams in turn: randomised"
    says "within team and period (16)"
    says "errors cr2 by block"
    says "in a washout"
}

@test "what carries over from the block before blocks the verdict" {
    the_turns 1
    answer --errors cr1
    run agrees carried cr1
    [ "$output" = failed ] || { echo "$output"; false; }
    answer
    run agrees carried shown
    [ "$output" = failed ] || { echo "$output"; false; }
    run assay compare turns
    says "the washout was too short"
    says "unproven"
}

@test "times of teams in turn are compared within teams" {
    the_turns 0
    sed -i 's/metric: score, improve_by: 0.2/metric: cycle_time, improve_by: 10%/' w/plans/turns.yaml
    awk -F, 'NR == 1 { print $0 ",updated_at"; next }
        { split($5, at, " "); printf "%s,%s,%s,%s,%s,%s 1%d:%02d:00,%s,2027-01-01\n", $1, $2, $3, $4, $5, at[1], NR % 5, NR % 60, $7 }' items.csv > later.csv
    sed -i '/T9999/d' later.csv
    imports items later.csv
    answer
    python3 -c 'import json
got = json.load(open("answer.json"))["rows"][0]["comparison"]
assert got["strata"] == {"by": "team", "count": 6, "as": "cells"} and got["errors_by"] == "block", got'
    # Nobody takes a question that was not asked for one that was answered.
    python3 -c 'import json
row = json.load(open("answer.json"))["rows"][0]
check = next(c for c in row["checks"] if c["check"] == "carry_over")
assert check["state"] == "noted" and check["p"] is None, check
assert row["verdict"]["reason"] != "check", row["verdict"]'
    run assay compare turns
    says "whether the arm of the block before still acts could not be checked"
    run assay methods turns --format markdown
    says "is checked for means and proportions only"
}

@test "blocks that change arms each time tell of no block before, and it is said" {
    the_turns 0
    sed 's/^turns/others/' turns.csv | awk -F, 'BEGIN { OFS = "," } NR > 1 { split($5, d, /[- ]/)
        $4 = (int((mktime(d[1] " " d[2] " " d[3] " 0 0 0") - mktime("2026 07 01 0 0 0")) / 604800 + 0.5) % 2) ? "ai" : "no_ai" } 1' > together.csv
    sed -i '1s/others/plan/' together.csv
    imports assignments together.csv
    sed 's/^plan: turns/plan: others/' w/plans/turns.yaml > w/plans/others.yaml
    run assay compare others
    [ "$status" -eq 0 ] || { echo "$output"; false; }
    says "these blocks do not tell it apart from their own arm"
}

# Of one's own data: else it would be said first that few people had those blocks.
@test "blocks that cannot tell are refused" {
    rm -rf w
    assay init w --own-data --timezone UTC > init.txt
    the_turns 0
    cp w/plans/turns.yaml plan
    echo 'scope: {teams: [team1]}' >> w/plans/turns.yaml
    refused "all blocks are of one team"
    cp plan w/plans/turns.yaml
    sed -i 's/^period.*/period: {from: 2026-07-01, to: 2026-07-08}/' w/plans/turns.yaml
    refused "has one block with items: by how much blocks differ"
    cp plan w/plans/turns.yaml
    sed -i 's/^plan: turns/plan: others/' w/plans/turns.yaml
    mv w/plans/turns.yaml w/plans/others.yaml
    printf 'plan,unit_kind,unit,arm,since,until,probability\n' > once.csv
    for t in 1 2 3 4 5 6; do
        printf 'others,team,team%d,%s,2026-07-01,2026-10-01,0.5\n' $t "$([ $t -gt 3 ] && echo ai || echo no_ai)" >> once.csv
    done
    imports assignments once.csv
    run assay compare others
    [ "$status" -eq 1 ]
    says "no team was assigned more than one block"
}

@test "where all teams switch together there are no effects of weeks" {
    the_turns 0
    sed 's/^turns/others/' turns.csv | awk -F, 'BEGIN { OFS = "," } NR > 1 { split($5, d, /[- ]/); split("2026-07-01", f, "-")
        $4 = (int((mktime(d[1] " " d[2] " " d[3] " 0 0 0") - mktime("2026 07 01 0 0 0")) / 604800 + 0.5) % 2) ? "ai" : "no_ai" } 1' > together.csv
    sed -i '1s/others/plan/' together.csv
    imports assignments together.csv
    sed 's/^plan: turns/plan: others/' w/plans/turns.yaml > w/plans/others.yaml
    run assay compare others --format json
    [ "$status" -eq 0 ] || { echo "$output"; false; }
    printf '%s\n' "$output" > answer.json
    python3 -c 'import json
got = json.load(open("answer.json"))["rows"][0]["comparison"]
assert got["strata"] == {"by": "team", "count": 6, "as": "dummies"}, got'
}

@test "turns of few people are withheld, and so is a washout of few" {
    the_turns 0
    cp w/plans/turns.yaml plan
    echo 'scope: {teams: [team1, team2]}' >> w/plans/turns.yaml
    run assay compare turns --format json
    printf '%s\n' "$output" > answer.json
    python3 -c 'import json
row = json.load(open("answer.json"))["rows"][0]
assert row["comparison"]["effect"] is None and "arms" not in row["comparison"], row
assert row["checks"] == [] and row["verdict"]["word"] == "withheld", row'
    cp plan w/plans/turns.yaml
    # All but three people's items of the washout go elsewhere.
    awk -F, 'NR == 1 { print $0 ",updated_at"; next }
        { split($5, at, " "); split(at[1], d, "-"); days = (mktime(d[1] " " d[2] " " d[3] " 0 0 0") - mktime("2026 07 01 0 0 0")) / 86400
          n = substr($3, 2) + 0; out = (int(days + 0.5) % 7 == 0 && n > 3) ? "other.work" : $2
          printf "%s,%s,%s,%s,%s,%s,%s,2027-01-01\n", $1, out, $3, $4, $5, $6, $7 }' items.csv > moved.csv
    imports items moved.csv
    # The change beside it is of all items, and would tell of the few that were left out.
    run assay compare turns --format json
    [ "$status" -eq 0 ]
    printf '%s\n' "$output" > answer.json
    python3 -c 'import json
row = json.load(open("answer.json"))["rows"][0]
assert row["comparison"]["effect"] is not None and row["verdict"]["word"] != "withheld", row
assert row["comparison"]["excluded"]["washout"] is None, row
assert not row["change"].get("word") and row["items"] is None, row["change"]'
}

@test "periods begin at the workspace's midnights, also after clocks have changed" {
    rm -rf w
    assay init w --timezone Europe/Berlin > init.txt
    # All teams switch each Monday, through the end of summer time on 25 October. What is done in the
    # last hour before midnight is harder.
    python3 - << 'P'
import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo
draw, berlin, utc = random.Random(5), ZoneInfo("Europe/Berlin"), timezone.utc
stamp = lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ")
first, rows = datetime(2026, 9, 28), []
with open("items.csv", "w") as items, open("turns.csv", "w") as turns, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,opened_at,closed_at,state", file=items)
    print("plan,unit_kind,unit,arm,since,until,probability", file=turns)
    print("item_id,name,occurred_at,value", file=measures)
    for team in range(8):
        for week in range(8):
            since, arm = first + timedelta(weeks=week), week % 2
            print(f"turns,team,team{team},{['no_ai', 'ai'][arm]},{since.date()},{since.date() + timedelta(7)},0.5", file=turns)
            for i in range(30):
                local = since + timedelta(minutes=draw.randrange(7 * 1440) if i else 7 * 1440 - 20)
                at = local.replace(tzinfo=berlin).astimezone(utc)
                name = f"{team}-{week}-{i}"
                score = 10 + team - arm + 3 * (local.hour == 23) + draw.gauss(0, 1)
                print(f"{name},a.b,w{team}-{i % 4},team{team},{stamp(at)},{stamp(at + timedelta(hours=1))},done", file=items)
                print(f"{name},score,{stamp(at)},{score:.4f}", file=measures)
                if local >= since + timedelta(days=1):
                    rows.append((team, arm, float(f"{score:.4f}")))
    print("last,other.work,w1,team1,2026-11-26T00:00:00Z,2026-11-27T00:00:00Z,done", file=items)
share = lambda team: (lambda arms: sum(arms) / len(arms))([a for t, a, _ in rows if t == team])
shares = {team: share(team) for team in range(8)}
print(sum((a - shares[t]) * y for t, a, y in rows) / sum((a - shares[t]) ** 2 for t, a, _ in rows), file=open("wanted", "w"))
P
    imports_together items=items.csv assignments=turns.csv measures=measures.csv
    the_plan lower "{from: 2026-09-28, to: 2026-11-22}"
    answer
    python3 - << 'P'
import json
c = json.load(open("answer.json"))["rows"][0]["comparison"]
wanted = float(open("wanted").read())
assert abs(c["effect"] - wanted) < 1e-8, (c["effect"], wanted)
P
    run assay compare turns
    says "within team (8)"
}
