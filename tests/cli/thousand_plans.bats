#!/usr/bin/env bats
# Very many plans of a few use cases: what they share is read once, and a terminal shows the first of
# them.

load import_helpers.bash

# 10,000 plans, of which 14 end in the quarter and about 3,200 run on. Made once for all tests of the file.
many_plans() {
    local made="$BATS_FILE_TMPDIR/many"
    if [ ! -d "$made" ]; then
        python3 "$SOURCE/tests/cli/thousand_plans.py" make files 10000 14
        cp files/plans/*.yaml w/plans/
        for table in items assignments measures; do imports $table files/$table.csv; done
        for plan in plan-00000 plan-00001; do assay plan lock $plan > /dev/null; done
        read -r lines head < <(python3 "$SOURCE/tests/cli/thousand_plans.py" lock w)
        "$RUN_SQL" w/assay.duckdb "update about_workspace set value = '$lines' where thing = 'registry_lines'; \
            update about_workspace set value = '$head' where thing = 'registry_head'"
        assay report > /dev/null # facts are there
        cp files/items.csv w/
        cp -a w "$made"
    fi
    rm -rf w
    cp -a "$made" w
}

@test "each of 10,000 plans is in the list with its lock, and the registry is whole" {
    many_plans
    assay plan list > list
    [ "$(wc -l < list)" -eq 10000 ]
    [ "$(grep -c ' locked 20' list)" -eq 10000 ]
    diff <(ls w/plans | sed 's/.yaml//') <(awk '{ print $1 }' list)
    run assay registry verify
    says "whole: $(wc -l < w/registry.jsonl) lines"
    # A plan that is amended, one that is broken, and one that nobody locked.
    sed -i 's/improve_by: 10%/improve_by: 5%/' w/plans/plan-00007.yaml
    assay plan amend plan-00007 --reason 'less is enough' > /dev/null
    printf 'plan: plan-00008\nuse_case: [\n' > w/plans/plan-00008.yaml
    sed 's/plan-00009/plan-10009/' w/plans/plan-00009.yaml > w/plans/plan-10009.yaml
    run assay plan list
    says "plans/plan-00008.yaml:"
    [[ "$(grep '^plan-00007 ' <<< "$output")" == *"amended 1×" ]]
    [[ "$(grep '^plan-10009 ' <<< "$output")" == *"not locked" ]]
}

@test "a report over them says of each what compare says, and counts the items of what runs on" {
    many_plans
    assay report 2026Q3 --format json > report.json
    for plan in 0 3 4; do assay compare plan-0000$plan --format json > compare-$plan.json; done
    python3 - << 'P'
import csv, datetime, glob, json, re
document = json.load(open("report.json"))
rows = {row["plan"]["name"]: row for row in document["rows"] if row["plan"]}
day = datetime.date.fromisoformat
periods = {}
for path in glob.glob("w/plans/*.yaml"):
    text = open(path).read()
    first, last = map(day, re.search(r"from: (\S+), to: (\S+)}", text).groups())
    if first <= day("2026-09-30") and last >= day("2026-07-01"):
        periods[re.search("plan: (.*)", text)[1]] = (re.search("use_case: (.*)", text)[1], first, last)
assert set(rows) == set(periods) and len(rows) > 100, len(rows)
items = list(csv.DictReader(open("w/items.csv")))
counted = running = 0
for name, (use_case, first, last) in periods.items():
    row = rows[name]
    of = [i for i in items if i["use_case"] == use_case and first <= day(i["opened_at"][:10]) <= last]
    if row["items"] is not None:
        counted += 1
        assert row["items"] == len(of), (name, row["items"], len(of))
        assert row["workers"] == len({i["worker"] for i in of})
    if last > day("2026-09-30"):
        running += 1
        assert row["comparison"]["effect"] is None and row["verdict"] is None and row["change"]["word"]
assert counted > 10 and running > 90, (counted, running)
# The level at which many are judged leaves what was estimated as it is.
same = 0
for name in ("plan-00000", "plan-00003", "plan-00004"):
    alone = json.load(open(f"compare-{name[-1]}.json"))["rows"][0]
    among = rows[name]["comparison"]
    if among["effect"] is None:  # a small group could be had from two plans
        assert among["withheld"]
        continue
    same += 1
    assert among["effect"] == alone["comparison"]["effect"]
    assert among["unadjusted"] == alone["comparison"]["interval"]
    assert [g["interval"] for g in rows[name]["guardrails"]] == [g["interval"] for g in alone["guardrails"]]
assert same > 0
P
}

@test "a terminal shows the first twelve, and says how many are left and how to see them" {
    many_plans
    COLUMNS=80 assay report 2026Q3 > short
    COLUMNS=80 assay report 2026Q3 --all > long
    rows=$(grep -cE '^(▲|◆|▼|＝|\?|·|–)' long)
    [ "$rows" -gt 100 ]
    [ "$(grep -cE '^(▲|◆|▼|＝|\?|·|–)' short)" -eq 12 ]
    grep -qx "$((rows - 12)) more rows: --all" short
    [ "$(wc -l < short)" -le 80 ]
    diff <(grep -E '^(▲|◆|▼|＝|\?|·|–)' long | head -12) <(grep -E '^(▲|◆|▼|＝|\?|·|–)' short)
}
