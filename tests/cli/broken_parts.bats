#!/usr/bin/env bats
# What is broken is named with place and mend, and takes nothing else with it.

load import_helpers.bash
load plan_helpers.bash

plan() { # NAME DESIGN METRIC
    cat > "w/plans/$1.yaml" << Y
plan: $1
use_case: support.billing
design: {$2}
period: {from: 2026-07-01, to: 2026-07-28}
primary: {metric: $3, improve_by: 10%}
Y
}

# A report of the quarter into out and err; the exit status has to be the first word.
reports() {
    local wanted="$1"
    shift
    run bash -c '"$0" report 2026Q3 --workspace w "$@" > out 2> err' "$ASSAY" "$@"
    [ "$status" -eq "$wanted" ] || { echo "exit $status: $(cat err)"; false; }
    output=$(cat out)
}

# A value of the answer in out: python over `document`.
told() {
    python3 -c 'import json, sys
document = json.load(open("out"))
rows = {row["plan"]["name"] if row["plan"] else row["use_case"]: row for row in document["rows"]}
print(eval(sys.argv[1]))' "$1"
}

@test "a plan that fails in the engine is a row that says so, and the others are answered" {
    a_trial
    plan drafts "kind: randomised, unit: item, probability: 0.5" cycle_time
    plan mandated "kind: before_after, policy: mandate" cycle_time
    reports 0
    says "there is no policy mandate in the data"
    stored "alter table policy rename to elsewhere"
    reports 2
    says "better     support.billing"
    says "failed     support.billing"
    says "mandated: this failed inside assay"
    grep -q "^assay: the plan mandated: .*policy" err
    absent "Catalog" out
    reports 2 --format json
    python3 -c 'import json, jsonschema, sys
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open("out")))' \
        "$SOURCE/docs/report.schema.json"
    [ "$(told 'rows["drafts"]["verdict"]["word"]')" = better ]
    [ "$(told 'rows["mandated"]["comparison"]["failed"]')" = True ]
    [ "$(told 'rows["mandated"]["verdict"]')" = None ]
    [ "$(told 'document["judged_together"]["plans"]')" = 1 ]
    reports 2 --format markdown
    says "AI's part cannot be given: this failed inside assay"
    says "better"
    grep -q "^| mandated | support.billing | .* | this failed inside assay.* | – | failed | – |" out
    reports 2 --format csv
    python3 -c 'import csv
plans = {line["plan"]: line for line in csv.DictReader(open("out", newline="")) if line["kind"] == "plan"}
assert plans["drafts"]["word"] == "better" and plans["mandated"]["word"] == "failed", plans
assert plans["mandated"]["reason"].startswith("this failed inside assay"), plans'
    [[ "$("$ASSAY" report --help)" == *"Exit status"* ]]
}

@test "a broken metric is named with line, column and mend, and stops no other answer" {
    a_trial
    plan drafts "kind: randomised, unit: item, probability: 0.5" cycle_time
    plan scored "kind: randomised, unit: item, probability: 0.5" score
    a_score
    sed -i 's/better: higher/better: taller/' w/metrics/score.yaml
    printf 'metric: [\n' > w/metrics/open.yaml
    printf 'metric: guess\nlabel: Guess\nkind: mean\nvalue: satisfaktion\nbetter: higher\nmaterial: "1"\n' \
        > w/metrics/guess.yaml
    reports 2
    says "better     support.billing"
    for text in out err; do
        [ "$(tr -s ' \n' ' ' < $text | grep -c 'metrics/score.yaml:6:9: better: ')" -eq 1 ]
        tr -s ' \n' ' ' < $text | grep -q 'metrics/open.yaml:2:1: '
        tr -s ' \n' ' ' < $text | grep -q 'metrics/guess.yaml:4:8: .*satisfaction'
    done
    says "the plan scored"
    absent "$PWD/w/metrics" out
    reports 2 --format json
    [ "$(told 'rows["drafts"]["verdict"]["word"]')" = better ]
    [ "$(told 'sum(x["what"] == "a metric" for x in document["cannot_say"])')" = 3 ]
    # A quarter without the plans has its other rows, too.
    rm w/plans/*
    reports 2
    says "given AI"
    rm w/metrics/*
    reports 0
}

@test "a plan file that is named or written wrongly is named, and the others are listed" {
    plan drafts "kind: randomised, unit: item" cycle_time
    plan Drafts "kind: randomised, unit: item" cycle_time
    printf 'plan: [\n' > w/plans/open.yaml
    mkdir w/plans/folder.yaml
    run assay plan list
    [ "$status" -eq 2 ]
    says "drafts                       support.billing"
    says "plans/Drafts.yaml: a plan's file is named by"
    says "plans/open.yaml:2:1: "
    says "plans/folder.yaml: this is not a regular file"
}

@test "a thousand plans that cannot be read cost no more memory than their names" {
    a_trial
    for n in $(seq 1000); do echo nonsense > "w/plans/p$n.yaml"; done
    run python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)' "$ASSAY" report 2026Q3 --workspace w
    [ "$output" -lt 400 ] || { echo "$output MB"; false; }
}
