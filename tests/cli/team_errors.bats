#!/usr/bin/env bats
# Plans with cluster: team: the effect of what was assigned, or found, with errors by team. The numbers are
# those of R (tests/oracle/team_errors.R).

load import_helpers.bash
load plan_helpers.bash

# oracle_items [--own-data]: assigned by worker and by item, a call of one of two tools
oracle_items() {
    rm -rf w
    "$ASSAY" init w ${1:+"$1"} > /dev/null
    python3 - "$SOURCE/tests/oracle/team_errors.csv" << 'P'
import csv, datetime, sys
files = {name: open(name + ".csv", "w") for name in ("items", "measures", "trial", "usage")}
write = lambda name, *cells: print(*cells, sep=",", file=files[name])
write("items", *"item_id,use_case,worker,team,size,opened_at,closed_at,state,kind".split(","))
write("measures", *"item_id,name,occurred_at,value".split(","))
write("trial", *"plan,unit_kind,unit,arm,probability".split(","))
write("usage", *"usage_id,occurred_at,worker,team,tool,item_id,status".split(","))
arms = {}
teams = set()
for n, row in enumerate(csv.DictReader(open(sys.argv[1]))):
    start = datetime.datetime(2026, 7, 1, 8) + datetime.timedelta(days=n % 90)
    end = start + datetime.timedelta(hours=2 + n % 9)
    write("items", f"T{n}", "support.billing", row["worker"], row["team"], row["size"], start, end, "done", row["kind"])
    write("measures", f"T{n}", "score", end, row["score"])
    arms[row["worker"]] = row["worker_arm"]
    teams.add(row["team"])
    write("trial", "by_item", "item", f"T{n}", "ai" if row["item_arm"] == "1" else "no_ai", 0.5)
    # In the arm of 1 the tool a, else b.
    write("usage", f"u{n}", start, row["worker"], row["team"], "ab"[row["item_arm"] == "0"], f"T{n}", "ok")
for worker, arm in arms.items():
    write("trial", "by_worker", "worker", worker, "ai" if arm == "1" else "no_ai", 0.5)
write("items", "last", "other", "nobody", "desk", 1, "2026-11-01 08:00:00", "2026-11-01 09:00:00", "done", "easy")
P
    imports items items.csv --map attr.kind=kind
    imports measures measures.csv
    imports assignments trial.csv
    imports usage usage.csv
    a_score
}

# a_plan NAME DESIGN [LINE...]
a_plan() {
    {
        printf 'plan: %s\nuse_case: support.billing\ndesign: {%s}\n' "$1" "$2"
        printf '%s\n' "period: {from: 2026-07-01, to: 2026-09-30}" "primary: {metric: score, improve_by: 1}" "${@:3}"
    } > "w/plans/$1.yaml"
}

# as_oracle KEY: answer.json is what R says
as_oracle() {
    python3 - "$SOURCE/tests/oracle/team_errors.json" "$1" << 'P'
import json, math, os, sys
sys.path.insert(0, os.environ["SOURCE"] + "/examples")
from replicate import student_quantile
want = json.load(open(sys.argv[1]))[sys.argv[2]]
[row] = json.load(open("answer.json"))["rows"]
got = row["comparison"]
near = lambda a, b: math.isclose(a, b, rel_tol=1e-8)
half = (got["interval"][1] - got["interval"][0]) / 2
assert near(got["effect"], want["effect"]), (got["effect"], want)
assert near(half / student_quantile(got["df"], 0.975), want["error"]), (half, got["df"], want)
for key in "df", "p":
    assert key not in want or near(got[key], want[key]), (key, got[key], want)
assert got["clusters"] == want["clusters"] and got["errors_by"] == "team", got["clusters"]
assert got["excluded"]["no_team"] == 3, got["excluded"]
# People are counted as people.
assert min(arm["workers"] for arm in got["arms"]) > want["clusters"], got["arms"]
P
}

@test "errors by team are R's, of what was drawn by person or by item" {
    oracle_items --own-data
    a_plan by_worker "kind: randomised, unit: worker" "cluster: team"
    compares by_worker
    as_oracle worker
    a_plan by_item "kind: randomised, unit: item" "cluster: team"
    compares by_item
    as_oracle item
    a_plan by_item "kind: randomised, unit: item" "cluster: team" "adjust_for: [ln(size)]"
    compares by_item
    as_oracle adjusted
    # Without it people are the clusters, and items without a team take part.
    a_plan by_item "kind: randomised, unit: item"
    compares by_item
    run as_oracle item
    [ "$status" -ne 0 ]
    [ "$(field comparison.errors_by)" = worker ]
}

@test "errors by team are R's, of arms as found" {
    oracle_items --own-data
    a_plan found "kind: like_with_like, cells: [attr('kind')]" "arms: [tool=b, tool=a]" "cluster: team"
    compares found
    as_oracle found
}

@test "the methods section names the cluster, and more teams are asked for, not more items" {
    oracle_items
    a_plan by_worker "kind: randomised, unit: worker" "cluster: team"
    sed -i 's/improve_by: 1/improve_by: 5/' w/plans/by_worker.yaml
    compares by_worker
    [ "$(field verdict.items_needed)" = None ]
    run assay methods by_worker --format markdown
    says "Clusters are teams"
    says "cr2, by team"
    a_plan later "kind: randomised, unit: worker" "cluster: team"
    sed -i 's/^period.*/period: 2026Q4/' w/plans/later.yaml
    run assay plan power later
    says "cluster: team is not reckoned with"
    sed -i 's/improve_by: 5/improve_by: 0.1/' w/plans/by_worker.yaml
    compares by_worker
    case "$(field verdict.needed_reason)" in
    *teams*) ;;
    *) field verdict && false ;;
    esac
}

@test "of few teams the interval is said to be too narrow, and groups are of people still" {
    oracle_items
    a_plan by_item "kind: randomised, unit: item" "cluster: team" "scope: {teams: [team01, team02, team03, team04, team05]}"
    compares by_item
    python3 - << 'P'
import json
[row] = json.load(open("answer.json"))["rows"]
# Five teams of 20 people are shown: who is behind a number are people.
assert row["comparison"]["clusters"] == 5 and row["comparison"]["effect"] is not None
[few] = [check for check in row["checks"] if check["check"] == "few_clusters"]
assert few["state"] == "noted", few
P
    # Three people's items without a team are left out, and not counted for anybody to see.
    a_plan by_item "kind: randomised, unit: item" "cluster: team"
    compares by_item
    [ "$(field comparison.excluded.no_team)" = None ]
    [ "$(field comparison.clusters)" = 14 ]
}

@test "each kind of metric, each way of adjusting and an offer have errors by team" {
    oracle_items --own-data
    cat > w/metrics/high.yaml << 'Y'
metric: high
label: Share of high scores
kind: proportion
value: score > 2
better: higher
material: 2pp
Y
    cat > w/metrics/middle.yaml << 'Y'
metric: middle
label: Median score
kind: quantile
quantile: 0.5
value: score + 20
unit: points
better: higher
material: 10%
Y
    cat > w/metrics/per_size.yaml << 'Y'
metric: per_size
label: Score per size
kind: ratio
numerator: score + 20
denominator: size
unit: points
better: higher
material: 10%
Y
    for metric in high middle per_size cycle_time; do
        for design in "kind: randomised, unit: item" "kind: randomised, unit: worker" \
            "kind: randomised, unit: item, strata: [attr('kind')]" "kind: encouragement, unit: item" \
            "kind: like_with_like, cells: [attr('kind')]"; do
            plan=by_item
            arms="arms: [no_ai, ai]"
            [[ "$design" != *worker* ]] || plan=by_worker
            [[ "$design" != *like* ]] || arms="arms: [tool=b, tool=a]"
            a_plan "$plan" "$design" "$arms" "cluster: team"
            [[ "$design" != *like* || "$metric" != cycle_time ]] || sed -i 's/cells:/landmark: 1h, &/' "w/plans/$plan.yaml"
            amount=10%
            [ "$metric" != high ] || amount=2pp
            sed -i "s/metric: score, improve_by: 1/metric: $metric, improve_by: $amount/" "w/plans/$plan.yaml"
            run assay compare "$plan" --format json
            [ "$status" -le 1 ] || { echo "$metric, $design: exit $status: $output"; false; }
            printf '%s\n' "$output" > answer.json
            python3 - "$metric" "$design" << 'P'
import json, sys
[row] = json.load(open("answer.json"))["rows"]
got = row["comparison"]
assert got["effect"] is not None, (sys.argv, got)
assert got["clusters"] == 14 and got["errors_by"] == "team", (sys.argv, got["clusters"], got["errors_by"])
P
        done
    done
}

@test "designs that know no teams but those that were assigned refuse the key by name" {
    oracle_items
    a_plan waves "kind: staggered, unit: worker" "cluster: team"
    run assay plan check waves
    [ "$status" -eq 2 ]
    says "plans/waves.yaml:6:10: cluster: errors of the design staggered are by person here, not by team; leave cluster out"
    a_plan day "kind: before_after, date: 2026-08-01" "cluster: team"
    run assay plan check day
    [ "$status" -eq 2 ]
    says "errors of the design before_after are by person here"
    a_plan waves "kind: staggered, unit: team" "cluster: team"
    run assay plan check waves
    [ "$status" -eq 0 ] || { echo "$output"; false; }
}
