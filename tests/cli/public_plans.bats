#!/usr/bin/env bats
# Three published studies, each from `plan new` to the answer: the plan is made, told what it can
# tell, and locked while nothing is here; then the data come in with the study's own draws, and
# `compare PLAN` gives the published numbers.

load workspace_helpers.bash

setup() {
    [ -n "${ASSAY_SHARED_DATA:-}" ] || { echo "# SKIPPED: no public data sets" >&3; skip "no public data"; }
    cd "$BATS_TEST_TMPDIR"
    "$ASSAY" init w --own-data --timezone UTC
    cd w
}

# study EXAMPLE PLAN FLAG…: from nothing to ../answer.json
study() {
    local example=$1 plan=$2
    shift 2
    cp "$SOURCE/examples/$example/connectors/"*.sql connectors/
    cp "$SOURCE/examples/$example/metrics/"*.yaml metrics/
    "$ASSAY" plan new "$plan" "$@"
    run "$ASSAY" plan power "$plan"
    [ "$status" -le 1 ]
    [[ "$output" == *"there are not two weeks of such work before the plan's period"* ]]
    "$ASSAY" plan lock "$plan"
    "$ASSAY" import "$example" "$ASSAY_SHARED_DATA/$example/data.csv"
    "$ASSAY" compare "$plan" --format json >../answer.json || [ $? -eq 1 ]
    valid ../answer.json
    "$ASSAY" registry verify
    "$ASSAY" methods "$plan" >../methods
}

# Holds an expression over `row`, `comparison` and the ANSWERS.json of the study.
holds() {
    python3 - "$ASSAY_SHARED_DATA/$1/ANSWERS.json" "$2" <<'PY'
import json, sys
row = json.load(open("../answer.json"))["rows"][0]
answers = json.load(open(sys.argv[1]))
comparison = row["comparison"]
assert eval(sys.argv[2]), (sys.argv[2], row["plan"], comparison)
PY
}

@test "METR: 19 % slower with AI, by a plan of items without times" {
    study metr metr --use-case code.issue --metric total_minutes --improve-by 10% \
        --design randomised --unit item --from 2025-02-01 --to 2025-06-30 \
        --adjust-for 'ln(predicted_minutes)'
    holds metr 'round(comparison["effect"], 3) == answers["published"]["speedup"]'
    holds metr 'row["verdict"]["word"] == "unproven" and row["plan"]["timeless"] and row["plan"]["ended"]'
    holds metr 'comparison["arms"][0]["items"] + comparison["arms"][1]["items"] == 246'
    grep -q "All items of .*code.issue.*, which have no times" ../methods
    COLUMNS=300 "$ASSAY" report >../report
    grep -q "not planned before, of items without times" ../report
}

@test "mpdta: employment three years after a higher minimum wage" {
    study mpdta wages --use-case county.year --metric employment --improve-by 0.01 \
        --design staggered --unit worker --from 2025-01-01 --to 2025-05-27
    holds mpdta 'round(comparison["events"]["points"][6]["effect"], 4) == answers["published"]["att"]["2004,2007"]'
}

@test "JEL-DiD: the expansion of Medicaid, unweighted" {
    study jel_did medicaid --use-case county.year --metric mortality --improve-by 5 \
        --design staggered --unit worker --from 2025-01-01 --to 2025-02-27
    holds jel_did 'round(comparison["effect"], 1) == answers["published"]["unweighted"]["did"]'
    holds jel_did 'abs(comparison["effect"] - answers["answers"]["unw:did"]["value"]) < 1e-9'
}

@test "what needs times is refused where there are none, and a period that is not over stays shut" {
    study metr metr --use-case code.issue --metric total_minutes --improve-by 10% \
        --design randomised --unit item --from 2025-02-01 --to 2199-06-30
    holds metr 'comparison.get("effect") is None and not row["plan"]["ended"]'
    sed 's/plan: metr/plan: late/; s/2199/2025/; s/^design:.*/design: {kind: before_after, date: 2025-04-01}/' \
        plans/metr.yaml >plans/late.yaml
    run "$ASSAY" compare late
    [ "$status" -eq 1 ]
    [[ "$output" == *"the items of code.issue have no times, and before_after tells them apart by time"* ]]
    sed 's/plan: metr/plan: own/; s/2199/2025/' plans/metr.yaml >plans/own.yaml
    echo 'adjust_for: [earlier]' >>plans/own.yaml
    run "$ASSAY" compare own
    [ "$status" -eq 1 ]
    [[ "$output" == *"nothing of them is known to be"*"earlier"* ]]
}
