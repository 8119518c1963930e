#!/usr/bin/env bats
# Sums over many people that would tell of few: where nearly everybody adds nothing, the sum is that
# of the others. Arms have twenty people and more; none of this is a small arm.

load workspace_helpers.bash
export COLUMNS=1000 LC_ALL=C.UTF-8

# office SPENDERS: 40 people, by lot in two arms of 20; three of each arm are team Tiny. The first
# SPENDERS people use AI, and what their calls cost is known. All is of two quarters.
office() {
    python3 - "$1" << 'P'
import datetime, json, random, sys
draw, spenders = random.Random(3), int(sys.argv[1])
items, calls, trial = open("../items.csv", "w"), open("../usage.jsonl", "w"), open("../trial.csv", "w")
print("item_id,worker,team,size,opened_at,started_at,closed_at,state,measure.satisfaction", file=items)
print("plan,unit_kind,unit,arm,probability", file=trial)
n = 0
for person in range(40):
    team = "Tiny" if person % 20 < 3 else f"team{person % 2}"
    print(f"t,worker,p{person},{'ai' if person < 20 else 'no_ai'},0.5", file=trial)
    for day in range(1, 180, 5):
        start = datetime.datetime(2026, 1, 1) + datetime.timedelta(days=day, minutes=draw.randrange(400))
        end = start + datetime.timedelta(minutes=draw.randrange(60, 900))
        print(f"T{n},p{person},{team},{draw.randrange(1, 400)},{start},{start},{end},done,{draw.randrange(6) / 5}", file=items)
        if person < spenders:
            call = {"usage_id": f"c{n}", "occurred_at": str(start + datetime.timedelta(minutes=1)), "worker": f"p{person}",
                    "tool": "chat", "item_id": f"T{n}", "usd": round(draw.uniform(0.5, 3), 2)}
            print(json.dumps(call), file=calls)
        n += 1
for person in range(40):
    for day in "2025-12-01", "2026-12-01":
        print(json.dumps({"usage_id": f"e{person}{day}", "occurred_at": day, "worker": f"p{person}", "tool": "chat", "usd": 0}), file=calls)
P
    "$ASSAY" import items ../items.csv --set use_case=x > ../log || { cat ../log; false; }
    "$ASSAY" import usage ../usage.jsonl > ../log || { cat ../log; false; }
}

# metric NAME TEXT: with `better: lower`.
metric() {
    printf 'metric: %s\nbetter: lower\nmaterial: %s\n%s\n' "$1" "$2" "$3" > "metrics/$1.yaml"
}

trial() {
    "$ASSAY" import assignments ../trial.csv > ../log
    cat > plans/t.yaml << 'Y'
plan: t
use_case: x
design: {kind: randomised, unit: worker, probability: 0.5}
period: {from: 2026-04-01, to: 2026-06-30}
Y
    printf 'primary: {metric: %s, improve_by: 10%%}\n' "$1" >> plans/t.yaml
    [ -z "${2:-}" ] || printf 'guardrails: [{metric: %s, allow: 10%%}]\n' "$2" >> plans/t.yaml
}

# The row of an answer has no number.
has_no_number() {
    "$ASSAY" "$@" --format json > ../got.json || true
    valid ../got.json
    python3 - << 'P'
import json
row = json.load(open("../got.json"))["rows"][0]
numbers = []
def walk(path, x):
    if isinstance(x, dict):
        for key, value in x.items():
            walk(f"{path}.{key}", value)
    elif isinstance(x, list):
        for i, value in enumerate(x):
            walk(f"{path}[{i}]", value)
    elif isinstance(x, (int, float)) and not isinstance(x, bool):
        numbers.append((path, x))
for part in "change", "comparison", "verdict":
    walk(part, row[part])
assert not numbers, numbers
P
}

# An answer, even where it is that there is none: not a crash, nor a refusal.
answers() {
    local status=0
    "$ASSAY" "$@" || status=$?
    [ "$status" -le 1 ]
}

# Nowhere in any format of a command.
tells_nothing() {
    has_no_number "$@"
    answers "$@" > ../text
    answers "$@" --format markdown > ../markdown
    answers "$@" --format csv > ../csv
    absent "Parts" ../text ../markdown
    python3 - << 'P'
import csv
assert open("../text").read().strip() and open("../markdown").read().strip()
assert "effect" in csv.DictReader(open("../csv")).fieldnames
for row in csv.DictReader(open("../csv")):
    assert not [row[key] for key in ("value_0", "value_1", "effect", "low", "high", "df", "p") if row[key]], row
P
}

@test "what one of forty people spends on AI is in no format" {
    office 1
    tells_nothing compare 2026Q2 --metric cost_per_completed
    absent "USD" ../text ../markdown
    "$ASSAY" report 2026Q2 > ../text
    absent -i "AI cost" ../text || { cat ../text; false; }
    "$ASSAY" report 2026Q2 --publish > ../log
    python3 - << 'P'
import json
row, = json.load(open("reports/2026Q2.json"))["rows"]
for also in row["also"]:
    assert also["metric"]["name"] != "cost_per_completed" or "before" not in also["change"], also
P
}

@test "what twenty of forty spend on AI is shown, with its parts and calls" {
    office 20
    "$ASSAY" compare 2026Q2 --metric cost_per_completed --format json > ../got.json || [ $? -eq 1 ]
    valid ../got.json
    python3 - << 'P'
import csv, datetime, json
change = json.load(open("../got.json"))["rows"][0]["change"]
closed = {item["item_id"]: datetime.datetime.fromisoformat(item["closed_at"])
          for item in csv.DictReader(open("../items.csv"))}
# The quarter before as it stood as long after its end as this one is seen after its own.
stood = max(closed.values()) - datetime.timedelta(days=91)
spent = {"before": 0, "now": 0}
for line in open("../usage.jsonl"):
    call = json.loads(line)
    if "item_id" in call and call["occurred_at"] >= "2026-04":
        spent["now"] += call["usd"]
    elif "item_id" in call and closed[call["item_id"]] <= stood:
        spent["before"] += call["usd"]
for part in change["parts"]:
    assert abs(part["numerator"] - spent[part["of"]]) < 1e-6, (part, spent)
    assert part["calls"] > 0
assert change["interval"][0] is not None
P
}

@test "of nine people a change has values and no interval: what one of them does moves it" {
    sed -i 's/^min_group: .*/min_group: 5/' assay.yaml
    office 9
    "$ASSAY" compare 2026Q2 --metric cost_per_completed --format json > ../got.json || [ $? -eq 1 ]
    valid ../got.json
    python3 - << 'P'
import json
change = json.load(open("../got.json"))["rows"][0]["change"]
assert change["word"] == "unclear" and change["interval"] == [None, None] and change["before"] > 0, change
assert change["df"] is None and change["p"] is None
P
    "$ASSAY" compare 2026Q2 --metric cost_per_completed > ../text || [ $? -eq 1 ]
    tr -s '\n ' ' ' < ../text | grep -q "under 10 people" || { cat ../text; false; }
}

@test "a formula that gives all but a small team the same tells nothing, as a mean, a ratio, a share or a time" {
    office 0
    trial rt
    for kind in "kind: ratio
numerator: case when team = 'Tiny' then size else 0 end
denominator: case when team = 'Tiny' then 1 else 0 end" \
        "kind: ratio
numerator: case when team = 'Tiny' then size else 3 end
denominator: case when size > 0 then 1 else 0 end" \
        "kind: ratio
numerator: case when size > 0 then 1 else 0 end
denominator: case when team = 'Tiny' then size else 1 end" \
        "kind: mean
unit: x
value: case when team = 'Tiny' then size else 0 end" \
        "kind: mean
unit: x
value: case when team = 'Tiny' then size else 7 end" \
        "kind: proportion
value: team = 'Tiny' and size > 200" \
        "kind: duration
unit: minutes
horizon: 2d
from: opened_at
to: case when team = 'Tiny' then closed_at else opened_at end"; do
        echo "$kind"
        amount="$([[ "$kind" == *proportion* ]] && echo 1pp || echo 10%)"
        metric rt "$amount" "$kind"
        sed -i "s/improve_by: .*}/improve_by: $amount}/" plans/t.yaml
        has_no_number compare t --early
        has_no_number compare 2026Q2 --metric rt
        "$ASSAY" plan power t --format json > ../power.json || [ $? -eq 1 ]
        python3 - << 'P'
import json
metric, = json.load(open("../power.json"))["metrics"]
assert not any(metric[key] for key in ("power", "detectable", "items_needed", "units_needed", "steps")), metric
P
    done
    tells_nothing compare t --early
}

@test "as a guardrail it is open, without numbers, and decides nothing" {
    office 0
    metric rt 10% "kind: mean
unit: x
value: case when team = 'Tiny' then size else 0 end"
    trial cycle_time rt
    "$ASSAY" compare t --early --format json > ../got.json
    valid ../got.json
    python3 - << 'P'
import json
row = json.load(open("../got.json"))["rows"][0]
guardrail, = row["guardrails"]
assert guardrail["state"] == "open" and guardrail["effect"] is None and guardrail["interval"] == [None, None], guardrail
assert guardrail["items_needed"] is None and row["comparison"]["effect"] is not None
P
}

@test "the same with many people behind it is shown" {
    office 0
    metric rt 10% "kind: mean
unit: x
value: case when team = 'Tiny' then 0 else size end"
    trial rt
    "$ASSAY" compare t --early --format json > ../got.json
    python3 - << 'P'
import csv, json
row = json.load(open("../got.json"))["rows"][0]
sizes = {"ai": [], "no_ai": []}
for item in csv.DictReader(open("../items.csv")):
    if item["opened_at"] >= "2026-04":
        sizes["ai" if int(item["worker"][1:]) < 20 else "no_ai"].append(0 if item["team"] == "Tiny" else int(item["size"]))
for arm in row["comparison"]["arms"]:
    assert abs(arm["value"] - sum(sizes[arm["arm"]]) / len(sizes[arm["arm"]])) < 1e-6, arm
P
}
