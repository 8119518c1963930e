#!/usr/bin/env bats
# A report over plans: rows of plans, judged together, in the order in which they are read.

load import_helpers.bash
load plan_helpers.bash

# The exit status has to be that of `wanted`, or 0.
reports() {
    status=0
    output=$(assay report 2026Q3 "$@" 2> errors) || status=$?
    [ "$status" -eq "${wanted:-0}" ] || { echo "exit $status: $output"; cat errors; false; }
}

report_json() {
    reports "$@" --format json
    printf '%s\n' "$output" > report.json
    python3 -c 'import json, jsonschema, sys
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))' \
        "$SOURCE/docs/report.schema.json" report.json
}

@test "of many plans exactly the selected exclude zero, in numbers, words and text" {
    for seed in 1 2 3; do
        mkdir "$seed"
        python3 "$SOURCE/tests/cli/many_plans.py" make "$seed" "$seed"
        rm -rf w
        new_workspace w
        cp "$seed"/plans/* w/plans/
        cp "$seed"/metrics/* w/metrics/
        for table in items assignments measures; do imports $table "$seed/$table.csv"; done
        assay report 2026Q3 --format json > "$seed/report.json"
        COLUMNS=80 assay report 2026Q3 > "$seed/report.txt"
        for plan in "$seed"/plans/*.yaml; do
            name="$(basename "$plan" .yaml)"
            assay compare "$name" --format json > "$seed/alone-$name.json"
        done
        python3 "$SOURCE/tests/cli/many_plans.py" check "$seed/report.json" "$seed/report.txt" \
            "$seed"/alone-*.json >> counts
    done
    cat counts # of plans, and of those selected: some, none, and not all, or nothing was tested
    [ "$(awk '$2 > 0 && $2 < $1' counts | wc -l)" -ge 2 ]
}

@test "six plans fit one screen, in the order of their verdicts" {
    six_plans
    COLUMNS=80 reports
    printf '%s\n' "$output"
    python3 - "$output" << 'P'
import re, sys, unicodedata
lines = sys.argv[1].split("\n")
cells = lambda line: sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
assert max(map(cells, lines)) <= 80, max(lines, key=cells)
words = [line[1:12].strip() for line in lines if line and line[0] in "▲◆▼＝?·"]
assert words[:6] == ["better", "at a price", "worse", "no change", "unproven", "running"], words
plans = next(i for i, line in enumerate(lines) if line.startswith("Judged together"))
assert plans + 1 <= 30, plans
P
    says "Judged together, 3 of 5 are selected (97 % intervals"
    says "planned 11 days before the first"
    says "target −10 % met"
    says "at the price of Items with an error"
    says "held: Items with an error"
    says "runs until 2026-12-31"
    LC_ALL=C run assay report 2026Q3
    says "^ better"
    says "v worse"
    says "= no change"
    [ -z "$(printf '%s' "$output" | LC_ALL=C tr -d '\n -~')" ]
}

@test "each use case with a plan has its row alone, and a plan that runs on has no numbers and no look" {
    six_plans
    report_json
    python3 - << 'P'
import json
document = json.load(open("report.json"))
rows = document["rows"]
cases = [row["use_case"] for row in rows]
assert len(cases) == len(set(cases)), cases
assert [row["use_case"] for row in rows if row["plan"] is None] == ["legal.review"], cases
close = next(row for row in rows if row["use_case"] == "finance.close")
assert close["comparison"]["effect"] is None and close["verdict"] is None and not close["plan"]["ended"]
assert close["change"]["word"] and close["guardrails"] == []
assert document["judged_together"]["plans"] == 5
billing = next(row for row in rows if row["use_case"] == "support.billing")
assert billing["change"]["word"] == "improved" and billing["verdict"]["word"] == "better"
assert [g["state"] for g in billing["guardrails"]] == ["held"]
P
    [ "$(grep -c '"kind":"look"' w/registry.jsonl)" -eq 0 ]
    # The report of a period in which a plan does not end leaves its answer to the one in which it does.
    run assay report 2026-07 --format json
    printf '%s\n' "$output" > report.json
    python3 - << 'P'
import json
document = json.load(open("report.json"))
assert document["judged_together"] is None
plans = [row for row in document["rows"] if row["plan"]]
assert len(plans) == 6 and all(row["comparison"]["effect"] is None for row in plans)
P
    run assay report 2026-07
    says "runs until 2026-09-30"
    # And one that no plan's period meets has none.
    run assay report 2026Q2 --format json
    printf '%s\n' "$output" > report.json
    python3 -c 'import json; assert all(row["plan"] is None for row in json.load(open("report.json"))["rows"])'
}

@test "a broken, a changed and an unlocked plan do not stop the others" {
    six_plans
    printf 'plan: policy-search\nuse_case: [\n' > w/plans/policy-search.yaml
    sed -i 's/improve_by: 10%/improve_by: 5%/' w/plans/refactoring.yaml
    sed 's/^plan: docs-search/plan: docs-again/' w/plans/docs-search.yaml > w/plans/docs-again.yaml
    local wanted=2
    report_json
    grep -q "plans/policy-search.yaml:" errors
    python3 - << 'P'
import json
document = json.load(open("report.json"))
rows = {row["plan"]["name"]: row for row in document["rows"] if row["plan"]}
assert set(rows) == {"billing-drafts", "first-drafts", "refactoring", "docs-search", "docs-again",
                     "monthly-close"}, set(rows)
changed = rows["refactoring"]
assert changed["comparison"]["effect"] is None and changed["verdict"] is None
assert "was changed after the plan refactoring was locked" in changed["comparison"]["reason"]
assert changed["change"]["word"] == "declined"
assert rows["docs-again"]["plan"]["locked"] is None
assert "was assigned by the plan" in rows["docs-again"]["comparison"]["reason"]
broken = next(c for c in document["cannot_say"] if c["what"] == "the plan policy-search")
assert "plans/policy-search.yaml:" in broken["why"] and broken["do"] == "assay plan check policy-search"
# Of a plan that cannot be read nobody knows the use case: it has its row without one.
assert any(row["use_case"] == "hr.policy_search" and not row["plan"] for row in document["rows"])
assert document["judged_together"]["plans"] == 3
P
    COLUMNS=80 reports
    says "– no answer  code.refactor"
    says "the plan policy-search"
}

@test "two plans over nearly the same people do not tell of those between them" {
    near_plans
    report_json
    python3 - << 'P'
import json
document = json.load(open("report.json"))
rows = {row["plan"]["name"]: row for row in document["rows"] if row["plan"]}
assert rows["billing-drafts"]["comparison"]["effect"] is not None, rows["billing-drafts"]["comparison"]
hidden = rows["billing-most"]
assert hidden["comparison"].get("withheld") and hidden["verdict"]["word"] == "withheld", hidden["comparison"]
assert hidden["guardrails"] == [] and "arms" not in hidden["comparison"]
# Nor does it count among those that are judged, or move their level: whether it excludes 0 is its own.
assert document["judged_together"]["plans"] == 1, document["judged_together"]
assert rows["billing-drafts"]["comparison"]["level"] == 0.95
P
    # In another unit values cannot be subtracted, and counts are not there to be.
    sed -i 's/time_to_complete, improve_by: 10%/quality_score, improve_by: 2pp/' w/plans/billing-most.yaml
    report_json
    python3 - << 'P'
import json
document = json.load(open("report.json"))
row = next(row for row in document["rows"] if row["plan"] and row["plan"]["name"] == "billing-most")
comparison = row["comparison"]
assert comparison["effect"] is not None
assert all(arm["items"] is None and arm["workers"] is None for arm in comparison["arms"]), comparison["arms"]
assert comparison["clusters"] is None and set(comparison["excluded"].values()) == {None}
P
    reports
    says_not " nan"
}
