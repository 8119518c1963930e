#!/usr/bin/env bats
# Like with like is coarsened exact matching: LaLonde's data, the training told by calls as found,
# against R's MatchIt (tests/oracle/matching.R).

load import_helpers.bash

# Texts, since numbers would be cut into fifths.
age="case when age < 19.5 then 'a' when age < 24.5 then 'b' when age < 29.5 then 'c' when age < 39.5 then 'd' else 'e' end"
school="case when educ < 8.5 then 'a' when educ < 11.5 then 'b' when educ < 12.5 then 'c' else 'd' end"
married="case when married = 1 then 'a' else 'b' end"
earned="case when re74 < 0.5 then 'a' when re74 < 5000.5 then 'b' else 'c' end"

people() {
    [ -n "${ASSAY_SHARED_DATA:-}" ] || { echo "# SKIPPED: no public data sets" >&3; skip "no public data"; }
    python3 - << 'P'
import csv, os
rows = list(csv.DictReader(open(os.environ["ASSAY_SHARED_DATA"] + "/lalonde/data.csv")))
day = lambda n: f"2026-07-{1 + n % 28:02d}"
with open("items.csv", "w") as items, open("measures.csv", "w") as measures, open("usage.csv", "w") as usage:
    print("item_id,use_case,worker,opened_at,closed_at,state,race", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    print("usage_id,occurred_at,grain,worker,tool,item_id,status", file=usage)
    for n, r in enumerate(rows):
        print(f"T{n},training,p{n},{day(n)} 09:00:00,{day(n)} 17:00:00,done,{r['race']}", file=items)
        for name in ("age", "educ", "married", "re74", "re78"):
            print(f"T{n},{name},{day(n)} 17:00:00,{r[name]}", file=measures)
        if r["treat"] == "1":
            print(f"U{n},{day(n)} 10:00:00,call,p{n},aid,T{n},ok", file=usage)
    print("first,2026-06-01 00:00:00,call,someone,aid,,ok\nlast,2026-10-30 00:00:00,call,someone,aid,,ok", file=usage)
    print("last,other.work,w1,2026-10-29 00:00:00,2026-10-30 00:00:00,done,", file=items)
P
    imports items items.csv --map attr.race=race
    imports measures measures.csv
    imports usage usage.csv
    printf '%s\n' 'metric: earnings' 'label: Earnings in 1978' 'kind: mean' 'value: re78' 'unit: USD' \
        'better: higher' 'material: 500' > w/metrics/earnings.yaml
}

agrees() {
    python3 - << 'P'
import json, os, sys
source = os.environ["SOURCE"]
sys.path.insert(0, source + "/examples")
from replicate import student_quantile
want = json.load(open(source + "/tests/oracle/matching.json"))
row = json.load(open("answer.json"))["rows"][0]
got = row["comparison"]
near = lambda a, b: abs(a / b - 1) < 1e-8
assert near(got["naive"]["effect"], want["naive"]), (got["naive"], want)
assert near(got["effect"], want["effect"]), (got["effect"], want)
people, matched = want["people"], want["matched"]
assert [a["items"] for a in got["arms"]] == people, (got["arms"], want)
assert got["excluded"]["unmatched"] == sum(people) - sum(matched) and got["clusters"] == sum(matched)
half = (got["interval"][1] - got["interval"][0]) / 2
assert near(half / student_quantile(got["df"], 0.975), want["error"]), (half, got["df"], want)
P
}

answer() {
    run assay compare "$@" --format json
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
    printf '%s\n' "$output" > answer.json
}

@test "effect, matched people and error are those of matching in R, asked by flags or by a plan" {
    people
    answer --metric earnings --from 2026-07-01 --to 2026-09-30 \
        --like "$age,$school,attr('race'),$married,$earned"
    agrees
    cat > w/plans/alike.yaml << Y
plan: alike
use_case: training
design:
  kind: like_with_like
  cells: ["$age", "$school", "attr('race')", "$married", "$earned"]
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: earnings, improve_by: "500"}
Y
    answer alike
    agrees
    # Without one of the cells people are matched who are not alike.
    answer --metric earnings --from 2026-07-01 --to 2026-09-30 --like "$age,$school,attr('race'),$married"
    run agrees
    [ "$status" -ne 0 ]
}
