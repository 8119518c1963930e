#!/usr/bin/env bats
# Plans that may be looked at at any time: an interval that holds at every look.

load import_helpers.bash
load plan_helpers.bash

# 1,200 tickets of 24 people over 100 days, half of them given AI by item; satisfaction is lower by
# 0.2 with AI. batch FROM TO imports those of a range.
batch() {
    python3 - "$1" "$2" << 'P'
import random, sys
from datetime import datetime, timedelta
draw = random.Random(11)
with open("items.csv", "w") as items, open("trial.csv", "w") as trial, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,opened_at,closed_at,state", file=items)
    print("plan,unit_kind,unit,arm,probability", file=trial)
    print("item_id,name,occurred_at,value", file=measures)
    for n in range(1200):
        ai = draw.random() < 0.5
        opened = datetime(2026, 7, 1) + timedelta(hours=2 * n)
        closed = opened + timedelta(minutes=100 + draw.randrange(60))
        value = max(0, min(1, draw.gauss(0.5 if ai else 0.7, 0.15)))
        if not int(sys.argv[1]) <= n < int(sys.argv[2]):
            continue
        print(f"T{n},support.billing,w{n % 24},team{n % 4},{opened},{closed},done", file=items)
        print(f"drafts,item,T{n},{'ai' if ai else 'no_ai'},0.5", file=trial)
        print(f"fixed,item,T{n},{'ai' if ai else 'no_ai'},0.5", file=trial)
        print(f"T{n},satisfaction,{closed},{value:.4f}", file=measures)
P
    echo "T9999,other.work,w1,team1,2026-10-20,2026-10-20,done" >> items.csv
    imports_together items=items.csv assignments=trial.csv measures=measures.csv
}

a_plan() {
    cat > w/plans/drafts.yaml << 'Y'
plan: drafts
use_case: support.billing
design: {kind: randomised, unit: item}
period: {from: 2026-07-01, to: 2026-12-31}
primary: {metric: satisfaction, improve_by: 2pp}
looks: anytime
items: 1200
Y
    sed '/^looks/d;/^items/d;s/drafts/fixed/' w/plans/drafts.yaml > w/plans/fixed.yaml
}

looks() {
    grep -c '"kind":"look"' w/registry.jsonl || true
}

answer() {
    local name="$1"
    shift
    run assay compare "$name" "$@" --format json
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
    printf '%s\n' "$output" > "$name.json"
    python3 -c 'import json, jsonschema, sys
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))' \
        "$SOURCE/docs/report.schema.json" "$name.json"
}

# The interval of drafts.json against the fixed one of fixed.json, by the formula of the paper; t by
# Simpson's rule on its density.
widths_agree() {
    python3 - << 'P'
import json, math
any_, fixed = (json.load(open(f"{n}.json"))["rows"][0]["comparison"] for n in ("drafts", "fixed"))
assert any_["looks"] == "anytime" and fixed["looks"] == "end"
assert any_["level"] == fixed["level"] == 0.95 and any_["p"] is None
assert abs(any_["effect"] - fixed["effect"]) < 1e-9 and abs(any_["df"] - fixed["df"]) < 1e-6
def tail(q, df):  # P(T > q)
    log = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.log(df * math.pi) / 2
    f = lambda x: math.exp(log - (df + 1) / 2 * math.log1p(x * x / df))
    n = 4000
    h = q / n
    return 0.5 - h / 3 * (f(0) + f(q) + sum((4 if i % 2 else 2) * f(i * h) for i in range(1, n)))
def quantile(p, df):
    low, high = 0, 50
    for _ in range(60):
        mid = (low + high) / 2
        low, high = (mid, high) if tail(mid, df) > p else (low, mid)
    return low
t = sum(a["items"] for a in any_["arms"]) / 1200
r = -2 * math.log(.05) + math.log(1 - 2 * math.log(.05))
c = math.sqrt((1 + 1 / (t * r)) * (math.log(1 + t * r) - 2 * math.log(.05)))
beyond = math.erfc(c / math.sqrt(2)) / 2
half = lambda x: (x["interval"][1] - x["interval"][0]) / 2
ratio = quantile(beyond, any_["df"]) / quantile(.025, any_["df"])
# Means of values from 0 on have a slightly longer lower side, by a rule that is not linear in t.
assert abs(half(any_) / half(fixed) / ratio - 1) < 3e-3, (half(any_) / half(fixed), ratio)
assert abs(any_["planned_share"] - t) < 1e-9
P
}

@test "looks at any time have an interval that holds at all of them, and each is on record once" {
    a_plan
    batch 0 40
    assay plan lock drafts
    run assay compare drafts
    [ "$status" -eq 1 ]
    says "fewer than 5 % of the planned items have an outcome"
    run assay compare drafts --format json # nothing of the look, but why there is none
    printf '%s\n' "$output" > early.json
    python3 -c 'import json
row = json.load(open("early.json"))["rows"][0]
assert set(row["comparison"]) == {"effect", "reason"} and row["verdict"] is None, row
assert row["checks"] == [] and row["guardrails"] == [], row'
    batch 40 300
    answer drafts
    answer fixed --early
    widths_agree
    answer drafts
    [ "$(looks)" -eq 1 ]
    batch 300 1200
    answer drafts
    answer fixed --early
    widths_agree
    [ "$(looks)" -eq 2 ]
    python3 -c 'import json
row = json.load(open("drafts.json"))["rows"][0]
assert row["plan"]["looked_early"] is False, row["plan"]
assert row["verdict"]["word"] == "worse", row["verdict"]'
    locked_on 2026-06-20
    run assay compare drafts
    says "95 % interval, valid at every look"
    says "Of the planned items 100 % have an outcome."
    says "The interval is valid at every look."
    says_not "looked early"
    run assay registry
    says_not "before the period's end"
}

@test "no number of items is said to settle a plan that may be looked at any time" {
    a_plan
    sed -i 's/^primary: .*/primary: {metric: cycle_time, improve_by: 1%}/' w/plans/drafts.yaml w/plans/fixed.yaml
    batch 0 300
    assay plan lock drafts
    answer drafts
    answer fixed --early
    python3 -c 'import json
any_, fixed = (json.load(open(f"{n}.json"))["rows"][0]["verdict"] for n in ("drafts", "fixed"))
assert any_["reason"] == fixed["reason"] == "too_few", (any_, fixed)
assert any_["items_needed"] is None and fixed["items_needed"] > 0, (any_, fixed)
assert "every look" in any_["needed_reason"] and fixed["needed_reason"] is None, (any_, fixed)'
}

@test "items have to be fixed before the first look" {
    a_plan
    batch 0 300
    run assay compare drafts
    [ "$status" -eq 1 ]
    says "lock the plan: assay plan lock drafts"
    says_not "interval, valid"
    assay plan lock drafts
    run assay compare drafts --early
    [ "$status" -eq 2 ]
    says "the plan drafts may be looked at at any time; leave it out"
    sed -i 's/1200/300/' w/plans/drafts.yaml
    run assay compare drafts
    [ "$status" -eq 2 ]
    says "this was changed after the plan drafts was locked"
}

@test "under ten people there is no such interval, at any time" {
    a_plan
    sed -i '$a scope: {where: size < 9}' w/plans/drafts.yaml
    batch 0 1200
    awk -F, 'NR == 1 { print $1 ",size,use_case,worker,opened_at,closed_at,state,updated_at"; next }
        { n = substr($1, 2); printf "%s,%d,%s,%s,%s,%s,%s,2027-01-01\n", $1, n % 24, $2, $3, $5, $6, $7 }' items.csv > sized.csv
    imports items sized.csv
    assay plan lock drafts
    run assay compare drafts
    [ "$status" -eq 1 ]
    says "under 10 people or teams carry it"
}

@test "guardrails of such a plan hold at every look, too" {
    a_plan
    batch 0 600
    printf 'guardrails:\n  - {metric: cycle_time, allow: 4%%}\n' | tee -a w/plans/drafts.yaml >> w/plans/fixed.yaml
    assay plan lock drafts
    answer drafts
    answer fixed --early
    python3 - << 'P'
import json
any_, fixed = (json.load(open(f"{n}.json"))["rows"][0]["guardrails"][0] for n in ("drafts", "fixed"))
half = lambda x: (x["interval"][1] - x["interval"][0]) / 2
assert abs(any_["effect"] - fixed["effect"]) < 1e-9
assert 1.5 < half(any_) / half(fixed) < 2.5, (any_, fixed)
P
}

@test "what rests on few people is withheld of a look, too" {
    a_plan
    sed -i '$a scope: {where: size < 7}' w/plans/drafts.yaml
    batch 0 1200
    awk -F, 'NR == 1 { print $1 ",size,use_case,worker,opened_at,closed_at,state,updated_at"; next }
        { n = substr($1, 2); printf "%s,%d,%s,%s,%s,%s,%s,2027-01-01\n", $1, n % 24, $2, $3, $5, $6, $7 }' items.csv > sized.csv
    imports items sized.csv
    assay plan lock drafts
    run assay compare drafts --format json
    printf '%s\n' "$output" > drafts.json
    python3 -c 'import json
row = json.load(open("drafts.json"))["rows"][0]
assert row["comparison"]["effect"] is None and "arms" not in row["comparison"], row
assert row["items"] is None and row["guardrails"] == [], row
assert row["plan"]["first_item_day"] is None, row["plan"]'
}
