#!/usr/bin/env bats
# From exports to a report, as a person would: the support desk, a repository, METR's trial.

setup() {
    folder=$(mktemp -d)
    cd "$folder"
}

teardown() {
    rm -rf "$folder"
}

load_desk() {
    "$SUPPORT_DESK" desk
    "$ASSAY" init w --timezone UTC >/dev/null
    cp "$SOURCE/examples/support/use_cases.yaml" w/
    cd w
    "$ASSAY" import items ../desk/tickets.csv --map item_id="Ticket ID" --map opened_at=Created \
        --map started_at=Started --map closed_at=Closed --map worker=Assignee --map team=Team \
        --map state=Status --map updated_at=Updated --map attr.group=Group --map size=Words \
        --map measure.reopened=Reopened 2>/dev/null
    "$ASSAY" import usage ../desk/usage.csv
    "$ASSAY" import measures ../desk/satisfaction.csv
    "$ASSAY" import assignments ../desk/trial.csv
}

# A bare `! grep` fails no test.
absent() {
    if LC_ALL=C grep "$@"; then return 1; fi
}

valid() {
    python3 - "$SOURCE/docs/report.schema.json" "$1" <<'PY'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
document = json.load(open(sys.argv[2]), parse_constant=lambda x: sys.exit("not a number: " + x))
jsonschema.Draft202012Validator(schema).validate(document)
PY
}

@test "the desk's planted truth lies in the intervals of the report" {
    load_desk
    "$ASSAY" report --format json >../report.json
    valid ../report.json
    python3 - ../desk/truth.json ../report.json <<'PY'
import json, sys
truth = json.load(open(sys.argv[1]))
rows = {r["use_case"]: r for r in json.load(open(sys.argv[2]))["rows"]}
for use_case, planted in truth.items():
    row = rows[use_case]
    low, high = row["change"]["interval"]
    assert low <= planted["change_time_to_complete"] <= high, (use_case, "change", low, high)
    if planted["effect_time_to_complete"] is not None:
        low, high = row["comparison"]["interval"]
        assert low <= planted["effect_time_to_complete"] <= high, (use_case, low, high)
assert rows["support.billing"]["comparison"]["design"] == "randomised"
assert rows["support.billing"]["verdict"]["word"] == "better"
assert rows["support.technical"]["comparison"]["design"] == "like_with_like"
assert rows["support.technical"]["verdict"]["word"] == "unproven"
assert rows["support.technical"]["verdict"]["reason"] == "as_found"
assert rows["support.returns"]["comparison"]["effect"] is None
PY
}

@test "every format says the same numbers and nothing is wider than the terminal" {
    load_desk
    COLUMNS=80 LC_ALL=C.UTF-8 "$ASSAY" report >text
    absent -iE '\bnan\b|\binf\b|\bnull\b' text
    python3 -c '
import sys
for line in open(sys.argv[1], encoding="utf-8"):
    assert len(line.rstrip("\n")) <= 80, line' text
    LC_ALL=C "$ASSAY" report >ascii
    absent -P '[^\x00-\x7f]' ascii
    "$ASSAY" report --format markdown >markdown
    "$ASSAY" report --format csv >csv
    python3 - csv <<'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8", newline="")))
assert all(len(r) == len(rows[0]) for r in rows), rows
assert sum(r[2] == "comparison" for r in rows) == 2
PY
    grep -q "support.billing" markdown
}

@test "compare in full: json is valid, explain shows the query, errors can be chosen" {
    load_desk
    "$ASSAY" compare --metric time_to_complete --use-case support.technical --format json >c.json
    valid c.json
    "$ASSAY" compare --metric time_to_complete --use-case support.technical --explain | grep -q "from facts"
    "$ASSAY" compare --metric rework_rate --use-case support.technical --errors cr1 --format json >c.json
    valid c.json
    run "$ASSAY" compare --metric time_to_complet --use-case support.technical
    [ "$status" -eq 2 ]
    [[ "$output" == *"did you mean time_to_complete"* ]]
    run "$ASSAY" compare --metric rework_rate --use-case support.bilin
    [ "$status" -eq 2 ]
    [[ "$output" == *"did you mean support.billing"* ]]
    run "$ASSAY" compare --metric rework_rate --use-case support.billing --adjust "worker = 'x'"
    [ "$status" -eq 2 ]
    [[ "$output" == *"--adjust"* ]]
    run "$ASSAY" compare --metric rework_rate --use-case support.billing --errors cr9
    [ "$status" -eq 2 ]
    run "$ASSAY" compare --metric rework_rate --arms ai
    [ "$status" -eq 2 ]
}

@test "a user's metric with an unknown key, name or type is refused with line and column" {
    load_desk
    printf 'metric: csat\nlabel: x\nkind: mean\nvalue: satisfaktion\nbetter: higher\n' >metrics/csat.yaml
    run "$ASSAY" compare --metric csat --use-case support.billing
    [ "$status" -eq 2 ]
    [[ "$output" == *"metrics/csat.yaml:4:8"* ]]
    [[ "$output" == *"satisfaction"* ]]
    printf 'metric: csat\nlabel: x\nkind: mean\nvaluee: satisfaction\nbetter: higher\n' >metrics/csat.yaml
    run "$ASSAY" compare --metric csat --use-case support.billing
    [ "$status" -eq 2 ]
    [[ "$output" == *"metrics/csat.yaml:4:1"* ]]
    printf 'metric: csat\nlabel: x\nkind: mean\nvalue: team\nbetter: higher\n' >metrics/csat.yaml
    run "$ASSAY" compare --metric csat --use-case support.billing
    [ "$status" -eq 2 ]
    [[ "$output" == *"metrics/csat.yaml:4:8"* ]]
}

@test "a small team is shown nowhere, in no format" {
    load_desk
    cat >use_cases.yaml <<'YAML'
- use_case: support.small
  when: team = 'Amber' and attr('group') = 'Billing'
- use_case: support.rest
  when: attr('group') = 'Billing'
YAML
    sed -i 's/^min_group: .*/min_group: 20/' assay.yaml
    for format in text json markdown csv; do
        "$ASSAY" report --format $format >../out.$format
    done
    valid ../out.json
    python3 - ../out.json <<'PY'
import json, sys
document = json.load(open(sys.argv[1]))
small = [r for r in document["rows"] if r["use_case"] == "support.small"]
assert small == [], small
assert any(c["what"] == "support.small" for c in document["cannot_say"])
for row in document["rows"]:
    for arm in row["comparison"].get("arms", []):
        assert arm["workers"] >= 20
PY
    absent "support.small" ../out.csv
    run "$ASSAY" compare --metric time_to_complete --use-case support.small --format json
    [ "$status" -eq 0 ]
    python3 - <<PY
import json
row = json.loads('''$output''')["rows"][0]
assert row["verdict"]["word"] == "withheld" or row["comparison"].get("withheld"), row
assert "arms" not in row["comparison"]
assert row["change"].get("withheld") and "before" not in row["change"]
assert row["items"] is None and row["workers"] is None
PY
}

@test "a use case with two items says that it is too small" {
    printf 'id,opened\n1,2026-07-02\n2,2026-07-03\n3,2026-10-02\n' >t.csv
    "$ASSAY" init w --own-data --timezone UTC
    cd w
    "$ASSAY" import items ../t.csv --map item_id=id --map opened_at=opened
    run "$ASSAY" report
    [ "$status" -eq 0 ]
    [[ "$output" == *"fewer than 100 items"* ]] || [[ "$output" == *"fewer than 1 people"* ]]
}

@test "foreign column names to a report in two commands" {
    "$SUPPORT_DESK" desk
    "$ASSAY" init w --timezone UTC
    cd w
    "$ASSAY" import items ../desk/tickets.csv --map item_id="Ticket ID" --map opened_at=Created \
        --map closed_at=Closed --map worker=Assignee --map team=Team --set use_case=support
    run "$ASSAY" report
    [ "$status" -eq 0 ]
    [[ "$output" == *"support"*"Time to complete a task"* ]]
}

@test "an empty workspace says what to do" {
    "$ASSAY" init w
    cd w
    run "$ASSAY" report
    [ "$status" -eq 0 ]
    [[ "$output" == *"assay import git"* ]]
}

@test "METR's trial comes out to the published digits, and unproven by the default" {
    [ -n "${ASSAY_SHARED_DATA:-}" ] || { echo "# SKIPPED: no public data sets" >&3; skip "no public data"; }
    "$SOURCE/examples/metr/run.sh" "$ASSAY_SHARED_DATA/metr/data.csv" >out
    tail -6 out >lines
    python3 - "$ASSAY_SHARED_DATA/metr/ANSWERS.json" lines \
        "$SOURCE/tests/oracle/cluster_errors.json" <<'PY'
import json, math, sys
answers = {k: v["value"] for k, v in json.load(open(sys.argv[1]))["answers"].items()}
published = json.load(open(sys.argv[1]))["published"]
lines = {l["errors"]: l for l in map(json.loads, open(sys.argv[2]))}
keys = {"classical": ("nonrobust", "ci_homoskedastic"), "hc3": ("HC3", "ci_HC3"),
        "cr1": ("cluster_dev_CR1S", "ci_cluster_dev")}
def close(a, b):
    assert abs(a - b) <= 1e-9 * max(1, abs(b)), (a, b)
for errors, (key, name) in keys.items():
    line = lines[errors]
    close(line["effect"], answers["speedup_exp_beta_minus_1"])
    close(line["low"], answers["ci_lo_" + key])
    close(line["high"], answers["ci_hi_" + key])
    assert [round(line["low"], 3), round(line["high"], 3)] == published[name], line
line = lines["cr0"]
close(line["low"], answers["ci_lo_cluster_dev_CR0"])
close(line["high"], answers["ci_hi_cluster_dev_CR0"])
recorded = json.load(open(sys.argv[3]))["metr"] # the arm is the second coefficient
for errors in ("cr2", "cr3"):
    close(lines[errors]["low"], math.exp(recorded[errors.upper()]["low"][1]) - 1)
    close(lines[errors]["high"], math.exp(recorded[errors.upper()]["high"][1]) - 1)
assert round(lines["cr2"]["effect"], 3) == published["speedup"]
assert lines["cr2"]["low"] < 0 < lines["cr2"]["high"]
PY
    grep -q "unproven" out
    grep -q "p 0.0529" out
}

@test "a changed min_group is a line of the registry and stands at the head of every report" {
    load_desk
    "$ASSAY" report >../before
    absent "was changed" ../before
    sed -i 's/^min_group: .*/min_group: 10/' assay.yaml
    "$ASSAY" report >../after
    grep -q "was changed since the workspace was made" ../after
    [ "$(wc -l <registry.jsonl)" -eq 2 ]
    "$ASSAY" report >../again
    [ "$(wc -l <registry.jsonl)" -eq 2 ]
    [ "$(sed -n 1p registry.jsonl | sha256sum | cut -d' ' -f1)" = \
        "$(sed -n 2p registry.jsonl | sed 's/.*"prev":"\([0-9a-f]*\)".*/\1/')" ]
}

@test "status counts small use cases without naming them" {
    load_desk
    sed -i 's/^min_group: .*/min_group: 20/' assay.yaml
    cat >use_cases.yaml <<'YAML'
- use_case: support.small
  when: team = 'Amber' and attr('group') = 'Billing'
- use_case: support.rest
  when: source = 'items'
YAML
    "$ASSAY" status >../status
    grep -q "support.rest" ../status
    absent "support.small" ../status
    grep -q "of too few people" ../status
    run "$ASSAY" compare --metric rework_rate
    [ "$status" -eq 2 ]
    [[ "$output" != *"support.small"* ]]
}
