#!/usr/bin/env bats
# assay compare --all: every plan as `compare PLAN` alone answers it, and nothing else looked at.

load import_helpers.bash
load plan_helpers.bash

# The exit status has to be the first word.
compares_all() {
    local wanted="$1"
    shift
    status=0
    output=$(assay compare --all "$@" 2> errors) || status=$?
    [ "$status" -eq "$wanted" ] || { echo "exit $status: $output"; cat errors; false; }
}

all_json() {
    compares_all "$@" --format json
    printf '%s\n' "$output" > all.json
    python3 -c 'import json, jsonschema, sys
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))' \
        "$SOURCE/docs/report.schema.json" all.json
}

# check CODE: with document, and rows by plan
check() {
    python3 - "$1" << 'P'
import json, sys
document = json.load(open("all.json"))
rows = {row["plan"]["name"]: row for row in document["rows"]}
assert len(rows) == len(document["rows"])
exec(sys.argv[1])
P
}

@test "each row has exactly what compare PLAN alone says, and the truth that was planted" {
    six_plans
    cp w/registry.jsonl before.jsonl
    all_json 0
    for plan in w/plans/*.yaml; do
        name="$(basename "$plan" .yaml)"
        assay compare "$name" --format json > "alone-$name.json" || [ "$name" = monthly-close ]
    done
    check '
names = {"billing-drafts": "better", "first-drafts": "trade_off", "refactoring": "worse",
         "policy-search": "no_material_change", "docs-search": "unproven"}
assert document["own_periods"] and document["period"] is None and document["judged_together"] is None
assert list(rows) == [*names, "monthly-close"], list(rows)
for name, row in rows.items():
    assert row == json.load(open(f"alone-{name}.json"))["rows"][0], name
for name, word in names.items():
    assert rows[name]["verdict"]["word"] == word, (name, rows[name]["verdict"])
    assert rows[name]["comparison"]["level"] == 0.95 and rows[name]["comparison"]["selected"] is None
low, high = rows["billing-drafts"]["comparison"]["interval"]
assert low < 0.72 - 1 < high, (low, high)
low, high = rows["refactoring"]["comparison"]["interval"]
assert low < 1.19 - 1 < high, (low, high)'
    cmp before.jsonl w/registry.jsonl # nobody looked
}

@test "a plan that runs stays shut, and it is said which and how to look" {
    six_plans
    all_json 0
    check '
shut = rows["monthly-close"]
assert shut["comparison"]["effect"] is None and shut["verdict"] is None and shut["guardrails"] == []
assert shut["change"]["word"] is None and not shut["plan"]["ended"] and not shut["plan"]["looked_early"]
assert "assay compare monthly-close --early" in shut["comparison"]["reason"]'
    COLUMNS=300 compares_all 0
    says "· running    monthly-close "
    says "assay compare monthly-close --early shows the numbers as they are"
    compares_all 0 --format markdown
    says "| monthly-close | finance.close | "
    says "| running | "
    compares_all 0 --format csv
    printf '%s\n' "$output" > all.csv
    python3 -c 'import csv
plans = {line["plan"]: line for line in csv.DictReader(open("all.csv", newline="")) if line["kind"] == "plan"}
assert len(plans) == 6 and plans["monthly-close"]["word"] == "running", plans
assert "--early" in plans["monthly-close"]["reason"] and plans["refactoring"]["word"] == "worse", plans'
    [ "$(grep -c '"kind":"look"' w/registry.jsonl)" -eq 0 ]
    # Who did look sees it, here as there; and still no number without asking.
    assay compare monthly-close --early > /dev/null
    all_json 0
    check 'assert rows["monthly-close"]["plan"]["looked_early"]
assert rows["monthly-close"]["comparison"]["effect"] is None'
    [ "$(grep -c '"kind":"look"' w/registry.jsonl)" -eq 1 ]
}

@test "every plan has its line in the terminal, and the page says that each is judged alone" {
    six_plans
    COLUMNS=80 compares_all 0
    says "What did each plan find?"
    says "6 plans, each over its own period"
    says "Each plan is judged alone, at its own level"
    says_not "Judged together"
    says_not "Can't say yet"
    for line in "▲ better     billing-drafts " "◆ at a price first-drafts " "▼ worse      refactoring " \
        "＝no change  policy-search " "? unproven   docs-search "; do says "$line"; done
    says "Next: assay compare billing-drafts"
    LC_ALL=C compares_all 0
    [ -z "$(printf '%s' "$output" | LC_ALL=C tr -d '\n -~')" ]
    compares_all 0 --format markdown
    says "# What did each plan find?"
    says "Each plan is judged alone"
    says "of plans each at its own level"
}

@test "a period asks for the plans that it meets, and numbers stay the plans' own" {
    six_plans
    all_json 0 2026-07
    mv all.json july.json
    all_json 0
    check 'july = json.load(open("july.json"))
assert july["rows"] == document["rows"] and "meets 2026-07" in july["notes"][0]'
    all_json 1 2026Q4
    check 'assert list(rows) == ["monthly-close"]'
    all_json 1 --from 2026-10-01 --to 2026-10-31
    check 'assert list(rows) == ["monthly-close"]'
    all_json 1 2026Q1
    check 'assert not rows and document["cannot_say"][0]["do"] == "assay compare --all"'
    sed 's/^plan: .*/plan: small/; s/2026-09-30/2026-07-31/' w/plans/policy-search.yaml > w/plans/small.yaml
    all_json 0 2026Q3
    check 'assert "small" in rows'
    all_json 0 2026-09
    check 'assert "small" not in rows and len(rows) == 6'
}

@test "what goes with one plan, or with none, is refused beside --all" {
    six_plans
    refuses() { # TEXT ARGUMENTS...
        local text="$1"
        shift
        run assay compare --all "$@"
        [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
        says "$text"
    }
    refuses "leave billing-drafts out, or --all" billing-drafts
    refuses "one period at most" 2026Q2 2026Q3
    refuses "a look goes on record, and is taken at one plan at a time" --early
    refuses "--metric: each plan decides that" --metric time_to_complete
    refuses "--use-case: each plan decides that" --use-case support.billing
    refuses "--like: each plan decides that" --like size
    refuses "this is shown of one plan at a time" --explain
    refuses "--from needs --to" --from 2026-07-01
    refuses "not both" 2026Q3 --from 2026-07-01 --to 2026-08-01
    refuses "is none of cr2, cr3" --errors cr9
    [ "$(grep -c '"kind":"look"' w/registry.jsonl)" -eq 0 ]
}

@test "errors of another kind are those that compare PLAN gives with them" {
    six_plans
    all_json 0 --errors cr0
    assay compare policy-search --errors cr0 --format json > alone.json
    check 'assert rows["policy-search"] == json.load(open("alone.json"))["rows"][0]
assert rows["policy-search"]["comparison"]["errors"] == "cr0"'
}

@test "a workspace without a plan says what to do" {
    compares_all 1
    says "Can't say yet: any plan (the workspace has none yet: assay plan new NAME --template"
    all_json 1
    check 'assert not rows and document["cannot_say"][0]["why"] == "the workspace has none yet"'
    compares_all 1 --format markdown
    says "the workspace has none yet"
    compares_all 1 --format csv
    says "any plan,,cannot_say,"
}

@test "a broken, a changed and an impossible plan are rows with their reason among good ones" {
    six_plans
    printf 'plan: policy-search\nuse_case: [\n' > w/plans/policy-search.yaml
    sed -i 's/improve_by: 10%/improve_by: 5%/' w/plans/refactoring.yaml
    sed 's/^plan: docs-search/plan: docs-again/' w/plans/docs-search.yaml > w/plans/docs-again.yaml
    sed 's/^plan: .*/plan: mandated/; s/^design: .*/design: {kind: before_after, policy: mandate}/' \
        w/plans/docs-search.yaml > w/plans/mandated.yaml
    sed 's/^plan: .*/plan: unread/; s/time_to_complete/guess/' w/plans/docs-search.yaml > w/plans/unread.yaml
    printf 'metric: guess\nlabel: Guess\nkind: mean\nvalue: satisfaktion\nbetter: higher\nmaterial: "1"\n' \
        > w/metrics/guess.yaml
    rm w/plans/first-drafts.yaml
    all_json 2
    grep -q "plans/policy-search.yaml:" errors
    grep -q "metrics/guess.yaml:4:8: " errors
    check '
assert set(rows) == {"billing-drafts", "refactoring", "docs-search", "docs-again", "mandated",
                     "monthly-close"}, set(rows)
assert rows["billing-drafts"]["verdict"]["word"] == "better"
def reason(name):
    assert rows[name]["comparison"]["effect"] is None and rows[name]["verdict"] is None
    return rows[name]["comparison"]["reason"]
assert "was changed after the plan refactoring was locked" in reason("refactoring")
assert "was assigned by the plan" in reason("docs-again")
assert "there is no policy mandate in the data" in reason("mandated")
unsaid = {entry["what"]: entry for entry in document["cannot_say"]}
assert set(unsaid) == {"the plan policy-search", "the plan unread", "the plan first-drafts"}, unsaid
assert unsaid["the plan unread"]["do"] == "assay plan check unread"
assert "is gone; put back" in unsaid["the plan first-drafts"]["why"]'
    COLUMNS=300 compares_all 2
    says "– no answer  refactoring "
    says "there is no policy mandate in the data"
    says "the plan first-drafts (it was locked on"
    # Where nothing at all can be compared the answer is no.
    rm w/plans/{policy-search,unread,billing-drafts,docs-search}.yaml w/metrics/guess.yaml
    compares_all 1
}

@test "of a plan that may be looked at at any time the look is on record, and said" {
    six_plans
    sed 's/^plan: .*/plan: any-time/; s/2026-09-30/2026-12-31/' w/plans/policy-search.yaml > w/plans/any-time.yaml
    printf 'looks: anytime\nitems: 4000\n' >> w/plans/any-time.yaml
    mkdir again
    python3 "$SOURCE/tests/cli/six_plans.py" again
    sed 's/^policy-search,/any-time,/' again/assignments.csv > moved.csv
    rm w/plans/policy-search.yaml
    imports assignments moved.csv
    assay plan lock any-time > /dev/null
    all_json 0
    [ "$(grep -c '"kind":"look"' w/registry.jsonl)" -eq 1 ]
    check 'assert rows["any-time"]["comparison"]["effect"] is not None
assert any("any-time may be looked at at any time: the registry now says" in note for note in document["notes"])'
    mv all.json first.json
    all_json 0 # the same data: the same look
    [ "$(grep -c '"kind":"look"' w/registry.jsonl)" -eq 1 ]
    check 'assert not any("any-time" in note for note in document["notes"])'
    assay compare any-time --format json > alone.json
    check 'assert rows["any-time"] == json.load(open("alone.json"))["rows"][0]'
}

@test "two plans over nearly the same people do not tell of those between them" {
    near_plans
    all_json 0
    check '
assert rows["billing-drafts"]["comparison"]["effect"] is not None
hidden = rows["billing-most"]
assert hidden["comparison"].get("withheld") and hidden["verdict"]["word"] == "withheld", hidden["comparison"]
assert hidden["guardrails"] == [] and "arms" not in hidden["comparison"]'
    COLUMNS=300 compares_all 0
    says "withheld   billing-most"
    says "a small group could be had from it by subtraction"
    # In another unit values cannot be subtracted, and counts are not there to be.
    sed -i 's/time_to_complete, improve_by: 10%/quality_score, improve_by: 2pp/' w/plans/billing-most.yaml
    all_json 0
    check '
comparison = rows["billing-most"]["comparison"]
assert comparison["effect"] is not None
assert all(arm["items"] is None and arm["workers"] is None for arm in comparison["arms"]), comparison["arms"]
assert comparison["clusters"] is None and set(comparison["excluded"].values()) == {None}'
}
