#!/usr/bin/env bats
# How far reviewers agree whose scores a metric is made of.

load import_helpers.bash
load plan_helpers.bash

# reviewed NOISE [REVIEWERS] [PEOPLE]: a trial of 240 items, two or three of 9 reviewers scoring each; their
# scores differ by NOISE. A tenth of the items has one review.
reviewed() {
    python3 - "$1" "${2:-9}" "${3:-12}" << 'P'
import random, sys
noise, reviewers, people = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
draw = random.Random(5)
with open("items.csv", "w") as items, open("trial.csv", "w") as trial, open("reviews.csv", "w") as reviews:
    print("item_id,use_case,worker,opened_at,closed_at,state", file=items)
    print("plan,unit_kind,unit,arm,probability", file=trial)
    print("audit,item_id,reviewer,score,blinded", file=reviews)
    for n in range(240):
        ai = draw.random() < 0.5
        day = 1 + n % 28
        print(f"T{n},help,w{n % people},2026-07-{day:02d} 08:00:00,2026-07-{day:02d} {12 + n % 7}:00:00,done", file=items)
        print(f"judged,item,T{n},{'ai' if ai else 'no_ai'},0.5", file=trial)
        good = draw.gauss(0.6 if ai else 0.5, 0.12)
        for reviewer in draw.sample(range(reviewers), 1 if n % 10 == 0 else draw.choice((2, min(3, reviewers)))):
            score = min(1, max(0, good + draw.gauss(0, noise)))
            print(f"july,T{n},r{reviewer},{score:.2f},yes", file=reviews)
    print("end,other.work,w1,2026-11-20 09:00:00,2026-11-20 17:00:00,done", file=items)
P
    trial_of reviews.csv
}

# trial_of REVIEWS: the items and arms of reviewed with those reviews, and their plan.
trial_of() {
    imports items items.csv
    imports assignments trial.csv
    imports reviews "$1"
    cat > w/plans/judged.yaml << 'Y'
plan: judged
use_case: help
design: {kind: randomised, unit: item, probability: 0.5}
arms: [no_ai, ai]
period: {from: 2026-07-01, to: 2026-07-31}
primary: {metric: quality_score, improve_by: 2pp}
Y
}

@test "reviews are the quality of items, and how far reviewers agree stands beside it" {
    reviewed 0.05
    compares judged
    python3 - << 'P'
import csv, json
from itertools import permutations
comparison = json.load(open("answer.json"))["rows"][0]["comparison"]
arm = {r["unit"]: r["arm"] for r in csv.DictReader(open("trial.csv"))}
scores = {}
for r in csv.DictReader(open("reviews.csv")):
    scores.setdefault(r["item_id"], []).append(float(r["score"]))
mean = lambda values: sum(values) / len(values)
value = {a: mean([mean(v) for i, v in scores.items() if arm[i] == a]) for a in ("no_ai", "ai")}
for shown in comparison["arms"]:
    assert abs(shown["value"] - value[shown["arm"]]) < 1e-9, (shown, value)
# Krippendorff's alpha, pair by pair.
units = [v for v in scores.values() if len(v) > 1]
every = [x for v in units for x in v]
observed = sum(sum((a - b) ** 2 for a, b in permutations(v, 2)) / (len(v) - 1) for v in units) / len(every)
expected = sum((a - b) ** 2 for a in every for b in every) / len(every) / (len(every) - 1)
agree = comparison["agreement"]
assert abs(agree["alpha"] - (1 - observed / expected)) < 6e-4, (agree, 1 - observed / expected)
low, high = agree["interval"]
assert low < agree["alpha"] < high and high - low < 0.2, agree
assert (agree["items"], agree["reviewers"], agree["scale"], agree["low"]) == (len(units), 9, "interval", False)
P
    run assay compare judged
    says "Reviewers: they agree to alpha 0."
    says "of 1 (Krippendorff, interval), on 216 items"
    [[ "$output" != *"is too little"* ]]
}

@test "reviewers who hardly agree are warned of" {
    reviewed 0.3
    compares judged
    [ "$(field comparison.agreement.low)" = True ]
    run assay compare judged
    says "Under 0.667 that is too little"
}

@test "of few reviewers, or of few people's items, it is not told" {
    reviewed 0.05 7
    compares judged
    [ "$(field comparison.agreement)" = None ]
    grep -q "how far reviewers agree" answer.json
    [ "$(field comparison.arms.0.items)" -gt 100 ]
    # One of nine scored nearly all that was scored twice.
    rm -r w && new_workspace w
    reviewed 0.05
    python3 - << 'P'
rows = open("reviews.csv").read().splitlines()
with open("reviews.csv", "w") as out:
    print(rows[0], file=out)
    seen = {}
    for row in rows[1:]:
        audit, item, reviewer, score, blinded = row.split(",")
        nth = seen[item] = seen.get(item, 0) + 1
        if nth <= 2:
            name = ("first", "second")[nth - 1] if len(seen) > 8 else reviewer
            print(audit, item, name, score, blinded, sep=",", file=out)
P
    rm -r w && new_workspace w
    trial_of reviews.csv
    compares judged
    [ "$(field comparison.agreement)" = None ]
}

@test "a measure of quality goes before the item's reviews, and other metrics have no reviewers" {
    reviewed 0.05
    compares judged
    cp answer.json before.json
    printf 'item_id,name,occurred_at,value\nT0,quality,2026-07-02 09:00:00,0\n' > measures.csv
    imports measures measures.csv
    compares judged
    python3 - << 'P'
import csv, json
before, after = (json.load(open(f))["rows"][0]["comparison"]["arms"] for f in ("before.json", "answer.json"))
arm = next(r["arm"] for r in csv.DictReader(open("trial.csv")) if r["unit"] == "T0")
scores = [float(r["score"]) for r in csv.DictReader(open("reviews.csv")) if r["item_id"] == "T0"]
for old, new in zip(before, after):
    moved = sum(scores) / len(scores) / old["items"] if old["arm"] == arm else 0
    assert abs(old["value"] - new["value"] - moved) < 1e-9, (old, new, moved)
P
    sed -i 's/quality_score, improve_by: 2pp/cycle_time, improve_by: 10%/' w/plans/judged.yaml
    compares judged
    [ "$(field comparison.agreement)" = None ]
}
