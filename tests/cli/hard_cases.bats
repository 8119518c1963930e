#!/usr/bin/env bats
# Plans whose data leave little or nothing to compare, and workspaces that are odd: each is answered, or
# refused with a sentence.

load import_helpers.bash
load plan_helpers.bash

a_plan() {
    cat > "w/plans/${1:-drafts}.yaml" << Y
plan: ${1:-drafts}
use_case: support.billing
question: Do drafts shorten tickets?
design: {kind: randomised, unit: item, probability: 0.5}
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: cycle_time, improve_by: 10%}
Y
}

a_metric() {
    printf 'metric: %s\nlabel: %s\n%s\n' "$1" "$1" "$2" > "w/metrics/$1.yaml"
}

# work ITEM_FIELDS...: 24 people with 20 tickets each, one after another; half of each person's are
# given AI. The Python expression gives closed_at from `opened`, n and ai (None: still open), and
# `measures` a list of (name, value).
work() {
    python3 - "$1" "${2:-[]}" "${3:-n // 24 % 2 == 1}" << 'P'
import datetime, sys
closed_at, measured, draw = (compile(text, "a", "eval") for text in sys.argv[1:4])
with open("items.csv", "w") as items, open("trial.csv", "w") as trial, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,size,opened_at,closed_at,state", file=items)
    print("plan,unit_kind,unit,arm,probability", file=trial)
    print("item_id,name,occurred_at,value", file=measures)
    for n in range(480):
        ai = eval(draw)
        opened = datetime.datetime(2026, 7, 1) + datetime.timedelta(hours=2 * n)
        minutes = lambda m: opened + datetime.timedelta(minutes=m)
        closed = eval(closed_at)
        print(f"T{n},support.billing,w{n % 24},team{n % 4},{n % 50 + 1},{opened},{closed or ''},"
              f"{'done' if closed else 'open'}", file=items)
        print(f"drafts,item,T{n},{'ai' if ai else 'no_ai'},0.5", file=trial)
        for name, value in eval(measured):
            print(f"T{n},{name},{closed or opened},{value}", file=measures)
    print("T9999,other.work,w1,team1,1,2026-11-01 00:00:00,2026-11-02 00:00:00,done", file=items)
P
    imports items items.csv
    imports assignments trial.csv
    [ "$(wc -l < measures.csv)" -eq 1 ] || imports measures measures.csv
}

@test "all units in one arm: there is nothing to compare with, and it says which arm is missing" {
    a_plan
    work 'minutes(100 + n % 37)' '[]' 'True'
    has_no_answer drafts "no_ai"
    says_not "nan"
}

@test "an arm without an outcome: it says which" {
    a_score
    a_plan
    sed -i 's/cycle_time, improve_by: 10%/score, improve_by: 1/' w/plans/drafts.yaml
    work 'minutes(100)' '[] if ai else [("score", n % 7)]'
    has_no_answer drafts "no item of the arm ai has a value of the metric"
}

@test "no cell with both arms: like with like has nothing alike" {
    a_plan
    sed -i 's/{kind: randomised.*/{kind: like_with_like, cells: [team]}/;s/cycle_time, improve_by: 10%/score, improve_by: 1/' w/plans/drafts.yaml
    a_score
    work 'minutes(100)' '[("score", n % 7)]' 'n % 4 < 2'
    # Teams 0 and 1 work with AI on everything, teams 2 and 3 on nothing.
    awk -F, 'NR == 1 { print "usage_id,occurred_at,grain,worker,tool,item_id,status"; next }
        $2 == "support.billing" && substr($1, 2) % 4 < 2 { printf "U%s,%s,call,%s,aid,%s,ok\n", $1, $6, $3, $1 }' \
        items.csv > usage.csv
    for w in $(seq 0 23); do
        printf '%s\n' "U-first$w,2026-06-01 00:00:00,call,w$w,aid,,ok" "U-last$w,2026-11-30 00:00:00,call,w$w,aid,,ok"
    done >> usage.csv
    imports usage usage.csv
    run assay compare drafts
    [ "$status" -eq 1 ] || { echo "exit $status: $output"; false; }
    says "no cell has items of both arms"
    says_not "nan"
}

@test "all items still open: no time ended, and no number is made of that" {
    a_plan
    work 'None'
    run assay compare drafts
    [ "$status" -eq 1 ] || { echo "exit $status: $output"; false; }
    says "Can't compare: none of the items has ended yet: of how long they take nothing is known"
    says_not "nan"
    says_not "inf"
}

# given_up PYTHON: work in which the tickets of that truth are abandoned when they end
given_up() {
    work 'minutes((1100 + n if (n + n // 24) % 3 == 0 else 100 + n % 37) * (0.05 if '"$1"' else 1))'
    python3 - "$1" << 'P'
import sys
lines = open("items.csv").read().splitlines()
for i, line in enumerate(lines[1:-1], 1):
    n = i - 1
    ai = n // 24 % 2 == 1
    if eval(sys.argv[1]):
        lines[i] = line.replace(",done", ",abandoned")
print("\n".join(lines), file=open("items.csv", "w"))
P
    imports items items.csv
}

@test "hard work given up in one arm alone: its times are no gain" {
    a_plan
    given_up 'ai and (n + n // 24) % 3 == 0 and n % 11 > 0'
    assay compare drafts --format json > out.json
    python3 - << 'P'
import json
row = json.load(open("out.json"))["rows"][0]
failed = [c for c in row["checks"] if c["state"] == "failed"]
assert row["comparison"]["interval"][1] < 0, row["comparison"]
assert [c["check"] for c in failed] == ["given_up"] and failed[0]["p"] is None, row["checks"]
assert row["verdict"]["word"] == "unproven" and row["verdict"]["reason"] == "check", row["verdict"]
P
}

@test "hard work given up in both arms alike: the check passes" {
    a_plan
    given_up '(n + n // 24) % 3 == 0 and n % 5 > 0'
    run assay compare drafts
    says "Checks passed: sample_ratio, given_up, units_twice"
}

@test "a horizon beyond the data: times are compared as far as they were seen" {
    a_plan
    a_metric wait 'kind: duration
from: opened_at
to: closed_at
unit: days
horizon: 3650d
better: lower
material: 5%'
    sed -i 's/cycle_time/wait/' w/plans/drafts.yaml
    # Every fifth is still open, so that nobody knows what comes later.
    work 'None if n % 5 == 0 else minutes((1000 if ai else 2000) + n % 37)'
    compares drafts
    python3 - << 'P'
import csv, datetime, json
row = json.load(open("answer.json"))["rows"][0]["comparison"]
first = datetime.datetime(2026, 7, 1)
# The data end with the latest close; nobody was seen for longer than from the first ticket to that.
seen = (datetime.datetime(2026, 11, 2) - first).total_seconds() / 86400
assert 0 < row["horizon_days"] <= seen, (row["horizon_days"], seen)
assert row["effect"] < 0, row["effect"]
P
}

@test "units assigned twice, to either arm: the check fails beside the verdict, and nothing is concluded" {
    a_plan
    work 'minutes((90 if ai else 150) + n % 37)'
    compares drafts
    [ "$(field verdict.word)" = better ]
    { echo plan,unit_kind,unit,arm,since
      for n in $(seq 0 47); do echo "drafts,item,T$n,$([ "$n" -lt 24 ] && echo ai || echo no_ai),2026-06-01"; done
    } > again.csv
    imports assignments again.csv
    compares drafts
    [ "$(field verdict.word)" = unproven ]
    run assay compare drafts
    says "Check units_twice: failed (a unit was in both arms at once"
    says "A check of the data failed, so nothing is concluded."
}

@test "ties everywhere: two values alone have a difference, and one value alone has none that is proved" {
    a_score
    a_plan
    sed -i 's/cycle_time, improve_by: 10%/score, improve_by: 1/' w/plans/drafts.yaml
    work 'minutes(100)' '[("score", 5 if ai else 3)]'
    run assay compare drafts --format json
    printf '%s\n' "$output" > two.json
    sed 's/,score,\(.*\),[35]$/,score,\1,4/' measures.csv > tied.csv
    imports measures tied.csv
    run assay compare drafts --format json
    printf '%s\n' "$output" > one.json
    python3 - << 'P'
import json
for name, effect in (("two.json", 2), ("one.json", 0)):
    row = json.load(open(name))["rows"][0]
    comparison = row["comparison"]
    if comparison["effect"] is None:
        assert comparison["reason"], comparison
    else:
        assert abs(comparison["effect"] - effect) < 1e-9, comparison
        assert row["verdict"]["word"] != ("better" if effect == 0 else "worse"), row["verdict"]
P
    # The median of equal values is that value, and has no density to take an error from.
    a_metric middle 'kind: quantile
value: score
quantile: 0.5
unit: points
better: higher
material: "1"'
    sed -i 's/metric: score/metric: middle/' w/plans/drafts.yaml
    run assay compare drafts
    [ "$status" -le 1 ] || { echo "exit $status: $output"; false; }
    says_not "nan"
    says_not "better with AI"
}

@test "denominators of zero: a ratio of sums leaves nothing to divide by, and says so" {
    a_plan
    a_metric per_page 'kind: ratio
numerator: effort
denominator: pages
unit: effort
better: lower
material: 10%'
    sed -i 's/cycle_time/per_page/' w/plans/drafts.yaml
    work 'minutes(100)' '[("effort", 10 + n % 7), ("pages", 0 if ai else 2)]'
    run assay compare drafts
    [ "$status" -eq 1 ] || { echo "exit $status: $output"; false; }
    says "Can't compare:"
    says_not "nan"
    says_not "inf "
}

@test "an improvement by more than there is: the plan's answer says that no result could reach it" {
    a_plan
    sed -i 's/cycle_time, improve_by: 10%/error_rate, improve_by: 30pp/' w/plans/drafts.yaml
    work 'minutes(100)' '[("errors", int(n % 20 == 0 if not ai else n % 40 == 29))]'
    compares drafts
    python3 - << 'P'
import json
checks = {c["check"]: c for c in json.load(open("answer.json"))["rows"][0]["checks"]}
assert checks["target_possible"]["state"] == "noted", checks
assert "smaller amount" in checks["target_possible"]["do"], checks
P
    run assay compare drafts
    says "Check target_possible: noted"
    sed -i 's/30pp/2pp/' w/plans/drafts.yaml
    compares drafts
    run assay compare drafts
    says "target_possible"
    says_not "Check target_possible"
}

# What a comparison of satisfaction says where there is none, in one line.
cannot() {
    run assay compare "$@"
    [ "$status" -eq 1 ] || { echo "exit $status: $output"; false; }
    output=$(tr -s ' \n' ' ' <<< "$output")
}

@test "where nothing is left to compare, what left it out is named: a covariate, a value, an assignment" {
    local asked=(2026Q3 --metric satisfaction --use-case support.billing)
    work 'minutes(100 + n % 37)' '[("satisfaction", n % 10 / 10)]'
    run assay compare "${asked[@]}" --adjust size
    [ "$status" -eq 0 ]
    cannot "${asked[@]}" --adjust 1/0
    says "covariate 1 is undefined for every item of either arm: a logarithm of 0 or less, a division by 0"
    cannot "${asked[@]}" --adjust size --adjust 'ln(size - 50)'
    says "covariate 2 is undefined for every item of either arm"
    a_metric odd "$(printf 'kind: mean\nvalue: satisfaction / 0\nbetter: higher\nmaterial: "1"')"
    cannot 2026Q3 --metric odd --use-case support.billing
    says "the metric is undefined for every item of either arm"
    # Assigned an hour after the close; then a third of them without a value besides.
    python3 - << 'P'
import csv, datetime
closed = {r["item_id"]: r["closed_at"] for r in csv.DictReader(open("items.csv"))}
with open("late.csv", "w") as late, open("fewer.csv", "w") as fewer:
    print("plan,unit_kind,unit,arm,probability,since", file=late)
    print("item_id,name,occurred_at,value", file=fewer)
    for n, r in enumerate(csv.DictReader(open("trial.csv"))):
        since = datetime.datetime.fromisoformat(closed[r["unit"]]) + datetime.timedelta(hours=1)
        print(f"late,item,{r['unit']},{r['arm']},0.5,{since}", file=late)
        if n % 3 > 0:
            print(f"{r['unit']},rated,{closed[r['unit']]},{n % 7}", file=fewer)
P
    imports assignments late.csv
    imports measures fewer.csv
    a_metric rated "$(printf 'kind: mean\nvalue: rated\nbetter: higher\nmaterial: "1"')"
    a_plan late
    sed -i 's/cycle_time, improve_by: 10%/satisfaction, improve_by: 2pp/' w/plans/late.yaml
    cannot late
    says "every item of either arm was done before it was assigned, so that no arm could change what came out; assign before the work begins"
    says_not "value of the metric"
    sed -i 's/satisfaction, improve_by: 2pp/rated, improve_by: 1/' w/plans/late.yaml
    cannot late
    says "every item of either arm was done before it was assigned"
}

@test "a period in the future: no item is in it, and the answer says until when it runs" {
    a_plan
    sed -i 's/2026-07-01, to: 2026-09-30/2031-07-01, to: 2031-09-30/' w/plans/drafts.yaml
    work 'minutes(100 + n % 37)'
    has_no_answer drafts "the plan's period goes to 2031-09-30, and the data do not yet"
    run assay plan check drafts
    [ "$status" -eq 0 ]
    says "before the first item"
    run assay report 2031Q3
    [ "$status" -le 2 ]
    says_not "nan"
}

@test "a clock that went back between two lines: the chain is whole, and the line is named" {
    a_plan
    a_plan others
    assay plan lock drafts > /dev/null
    assay plan lock others > /dev/null
    run assay registry verify
    says "whole: "
    says_not "went back"
    # The same chain, as a machine writes it whose clock goes back by a year between the two locks.
    python3 - << 'P'
import hashlib, json, re
lines = open("w/registry.jsonl").read().splitlines()
out, previous = [], None
for n, line in enumerate(lines):
    if n == len(lines) - 1:
        line = re.sub(r'"at":"2\d\d\d', '"at":"2001', line)
    if previous is not None:
        line = re.sub(r'"prev":"[0-9a-f]*"', f'"prev":"{previous}"', line)
    previous = hashlib.sha256((line + "\n").encode()).hexdigest()
    out.append(line)
open("w/registry.jsonl", "w").write("\n".join(out) + "\n")
open("head", "w").write(previous)
open("count", "w").write(str(len(out)))
P
    "$RUN_SQL" w/assay.duckdb "update about_workspace set value = '$(cat head)' where thing = 'registry_head'"
    run assay registry verify
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
    says "line $(cat count) is older than the one before it: the machine's clock went back"
    # Nobody locked it before what stands before it.
    run assay plan check others
    says "fine, locked 20"
    says_not "2001"
}

@test "two plans over the same items: each says that the other is mixed in" {
    a_plan
    a_plan others
    work 'minutes((100 if ai else 200) + n % 37)'
    compares drafts
    python3 -c '
import json
checks = {c["check"]: c["state"] for c in json.load(open("answer.json"))["rows"][0]["checks"]}
assert checks["other_plans"] == "passed", checks'
    # The same tickets for another plan, in arms that have nothing to do with the first.
    awk -F, -v OFS=, 'NR > 1 { $1 = "others"; $4 = (NR % 5 < 2) ? "ai" : "no_ai" } { print }' trial.csv > others.csv
    imports assignments others.csv
    for plan in drafts others; do
        compares "$plan"
        python3 - "$plan" << 'P'
import json, sys
other = {"drafts": "others", "others": "drafts"}[sys.argv[1]]
checks = {c["check"]: c for c in json.load(open("answer.json"))["rows"][0]["checks"]}
assert checks["other_plans"]["state"] == "noted", checks
assert f"the plan {other} gave" in checks["other_plans"]["sentence"], checks
P
    done
    for format in text markdown; do
        run assay compare drafts --format "$format"
        says "the plan others gave"
    done
    run assay report 2026Q3 --format csv
    says "other_plans: noted"
}

@test "a plan that was over before gave these people no arm, whatever its rows leave open" {
    a_plan
    a_plan others
    sed -i 's/2026-07-01, to: 2026-09-30/2026-04-01, to: 2026-06-30/;s/unit: item/unit: worker/' w/plans/others.yaml
    work 'minutes((100 if ai else 200) + n % 37)'
    python3 -c '
print("plan,unit_kind,unit,arm,probability")
for w in range(24): print(f"others,worker,w{w},{(chr(97) + chr(105)) if w % 2 else chr(110) + chr(111) + chr(95) + chr(97) + chr(105)},0.5")' > others.csv
    imports assignments others.csv
    compares drafts
    python3 -c '
import json
checks = {c["check"]: c["state"] for c in json.load(open("answer.json"))["rows"][0]["checks"]}
assert checks["other_plans"] == "passed", checks'
    # In the same quarter it is another matter.
    a_plan others
    sed -i 's/unit: item/unit: worker/' w/plans/others.yaml
    run assay compare drafts
    says "the plan others gave"
}

@test "many plans: all are listed and reported, each once" {
    work 'minutes((100 if ai else 200) + n % 37)'
    for n in $(seq 300); do a_plan "plan-$n"; done
    a_plan
    run assay plan list
    [ "$status" -eq 0 ]
    [ "$(grep -c "^plan-" <<< "$output")" -eq 300 ]
    assay report 2026Q3 --format json > report.json
    python3 - << 'P'
import json
rows = json.load(open("report.json"))["rows"]
names = [row["plan"]["name"] for row in rows if row["plan"]]
assert len(names) == len(set(names)) == 301, len(names)
answered = [row["plan"]["name"] for row in rows if row["plan"] and row["comparison"]["effect"] is not None]
assert answered == ["drafts"], answered
P
    run assay report 2026Q3
    [ "$(wc -l <<< "$output")" -lt 120 ]
    says "more rows: --all"
    says_not "support.billing, support.billing"
}
