#!/usr/bin/env bats
# A trial that leaves few people's items out keeps its answer; the change beside it is withheld.

load workspace_helpers.bash
export LC_ALL=C.UTF-8

load_trials() {
    python3 "$SOURCE/tests/cli/beside_trials.py" . "$1"
    printf '%s\n' 'metric: score' 'label: Score' 'kind: mean' 'value: score' 'unit: points' \
        'better: higher' 'material: "1"' >metrics/score.yaml
    "$ASSAY" import items items.csv >/dev/null
    "$ASSAY" import measures measures.csv >/dev/null
    "$ASSAY" import assignments trials.csv >/dev/null
    "$ASSAY" report 2025Q3 --format json >../now.json
    "$ASSAY" report --from 2025-10-01 --to 2025-12-20 --against 2025Q3 --format json >../later.json || true
    local case
    for case in covariate stratum washout scope; do
        "$ASSAY" compare "$case" --format json >"../plan-$case.json"
        "$ASSAY" compare 2025Q3 --metric score --use-case "$case" --format json >"../metric-$case.json" || true
    done
    for file in ../now.json ../later.json; do valid "$file"; done
}

# check CODE: with rows(FILE), change_of(row) of the metric, and said(FILE, case)
check() {
    python3 - "$1" <<'PY'
import json, sys
CASES = "covariate", "stratum", "washout", "scope"
def document(name):
    return json.load(open(f"../{name}.json"))
def row_of(name, case):
    return next(row for row in document(name)["rows"] if row["use_case"] == case)
def change_of(row):
    return next(of["change"] for of in [row, *row["also"]] if of["metric"]["name"] == "score")
def said(name, case):
    return any(entry["what"] == f"change of score, {case}" and "subtraction" in entry["why"]
               for entry in document(name)["withheld"])
exec(sys.argv[1])
PY
}

@test "a washout, a lone stratum, a missing covariate or a scope of few takes no answer from a trial" {
    load_trials 3
    check '
for case in CASES:
    for name in "now", f"plan-{case}":
        row = row_of(name, case)
        assert row["verdict"]["word"] == "better", (name, row["verdict"])
        assert sum(arm["items"] for arm in row["comparison"]["arms"]) == 951
        assert row["items"] is None and row["workers"] is None
        assert change_of(row).get("withheld") and said(name, case), (name, case)
    for name in "later", f"metric-{case}":
        assert change_of(row_of(name, case)).get("withheld") and said(name, case), (name, case)
# Nothing is left out, and nothing withheld.
for name in "now", "later":
    assert change_of(row_of(name, "plain"))["word"] and not said(name, "plain"), name
assert row_of("now", "plain")["items"] == 960'
}

@test "where they are as many as a group has the change is shown beside the trial" {
    load_trials 8
    check '
for case in CASES:
    for name in "now", f"plan-{case}":
        row = row_of(name, case)
        assert row["verdict"]["word"] == "better", (name, row["verdict"])
        # 24 items at 1000, the others at about 11; those without a size have no like before
        assert 24 < change_of(row)["now"] < 40 or case in ("covariate", "scope"), (case, change_of(row))
        assert change_of(row)["items_now"] == 960
    assert change_of(row_of("later", case))["items_before"] == 960, case'
}
