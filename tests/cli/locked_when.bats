#!/usr/bin/env bats
# Planned is what was locked before the first item: said in the same days and words everywhere.

load import_helpers.bash
load plan_helpers.bash

# Items are opened from 2026-07-01 00:00 on.
a_plan() {
    cat > w/plans/drafts.yaml << 'Y'
plan: drafts
use_case: support.billing
design: {kind: randomised, unit: item, probability: 0.5}
period: {from: 2026-07-01, to: 2026-07-28}
primary: {metric: cycle_time, improve_by: 10%}
Y
    [ $# -eq 0 ] || printf '%s\n' "$@" >> w/plans/drafts.yaml
}

# Plan, answer and report say of a lock on a day: said DAY WHEN AT_THE_PLAN IN_THE_ANSWER
said() {
    locked_on "$1"
    run assay plan check drafts
    says "planned     $3"
    compares drafts
    [ "$(field plan.locked_when)" = "$2" ]
    run assay compare drafts
    says "randomised · $4"
    run assay report 2026Q3
    says "$4"
    run assay report 2026Q3 --format markdown
    says "$4"
}

@test "days from the lock to the first item are those of the calendar, and later is not planned" {
    export COLUMNS=300
    a_trial
    a_plan
    run assay compare drafts
    says "a plan that is not locked"
    says_not "planned before"
    compares drafts
    [ "$(field plan.locked_when)" = None ]
    assay plan lock drafts
    said 2026-06-20 before "11 days before the first item" "planned 11 days before the first"
    said 2026-06-30 before "1 day before the first item" "planned 1 day before the first"
    said 2026-07-10 within "9 days after the first item: whoever" "locked 9 days after the first, so not planned before"
    said 2026-08-15 after "45 days after the first item, when its period is over: whoever" \
        "locked after its period, so not planned before"
    run assay methods drafts
    says "Its period was over by then: it was not made before the data."
    run assay plan check drafts
    says "note        its period is over: assay assign draws nothing for it"
    says "1200 in the period"
    says_not "so far"
}

@test "an interval for looks at any time holds at all of them where it was fixed before the first" {
    export COLUMNS=300
    a_trial
    a_plan "looks: anytime" "items: 1200"
    assay plan lock drafts
    locked_on 2026-06-20
    run assay plan check drafts
    says_not "nobody had"
    run assay compare drafts
    says "95 % interval, valid at every look, of this plan alone"
    says "The interval is valid at every look."
    for day in 2026-07-10 2026-08-15; do
        locked_on $day
        run assay plan check drafts
        says "said to hold at every look only if nobody had"
        run assay compare drafts
        says "95 % interval, valid at every look if nobody had looked before the lock, of this plan alone"
        says "The interval is valid at every look if nobody had looked before the lock."
        run assay report 2026Q3
        says "valid at every look if nobody had looked before the lock"
        run assay report 2026Q3 --format markdown
        says "The interval is valid at every look if nobody had looked before the lock."
    done
    # Who reads the share can have it from the items.
    compares drafts
    python3 -c 'import json
comparison = json.load(open("answer.json"))["rows"][0]["comparison"]
items = sum(arm["items"] for arm in comparison["arms"])
assert abs(comparison["planned_share"] - items / 1200) < 1e-9, comparison["planned_share"]'
}
