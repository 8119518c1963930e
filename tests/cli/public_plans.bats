#!/usr/bin/env bats
# Published studies, each from `plan new` to the answer: the plan is made, told what it can tell, and
# locked while nothing but the years before is here; then the data come in with the study's own
# draws, and `compare PLAN` gives the published numbers.

load workspace_helpers.bash

setup() {
    [ -n "${ASSAY_SHARED_DATA:-}" ] || { echo "# SKIPPED: no public data sets" >&3; skip "no public data"; }
    cd "$BATS_TEST_TMPDIR"
    "$ASSAY" init w --own-data --timezone UTC
    cd w
}

# example NAME: its connectors and metrics
example() {
    cp "$SOURCE/examples/$1/connectors/"*.sql connectors/
    cp "$SOURCE/examples/$1/metrics/"*.yaml metrics/
}

# before EXAMPLE CONDITION: of its data, without what the study drew, the rows for which awk finds it true
before() {
    example "$1"
    sed '/^-- into: assignment/,$d; s/^-- connector: .*/-- connector: past/' \
        "connectors/$1.sql" >connectors/past.sql
    awk -F, "NR == 1 || $2" "$ASSAY_SHARED_DATA/$1/data.csv" >../past.csv
    "$ASSAY" import past ../past.csv
}

# study EXAMPLE FILE PLAN FLAG…: from a plan to ../answer.json, and what it can tell in ../power.json.
# $scope: a line of the plan; $open: its period is not over
study() {
    local example=$1 file=$2 plan=$3
    shift 3
    example "$example"
    "$ASSAY" plan new "$plan" "$@"
    [ -z "${scope:-}" ] || echo "scope: $scope" >>"plans/$plan.yaml"
    "$ASSAY" plan check "$plan" >../check
    grep -q "^plans/$plan.yaml: fine, not locked" ../check
    "$ASSAY" plan power "$plan" --format json >../power.json || [ $? -eq 1 ]
    "$ASSAY" plan lock "$plan"
    [ -n "${open:-}" ] || nobody_is_drawn "$plan"
    "$ASSAY" import "$example" "$ASSAY_SHARED_DATA/$file"
    [ -n "${open:-}" ] || nobody_is_drawn "$plan"
    "$ASSAY" compare "$plan" --format json >../answer.json || [ $? -eq 1 ]
    valid ../answer.json
    "$ASSAY" registry verify
    "$ASSAY" methods "$plan" >../methods
}

# Its period is over, and nobody is drawn for it any more: the draws are the study's.
nobody_is_drawn() {
    run "$ASSAY" assign "$1" --from <(printf 'unit\n1\n')
    [ "$status" -eq 2 ]
    [[ "$output" == *"the period of $1 is over"* ]]
}

# cannot_tell WHY: plan power has no number of the primary metric, and says why
cannot_tell() {
    python3 - "$1" <<'PY'
import json, sys
metric = json.load(open("../power.json"))["metrics"][0]
assert metric["detectable"] is None and sys.argv[1] in metric["reason"], metric
PY
}

# tells STUDY DESIGN METHOD TOLERANCE: the smallest difference told is that of tests/oracle/public_power.R,
# to the two digits that are shown and the 1,000 draws of a resampling
tells() {
    python3 - "$SOURCE/tests/oracle/public_power.json" "$@" <<'PY'
import json, sys
oracle, study, design, method, tolerance = sys.argv[1:]
wanted = json.load(open(oracle))[study]
power = json.load(open("../power.json"))
metric = power["metrics"][0]
assert metric["method"] == method, metric
assert abs(power["plan"]["workers"] / wanted["units"] - 1) < 0.05, power["plan"]
assert abs(metric["detectable"] / wanted[design] - 1) < float(tolerance), (metric, wanted)
PY
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
    study metr metr/data.csv metr --use-case code.issue --metric total_minutes --improve-by 10% \
        --design randomised --unit item --from 2025-02-01 --to 2025-06-30 \
        --adjust-for 'ln(predicted_minutes)'
    cannot_tell "there are not two weeks of such work before the plan's period"
    holds metr 'round(comparison["effect"], 3) == answers["published"]["speedup"]'
    holds metr 'row["verdict"]["word"] == "unproven" and row["plan"]["timeless"] and row["plan"]["ended"]'
    holds metr 'comparison["arms"][0]["items"] + comparison["arms"][1]["items"] == 246'
    grep -q "All items of .*code.issue.*, which have no times" ../methods
    COLUMNS=300 "$ASSAY" report >../report
    grep -q "not planned before, of items without times" ../report
}

@test "Echoes of AI, task 2: medians of changing code that was written with AI, drawn by whose code" {
    study echoes_task2 echoes_of_ai/task2_preprocessed.csv echoes_task2 --use-case code.evolution \
        --metric median_minutes --improve-by 10% --design randomised --unit team \
        --arms written_without,written_with_ai --from 2024-10-01 --to 2025-01-07
    cannot_tell "there are not two weeks of such work before the plan's period"
    holds echoes_of_ai 'round(comparison["arms"][0]["value"], 1) == answers["published"]["t2_median_min_human"]'
    holds echoes_of_ai 'round(comparison["arms"][1]["value"], 1) == answers["published"]["t2_median_min_ai"]'
    holds echoes_of_ai 'comparison["errors_by"] == "team" and row["verdict"]["word"] == "unproven"'
}

@test "mpdta: employment three years after a higher minimum wage" {
    study mpdta mpdta/data.csv wages --use-case county.year --metric employment --improve-by 0.01 \
        --design staggered --unit worker --from 2025-01-01 --to 2025-05-27
    cannot_tell "there are not two weeks of such work before the plan's period"
    holds mpdta 'round(comparison["events"]["points"][6]["effect"], 4) == answers["published"]["att"]["2004,2007"]'
}

@test "mpdta: the wave of 2007, planned with the years before at hand" {
    before mpdta '$1 < 2006'
    study mpdta mpdta/data.csv wages --use-case county.year --metric employment --improve-by 0.05 \
        --design staggered --unit worker --from 2025-04-01 --to 2025-05-27
    tells mpdta staggered resampling 0.06
    holds mpdta 'round(comparison["effect"], 4) == answers["published"]["att"]["2007,2007"]'
    "$ASSAY" plan new drawn --use-case county.year --metric employment --improve-by 0.05 \
        --design randomised --unit worker --from 2025-04-01 --to 2025-05-27
    "$ASSAY" plan power drawn --format json >../power.json
    tells mpdta drawn formula 0.02
    # Three months are told of by the two before them, in which there is no third.
    "$ASSAY" plan new longer --use-case county.year --metric employment --improve-by 0.05 \
        --design staggered --unit worker --from 2025-03-01 --to 2025-05-27
    "$ASSAY" plan power longer --format json >../power.json || [ $? -eq 1 ]
    cannot_tell "there are too few units, or too short a past, for such a design"
}

@test "JEL-DiD: the expansion of Medicaid, unweighted, with the years before at hand" {
    before jel_did '$3 < 2013'
    study jel_did jel_did/data.csv medicaid --use-case county.year --metric mortality --improve-by 5 \
        --design staggered --unit worker --from 2025-01-01 --to 2025-02-27
    tells jel_did staggered resampling 0.06
    holds jel_did 'round(comparison["effect"], 1) == answers["published"]["unweighted"]["did"]'
    holds jel_did 'abs(comparison["effect"] - answers["answers"]["unw:did"]["value"]) < 1e-9'
    "$ASSAY" plan new drawn --use-case county.year --metric mortality --improve-by 5 \
        --design randomised --unit worker --from 2025-01-01 --to 2025-02-27
    "$ASSAY" plan power drawn --format json >../power.json
    tells jel_did drawn formula 0.03
}

# The paper has the mean of all months before as its base, assay the last one: docs/replications.md.
@test "Copilot and core developers: by month, from the months before" {
    before nhb_copilot '$3 < 202107'
    "$ASSAY" plan new drawn --use-case code.month --metric commits --improve-by 5% \
        --design randomised --unit worker --from 2021-07-01 --to 2021-08-31
    "$ASSAY" plan power drawn --format json >../power.json
    tells nhb_copilot drawn formula 0.03
    scope="{where: \"attr('developer') = 'core' or attr('language') = 'other'\"}"
    study nhb_copilot nhb_copilot/data.csv copilot --use-case code.month --metric commits \
        --improve-by 5% --design staggered --unit worker --from 2020-08-01 --to 2022-07-31
    python3 - "$ASSAY_SHARED_DATA/nhb_copilot/data.csv" <<'PY'
import csv, json, math, sys
rows = [r for r in csv.DictReader(open(sys.argv[1]))
        if r["maintainer"] == "4" or r["copilot_language_ppl"] == "0"]
base = {r["user_id"]: math.log(int(r["TotalCommits"]) + 1) for r in rows if r["yearmonth"] == "202106"}
changes = {"0": [], "1": []}
for r in rows:
    if r["yearmonth"] > "202106":
        changes[r["copilot_language_ppl"]].append(math.log(int(r["TotalCommits"]) + 1) - base[r["user_id"]])
with_it, without = (math.fsum(c) / len(c) for c in (changes["1"], changes["0"]))
got = json.load(open("../answer.json"))["rows"][0]["comparison"]["effect"]
assert abs(got - math.expm1(with_it - without)) < 1e-9, got
PY
}

# Until its period is over a plan may be drawn for: a study's draws are kept as they came.
@test "units that a study drew keep what they got, and a draw against them shows" {
    example metr
    cut -d, -f1,2 "$ASSAY_SHARED_DATA/metr/data.csv" | sed '1d; s/\(.*\),\(.*\)/metr:\1-\2/' >../units
    "$ASSAY" plan new metr --use-case code.issue --metric total_minutes --improve-by 10% \
        --design randomised --unit item --from 2025-02-01 --to 2199-06-30
    cp plans/metr.yaml ../metr.yaml
    "$ASSAY" plan lock metr
    "$ASSAY" import metr "$ASSAY_SHARED_DATA/metr/data.csv"
    "$ASSAY" assign metr --from ../units >../kept 2>../said
    grep -q "246 items, 0 of them drawn for metr now; the others keep what they had" ../said
    python3 - "$ASSAY_SHARED_DATA/metr/data.csv" <<'PY'
import csv, sys
study = {f"metr:{r['dev_id']}-{r['issue_id']}": "ai" if float(r["ai_treatment"]) else "no_ai"
         for r in csv.DictReader(open(sys.argv[1]))}
kept = dict(line.split() for line in open("../kept") if line.startswith("metr:"))
assert kept == study
PY
    # Another plan draws the same issues anew, in blocks of four: nothing to do with the study's.
    sed 's/^plan: metr/plan: again/' ../metr.yaml >plans/again.yaml
    "$ASSAY" plan lock again
    "$ASSAY" assign again --from ../units >../again
    ai=$(grep -c ' ai$' ../again)
    [ "$ai" -ge 122 ]
    [ "$ai" -le 124 ]
    run diff <(grep '^metr:' ../kept) <(grep '^metr:' ../again)
    [ "$status" -eq 1 ]
    # Drawn here, and then told to have been drawn otherwise: nobody knows which it was.
    "$ASSAY" init ../other --own-data --timezone UTC
    cd ../other
    example metr
    cp ../metr.yaml plans/
    "$ASSAY" plan lock metr
    "$ASSAY" assign metr --from ../units >../drawn
    "$ASSAY" import metr "$ASSAY_SHARED_DATA/metr/data.csv"
    "$ASSAY" compare metr --early --format json >../answer.json || [ $? -eq 1 ]
    holds metr 'any(c["check"] == "units_twice" and c["state"] == "failed" for c in row["checks"])'
    holds metr 'row["verdict"]["word"] == "unproven"'
}

@test "what needs times is refused where there are none, and a period that is not over stays shut" {
    open=yes
    study metr metr/data.csv metr --use-case code.issue --metric total_minutes --improve-by 10% \
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
