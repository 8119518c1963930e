#!/usr/bin/env bats
# The methods section of a plan: for every design, before and after its period's end.

load import_helpers.bash

# 600 tickets of 24 people in July, half of them given AI by the plan `drafts`.
a_trial() {
    python3 - << 'P'
import random
draw = random.Random(7)
with open("items.csv", "w") as items, open("trial.csv", "w") as trial:
    print("item_id,use_case,worker,team,size,opened_at,closed_at,state", file=items)
    print("plan,unit_kind,unit,arm,probability", file=trial)
    for n in range(600):
        ai = draw.random() < 0.5
        minute = int((10 if ai else 20) * draw.uniform(0.5, 1.5))
        day = 1 + n % 28
        print(f"T{n},support.billing,w{n % 24},team{n % 4},{n % 50 + 1},2026-07-{day:02d} 08:00:00,2026-07-{day:02d} 08:{minute:02d}:00,done", file=items)
        print(f"drafts,item,T{n},{'ai' if ai else 'no_ai'},0.5", file=trial)
    print("T9999,other.work,w1,team1,1,2026-11-01 00:00:00,2026-11-02 00:00:00,done", file=items)
P
    imports items items.csv
    imports assignments trial.csv
}

writes() {
    run assay plan new "$@" --use-case support.billing
    [ "$status" -eq 0 ] || { echo "$output"; false; }
}

describes() {
    run assay methods "$@"
    [ "$status" -eq 0 ] || { echo "$output"; false; }
    output="$(tr '\n' ' ' <<< "$output" | tr -s ' ')"
}

# What every section has, in this order.
whole() {
    python3 -c 'import sys
text, at = sys.argv[1], -1
for part in ("Design", "Estimand", "Arms, population and period", "Estimator and interval",
             "Assumptions", "Data checks", "Sensitivity", "Multiplicity", "Registration",
             "References"):
    found = text.find("**" + part + ".**")
    assert found > at, (part, text)
    at = found' "$output"
}

@test "each design is described before its period, without a number of the data" {
    a_trial
    describe_design() { # NAME WORDS FLAGS...
        local name="$1" words="$2"
        shift 2
        writes "$name" --metric cycle_time --design "$@"
        describes "$name" --format markdown
        whole
        says "$words"
        says "The period is not over in the data"
        says "The plan was not locked"
        says_not "Analysed:"
        says_not "Errors as computed"
    }
    describe_design a "Randomised by item; each is in the arm \`ai\` with probability 0.25. Drawn within strata of \`team\`" \
        randomised --unit item --probability 0.25 --strata team
    says "(intention to treat)"
    says "Uno, H."
    describe_design b "Switchback by team, in blocks of 1w whose first 1d are left out" \
        switchback --unit team --block 1w --washout 1d
    says "Bojinov, I."
    # What compare has no answer for is said to have none.
    run assay compare b
    computed="$output"
    describes b
    [[ "$computed" != *"this version estimates plans"* ]] || says "does not estimate such plans"
    describe_design c "Staggered by team, counted by month" staggered --unit team
    says "Callaway, B. & Sant'Anna"
    says "would have moved in parallel"
    describe_design d "Encouragement by worker" encouragement --unit worker
    says "Imbens, G. W. & Angrist"
    describe_design e "As found, like with like; items are alike in \`team\`, \`size\`" like_with_like --cells team,size
    says "Cinelli, C. & Hazlett, C."
    describe_design f "Before and after; 2027-02-01 divides" before_after \
        --from 2027-01-01 --to 2027-03-31 --date 2027-02-01
    says "no further than a leaning"
}

@test "after the period the arms are counted and the checks' states stand there, and no effect does" {
    a_trial
    writes drafts --metric cycle_time --design randomised --unit item --guardrail rework_rate:1pp \
        --from 2026-07-01 --to 2026-09-30 --question 'Do drafts shorten tickets?'
    assay plan lock drafts
    describes drafts --format markdown
    whole
    arms="$(awk -F, 'NR > 1 { n[$4]++ } END { print n["no_ai"], n["ai"] }' trial.csv)"
    says "Analysed: \`no_ai\` ${arms% *} items of 24 people, \`ai\` ${arms#* } items of 24 people."
    says "sample_ratio: passed"
    says "Locked 20"
    says "Not amended. No look before the period's end is recorded."
    says "Do drafts shorten tickets?"
    says "May get worse: \`rework_rate\` by no more than 1pp"
    effect="$(assay compare drafts --format csv | tail -n 1)"
    [ -n "$effect" ]
    says_not "better, at a price"
    [[ ! "$output" =~ [−-][0-9]+\.?[0-9]*\ ?% ]]
    absent '"kind":"look"' w/registry.jsonl
    sed -i 's/improve_by: 10%/improve_by: 5%/' w/plans/drafts.yaml
    run assay methods drafts
    [ "$status" -eq 2 ]
    says "this was changed after the plan drafts was locked"
    assay plan amend drafts --reason "ten was out of reach"
    describes drafts
    says "Amended 1 time, last because: ten was out of reach."
    says "Methods: drafts"
    COLUMNS=80 run assay methods drafts
    python3 -c 'import sys; assert all(len(line) <= 80 for line in sys.stdin.read().split("\n"))' <<< "$output"
}

@test "what is asked of the estimate stands in it: covariates, slopes, looks, scope" {
    a_trial
    writes drafts --metric satisfaction --design randomised --unit item --adjust-for 'earlier, ln(size)' \
        --looks anytime --items 4000
    sed -i 's/^# interact: true/interact: true/; s/^# scope:.*/scope: {teams: [team1], where: size > 3}/' w/plans/drafts.yaml
    describes drafts --format markdown
    says "Adjusted for \`ln(size)\`."
    says "each person's mean of the period before (Deng et al. 2013)"
    says "slopes of its own (Lin 2013)"
    says "planned for 4000 items, holds whenever it is looked at (Waudby-Smith et al. 2024)"
    says "Teams: \`team1\`. Only where \`size > 3\`."
}

@test "few people are counted in no methods section" {
    a_trial
    writes drafts --metric cycle_time --design randomised --unit item --from 2026-07-01 --to 2026-09-30
    echo 'scope: {teams: [team0]}' >> w/plans/drafts.yaml # six people
    describes drafts
    says "There is no estimate: fewer than 8 workers."
    says_not "Analysed"
    says_not "of 6 people"
}

@test "a plan or format that there is not is named" {
    run assay methods
    [ "$status" -eq 2 ]
    says "methods takes one plan"
    run assay methods nothing
    [ "$status" -eq 2 ]
    says 'there is no plan "nothing"'
    run assay methods nothing --format json
    [ "$status" -eq 2 ]
    says "is none of text, markdown"
}
