#!/usr/bin/env bats
# Which use cases `compare` names where the one that was asked for, or any, is not in the period.

load workspace_helpers.bash
export LC_ALL=C.UTF-8

# desk [PEOPLE]: 40 items of 10 people in support.billing, in July; one of one person in
# support.jane_doe_pilot.
desk() {
    python3 - "${1:-10}" << 'P'
import sys
people = int(sys.argv[1])
out = open("../items.csv", "w")
print("item_id,worker,use_case,started_at,closed_at,state", file=out)
for n in range(40):
    day = f"2026-07-{1 + n % 28:02d}"
    print(f"T{n},p{n % people},support.billing,{day} 08:00,{day} 0{9 - n % 10 // 9}:{30 + n % 7},done", file=out)
    print(f"R{n},p{n % people},support.refunds,{day} 08:00,{day} 09:{10 + n % 7},done", file=out)
print("J,jane,support.jane_doe_pilot,2026-07-03 08:00,2026-07-03 09:00,done", file=out)
P
    "$ASSAY" import items ../items.csv > ../log
}

@test "what is meant is guessed among use cases of many people only" {
    desk
    run "$ASSAY" compare --metric time_to_complete 2026Q3 --use-case support.jane_doe_pil
    [ "$status" -eq 2 ]
    absent jane_doe_pilot <<< "$output"
    run "$ASSAY" compare --metric time_to_complete 2026Q3 --use-case support.bilings
    [ "$output" = 'assay: --use-case: there is no item of a use case "support.bilings" in 2026Q3; did you mean support.billing?' ]
    run "$ASSAY" compare --metric time_to_complete 2026Q3
    [ "$output" = 'assay: name one use case with --use-case: support.billing, support.refunds' ]
}

@test "what was drawn for a plan makes no arms of another use case" {
    desk 20
    python3 - << 'P'
print("plan,unit_kind,unit,arm,probability", file=(out := open("../trial.csv", "w")))
for person in range(20):
    print(f"replies,worker,p{person},{'ai' if person % 2 else 'no_ai'},0.5", file=out)
P
    "$ASSAY" import assignments ../trial.csv > ../log
    sources() {
        for use_case in billing refunds; do
            "$ASSAY" compare --metric time_to_complete 2026Q3 --use-case "support.$use_case" --format json \
                > "../$use_case.json" || true
            python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))["rows"][0]["comparison"].get("arms_from"))' "../$use_case.json"
        done
    }
    # Of a plan that nobody wrote down, they are those of whatever the people did.
    [ "$(sources | tr '\n' ' ')" = "assignment assignment " ] || { sources; false; }
    printf '%s\n' 'plan: replies' 'use_case: support.billing' 'design: {kind: randomised, unit: worker}' \
        'period: 2026Q3' 'primary: {metric: time_to_complete, improve_by: 10%}' > plans/replies.yaml
    [ "$(sources | tr '\n' ' ')" = "assignment None " ] || { sources; false; }
    grep -q "no usage reaches it" ../refunds.json
}

@test "an empty period is named, and so is when there are items" {
    desk
    run "$ASSAY" compare --metric time_to_complete 2026Q1
    [ "$output" = 'assay: no item lies in 2026Q1; they run from 2026-07-01 to 2026-07-28: --from 2026-07-01 --to 2026-07-28' ]
    run "$ASSAY" compare --metric time_to_complete --from 2026-08-01 --to 2026-08-31 --use-case support.billing
    [[ "$output" == *'--use-case: no item of support.billing lies in 2026-08-01 … 2026-08-31; they run from 2026-07-01 to 2026-07-28: --from'* ]]
    run "$ASSAY" compare --metric time_to_complete 2026Q1 --use-case support.jane_doe_pilot
    absent 2026-07 <<< "$output"
}

@test "a workspace without items says so" {
    run "$ASSAY" compare --metric time_to_complete 2026Q1
    [[ "$output" == *"has no items yet"* ]]
}

@test "status tells how much of a use case met AI where it was not few people's work" {
    for users in 1 7 9 13 20; do
        cd .. && rm -rf w && "$ASSAY" init w --timezone UTC >/dev/null && cd w
        {
            echo "item_id,use_case,worker,opened_at,closed_at,state,ai_declared"
            for person in $(seq 20); do
                [ "$person" -le "$users" ] && mark=aid || mark=
                echo "A$person,help,p$person,2026-07-01,2026-07-02,done,$mark"
                echo "B$person,help,p$person,2026-07-01,2026-07-02,done,$mark"
            done
        } >../items.csv
        "$ASSAY" import items ../items.csv >/dev/null
        run "$ASSAY" status
        named="$(awk '$1 == "help" { print $4 }' <<< "$output")"
        case "$users" in
        1 | 7 | 13) [ "$named" = few ] || { echo "$users: $output"; false; } ;;
        *) [ "$named" = $((2 * users)) ] || { echo "$users: $output"; false; } ;;
        esac
    done
}
