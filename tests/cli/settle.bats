#!/usr/bin/env bats
# How many more items would settle an open guardrail, and what stands beside a plan's answer.

load import_helpers.bash
load plan_helpers.bash

# COPIES times 1,200 tickets of 24 people, half given AI by UNIT (item or worker): closed after 100
# minutes with AI, 200 without, give or take; and a satisfaction that is .5 exactly, with AI LIKED (.495
# where it isn't given). A copy is of other people, with the same values.
a_quiet_trial() {
    python3 - "$1" "$2" "${3:-0.495}" << 'P'
import datetime, random, statistics, sys
copies, unit, liked = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
draw = random.Random(11)
rows = [dict(n=n, ai=(draw.random() < 0.5) if unit == "item" else n % 24 % 2 == 0,
             spread=draw.uniform(0.5, 1.5), liked=draw.uniform(-0.35, 0.35)) for n in range(1200)]
for ai in (True, False):
    mean = statistics.mean(r["liked"] for r in rows if r["ai"] == ai)
    for r in rows:
        if r["ai"] == ai:
            r["liked"] += (liked if ai else 0.5) - mean
with open("items.csv", "w") as items, open("trial.csv", "w") as trial, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,size,opened_at,closed_at,state", file=items)
    print("plan,unit_kind,unit,arm,probability", file=trial)
    print("item_id,name,occurred_at,value", file=measures)
    for copy in range(copies):
        if unit == "worker":
            for w in range(24):
                print(f"drafts,worker,w{w}c{copy},{'no_ai' if w % 2 else 'ai'},0.5", file=trial)
        for r in rows:
            n, arm = r["n"], "ai" if r["ai"] else "no_ai"
            opened = datetime.datetime(2026, 7, 1 + n % 28, n % 20)
            closed = opened + datetime.timedelta(minutes=int((100 if r["ai"] else 200) * r["spread"]))
            print(f"T{n}c{copy},support.billing,w{n % 24}c{copy},team{n % 4},5,{opened},{closed},done", file=items)
            print(f"T{n}c{copy},satisfaction,{closed},{r['liked']:.9f}", file=measures)
            if unit == "item":
                print(f"drafts,item,T{n}c{copy},{arm},0.5", file=trial)
    print("T9999,other.work,w1c0,team1,1,2026-11-01 00:00:00,2026-11-02 00:00:00,done", file=items)
P
    rm -rf w
    new_workspace w
    imports items items.csv
    imports assignments trial.csv
    imports measures measures.csv
    cat > w/plans/drafts.yaml << Y
plan: drafts
use_case: support.billing
question: Do drafts shorten tickets?
design: {kind: randomised, unit: $2, probability: 0.5}
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: cycle_time, improve_by: 10%}
guardrails:
  - {metric: satisfaction, allow: 2pp}
Y
}

# What a command prints, without its line breaks.
in_one_line() {
    run "$@"
    output="$(tr -s '\n ' '  ' <<< "$output" | tr -s ' ')"
}

@test "an open guardrail says how many more items would settle it, and with so many it is held" {
    a_quiet_trial 1 item
    compares drafts
    [ "$(field guardrails.0.state)" = open ]
    [ "$(field verdict.reason)" = guardrail ]
    # From the files, as if items were independent: within a fifth of what the program says, whose
    # errors are by person.
    python3 - << 'P'
import csv, json, math, statistics
guard = json.load(open("answer.json"))["rows"][0]["guardrails"][0]
arm = {r["unit"]: r["arm"] for r in csv.DictReader(open("trial.csv"))}
values = {"ai": [], "no_ai": []}
for r in csv.DictReader(open("measures.csv")):
    values[arm[r["item_id"]]].append(float(r["value"]))
effect = statistics.mean(values["ai"]) - statistics.mean(values["no_ai"])
error = math.sqrt(sum(statistics.variance(v) / len(v) for v in values.values()))
room = effect + 0.02
alone = 1200 * ((1.96 * error / room) ** 2 - 1)
assert abs(guard["effect"] - effect) < 1e-9, (guard, effect)
assert 0.7 < guard["items_needed"] / alone < 1.6, (guard, alone)
# With the interval of the program the number is that of the formula, to two digits.
half = effect - guard["interval"][0]
exact = 1200 * ((half / room) ** 2 - 1)
assert exact <= guard["items_needed"] < exact * 1.1, (guard, exact)
assert guard["needed_reason"] is None
json.dump(1 + exact / 1200, open("times.json", "w"))
P
    times="$(cat times.json)"
    needed="$(field guardrails.0.items_needed)"
    # The same of as many other people: one copy fewer is too few, and one more is enough.
    enough="$(python3 -c 'import math, sys; print(math.ceil(float(sys.argv[1])))' "$times")"
    [ "$enough" -ge 2 ]
    shown="$(python3 -c 'import sys; print(f"{int(sys.argv[1]):,}")' "$needed")"
    in_one_line assay compare drafts
    says "About $shown more items, from"
    says "would as likely as not settle Customer satisfaction, if the effect stays what it is."
    run assay compare drafts --format csv
    printf '%s\n' "$output" > answer.csv
    python3 - "$needed" << 'P'
import csv, json, sys
guard = [r for r in csv.DictReader(open("answer.csv")) if r["kind"] == "guardrail"]
of = json.load(open("answer.json"))["rows"][0]["guardrails"][0]
assert len(guard) == 1 and guard[0]["items_needed"] == sys.argv[1], guard
assert guard[0]["word"] == "open" and guard[0]["level"] == "0.95", guard
assert [float(guard[0]["low"]), float(guard[0]["high"])] == of["interval"], (guard, of)
P
    in_one_line assay report 2026Q3
    says "not shown to be held: Customer satisfaction (≈ $shown more items, from"
    in_one_line assay report 2026Q3 --format markdown
    says "About $shown more items, from"
    a_quiet_trial "$((enough - 1))" item
    compares drafts
    [ "$(field guardrails.0.state)" = open ]
    a_quiet_trial "$enough" item
    compares drafts
    [ "$(field guardrails.0.state)" = held ]
    [ "$(field guardrails.0.items_needed)" = None ]
    [ "$(field verdict.word)" = better ]
}

@test "where people were assigned it says how many times as many, and where it looks broken that more would not help" {
    a_quiet_trial 1 worker
    compares drafts
    [ "$(field guardrails.0.state)" = open ]
    [ "$(field guardrails.0.items_needed)" = None ]
    python3 - << 'P'
import json, re
guard = json.load(open("answer.json"))["rows"][0]["guardrails"][0]
times = ((guard["effect"] - guard["interval"][0]) / (guard["effect"] + guard["allow"])) ** 2
said = re.match(r"about ([0-9.]+) times as many people would as likely as not settle it", guard["needed_reason"])
# As t's quantile falls with more people: that of 18 degrees of freedom is a fourteenth above the
# normal one.
assert said and times / 1.15 < float(said[1]) < times + 0.1, (guard, times)
json.dump(float(said[1]), open("times.json", "w"))
P
    in_one_line assay compare drafts
    says "times as many people would as likely as not settle it, if the effect stays what it is, not more items of the same"
    # Copies of the same: one fewer is too few.
    enough="$(python3 -c 'import json, math; print(math.ceil(json.load(open("times.json"))))')"
    [ "$enough" -ge 2 ]
    a_quiet_trial "$((enough - 1))" worker
    compares drafts
    [ "$(field guardrails.0.state)" = open ]
    a_quiet_trial "$enough" worker
    compares drafts
    [ "$(field guardrails.0.state)" = held ]
    a_quiet_trial 1 worker
    sed -i 's/allow: 2pp/allow: 0.1pp/' w/plans/drafts.yaml
    compares drafts
    [ "$(field guardrails.0.state)" = open ]
    [ "$(field guardrails.0.items_needed)" = None ]
    in_one_line assay compare drafts
    says "more would rather show that"
}

@test "an unproven plan by worker says how many times as many people would settle it, and with so many it is" {
    # An effect of half of what is planned is the hardest to settle: half the interval may be as long.
    asks_for_more_liking() {
        a_quiet_trial "$1" worker 0.51
        sed -i -e '/^guardrails/,$d' -e 's/^primary: .*/primary: {metric: satisfaction, improve_by: 2pp}/' \
            w/plans/drafts.yaml
        compares drafts
    }
    asks_for_more_liking 1
    [ "$(field verdict.word) $(field verdict.reason)" = "unproven too_few" ]
    [ "$(field verdict.items_needed)" = None ]
    python3 - << 'P'
import json, re
row = json.load(open("answer.json"))["rows"][0]
low, high = row["comparison"]["interval"]
times = ((high - low) / 0.02) ** 2
said = re.fullmatch(r"about ([0-9.]+) times as many people would most likely settle it, whatever the effect is, "
                    "not more items of the same", row["verdict"]["needed_reason"])
assert said and times / 1.15 < float(said[1]) < times + 0.1, (row["verdict"], times)
json.dump(float(said[1]), open("times.json", "w"))
P
    times="$(cat times.json)"
    in_one_line assay compare drafts
    says "That is not enough to say; about $times times as many people would most likely settle it"
    in_one_line assay report 2026Q3
    says "; about $times times as many people would most likely settle it"
    in_one_line assay report 2026Q3 --format markdown
    says "about $times times as many people would most likely settle it"
    enough="$(python3 -c 'import json, math; print(math.ceil(json.load(open("times.json"))))')"
    asks_for_more_liking "$((enough - 1))"
    [ "$(field verdict.word)" = unproven ]
    asks_for_more_liking "$enough"
    [ "$(field verdict.word)" != unproven ]
    [ "$(field verdict.needed_reason)" = None ]
}

@test "a plan's comparison has the change of its metric beside it, as its row in the report has" {
    a_quiet_trial 1 item
    # The same tickets in the quarter before took 300 minutes each.
    python3 - << 'P'
import csv, datetime
rows = [r for r in csv.DictReader(open("items.csv")) if r["use_case"] == "support.billing"]
with open("earlier.csv", "w") as file:
    out = csv.DictWriter(file, rows[0].keys())
    out.writeheader()
    for r in rows:
        opened = datetime.datetime.fromisoformat(r["opened_at"]) - datetime.timedelta(days=91)
        out.writerow(r | {"item_id": "E" + r["item_id"], "opened_at": opened,
                          "closed_at": opened + datetime.timedelta(minutes=300)})
P
    imports items earlier.csv
    compares drafts
    mv answer.json compare.json
    assay report 2026Q3 --format json > report.json
    python3 - << 'P'
import csv, datetime, json
of_compare = json.load(open("compare.json"))["rows"][0]
of_report = json.load(open("report.json"))["rows"][0]
at = datetime.datetime.fromisoformat
minutes = [(at(r["closed_at"]) - at(r["opened_at"])).total_seconds() / 60
           for r in csv.DictReader(open("items.csv")) if r["use_case"] == "support.billing"]
change = of_compare["change"]
assert change == of_report["change"], (change, of_report["change"])
assert change["word"] == "improved" and abs(change["before"] - 300) < 1e-6, change
assert abs(change["now"] - sum(minutes) / len(minutes)) < 1e-6, (change, sum(minutes) / len(minutes))
assert of_compare["items"] == of_report["items"] == 1200
P
    run assay compare drafts
    says "fell from"
}
