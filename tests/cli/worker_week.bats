#!/usr/bin/env bats
# All that is known of AI are totals per person and day.

load import_helpers.bash
load plan_helpers.bash
load weekly_helpers.bash

a_quarter() {
    people_weeks "$SOURCE/tests/oracle/worker_week.csv" "$SOURCE/tests/oracle/worker_week_days.csv"
    a_score
}

weeks() {
    compares --from 2026-07-06 --to 2026-10-04 --use-case support.billing --metric "$@"
}

as_oracle() {
    as_weekly_oracle worker_week.json "$@"
    [ "$(field comparison.design)" = worker_week ]
    [ "$(field comparison.arms_from)" = week ]
}

@test "daily totals alone compare people's weeks, and the answer is clubSandwich's" {
    a_quarter
    a_metric part "kind: mean" "value: score" 'material: 5%'
    weeks score
    as_oracle score plain
    holds 2 # that was planted
    # Better people use AI more often: item by item that shows as an effect.
    run holds 2 naive
    [ "$status" -ne 0 ]
    weeks part
    as_oracle score share
    weeks time_to_complete
    as_oracle time share
    [ "$(field comparison.landmark_days)" = None ]
}

@test "compare and report pick people's weeks by themselves, and say so" {
    a_quarter
    run assay compare --from 2026-07-06 --to 2026-10-04 --use-case support.billing --metric score
    [ "$status" -eq 0 ]
    says "as found, by people's weeks · not planned · not randomised"
    says "all that is known of AI are totals per person and day, which name no item"
    says "in weeks with AI"
    says "within person and week"
    says "24 people in 11 weeks. An item counts in the week of its close; 50 % were closed in a week in"
    says "The arms are as found, so this does not show what AI did."
    run assay compare --from 2026-07-06 --to 2026-10-04 --use-case support.billing --metric score --format markdown
    says "An item counts in the week of its close"
    run assay compare --from 2026-07-06 --to 2026-10-04 --use-case support.billing --metric score --format csv
    says "support.billing,score,comparison,worker_week,no_ai,"
    run assay report --from 2026-07-06 --to 2026-10-04
    says "in weeks with AI"
    weeks score
    [ "$(field verdict.word)" = unproven ]
    [ "$(field verdict.reason)" = as_found ]
    [ "$(field verdict.leaning)" = better ]
    # The export's first and last week are known in part: their items are in neither arm.
    [ "$(field comparison.excluded.unclear)" -gt 100 ]
}

# 20 people and 12 weeks of work; use has nothing to do with what comes out, but more of it is made in
# later weeks, which go better, and by better people. VARYING of them use AI in some weeks, the others in
# all or none; PEOPLE to have another number.
no_effect() {
    VARYING="$1" PEOPLE="${2:-20}" python3 - << 'P'
import datetime, os, random
draw = random.Random(3)
varying, people = int(os.environ["VARYING"]), int(os.environ["PEOPLE"])
first = datetime.datetime(2026, 7, 6, 9)
with open("work.csv", "w") as work, open("days.csv", "w") as days:
    print("team,worker,opened,minutes,score", file=work)
    print("worker,day", file=days)
    print(f"p0,{first:%Y-%m-%d}\np0,{first + datetime.timedelta(days=81):%Y-%m-%d}", file=days)
    for p in range(people):
        level = draw.gauss(0, 3)
        for w in range(12):
            monday = first + datetime.timedelta(days=7 * w)
            used = p % 2 == 0
            if p < varying:
                used = draw.random() < min(0.9, max(0.1, 0.1 + 0.06 * w + 0.05 * level))
            if used:
                print(f"p{p},{monday + datetime.timedelta(days=draw.randrange(5)):%Y-%m-%d}", file=days)
            for i in range(4):
                score = 50 + level + 1.5 * w + draw.gauss(0, 2)
                print(f"t{p % 3},p{p},{monday + datetime.timedelta(days=i, minutes=draw.randrange(400))},60,{score:.3f}", file=work)
P
    people_weeks work.csv days.csv
    a_score
}

@test "without an effect none is found, though better people and later weeks have more AI" {
    no_effect 20
    weeks score
    holds 0
    run holds 0 naive
    [ "$status" -ne 0 ]
}

@test "weeks that differ for few people are withheld, whatever the others do" {
    no_effect 5
    run assay compare --from 2026-07-06 --to 2026-10-04 --use-case support.billing --metric score --format json
    [ "$status" -eq 1 ]
    printf '%s\n' "$output" > answer.json
    [ "$(field comparison.reason)" = "fewer than 8 workers" ]
    [ "$(field verdict.word)" = withheld ]
    [ "$(field checks)" = "[]" ]
    python3 -c 'import json; c = json.load(open("answer.json"))["rows"][0]["comparison"]; assert set(c) == {"effect", "reason", "withheld"}, c'
}

@test "one person alone, or nobody whose weeks differ, have no answer, and a reason" {
    rm -rf w
    "$ASSAY" init w --own-data > /dev/null
    no_effect 1 1
    run assay compare --from 2026-07-06 --to 2026-10-04 --use-case support.billing --metric score
    [ "$status" -eq 1 ]
    says "all items are of one person"
    rm -rf w
    "$ASSAY" init w --own-data > /dev/null
    no_effect 0
    run assay compare --from 2026-07-06 --to 2026-10-04 --use-case support.billing --metric score
    [ "$status" -eq 1 ]
    says "the share of work with AI moves with the weeks alone, or not at all"
}

@test "a call that names an item, or a draw, is compared as before, and not people's weeks" {
    a_quarter
    printf 'usage_id,occurred_at,grain,worker,tool,item_id,status\nU1,2026-07-08 10:00:00,call,p3,aid,T3,ok\n' > usage.csv
    imports usage usage.csv
    run assay compare --from 2026-07-06 --to 2026-10-04 --use-case support.billing --metric score
    says_not "totals per person and day"
    rm -rf w && new_workspace w
    a_quarter
    python3 - << 'P'
with open("draw.csv", "w") as out:
    print("plan,unit_kind,unit,arm,probability", file=out)
    for n in range(1182):
        print(f"drawn,item,T{n},{'ai' if n % 2 else 'no_ai'},0.5", file=out)
P
    imports assignments draw.csv
    weeks score
    [ "$(field comparison.design)" = randomised ]
}

@test "flags that people's weeks cannot follow are refused, and so are ratios and quantiles" {
    a_quarter
    refused() {
        run assay compare --from 2026-07-06 --to 2026-10-04 --use-case support.billing --metric score "$@"
        [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
        says "$1: all that is known of AI here are daily totals"
    }
    refused --like team
    refused --by team
    refused --adjust 'ln(size)'
    refused --errors hc1
    a_metric typical "kind: quantile" "value: score" "quantile: 0.5" "material: 5%"
    run assay compare --from 2026-07-06 --to 2026-10-04 --use-case support.billing --metric typical
    [ "$status" -eq 1 ]
    says "quantiles can't be compared week by week, only means, proportions and times"
}
