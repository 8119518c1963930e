#!/usr/bin/env bats
# Plans that offer: who takes it is free.

load import_helpers.bash
load plan_helpers.bash

# Items, scores, offers and calls of tests/oracle/encouragement.csv; calls as `taken` says: data, nobody,
# everybody, offered (all who were offered, and no other) or blindly (whatever was offered). LATE=7: each
# seventh item closes after the last call of all.
an_offer() {
    TAKEN="${1:-data}" python3 - << 'P'
import csv, os
rule = os.environ["TAKEN"]
late = int(os.environ.get("LATE", "0"))
closed = lambda n: "2026-11-05 17" if late and n % late == 0 else f"{day(n)} 17"
rows = list(csv.DictReader(open(os.environ["SOURCE"] + "/tests/oracle/encouragement.csv")))
day = lambda n: f"2026-07-{1 + n % 28:02d}"
with open("items.csv", "w") as items, open("measures.csv", "w") as measures, open("usage.csv", "w") as usage:
    print("item_id,use_case,worker,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    print("usage_id,occurred_at,grain,worker,tool,item_id,status", file=usage)
    for n, r in enumerate(rows):
        taken = {"data": r["taken"] == "1", "nobody": False, "everybody": True,
                 "offered": r["offered"] == "1", "blindly": n * 7919 % 5 < 2}[rule]
        print(f"T{n},support.billing,{r['worker']},{day(n)} 09:00:00,{closed(n)}:{n * 7 % 60:02d}:00,done", file=items)
        print(f"T{n},score,{day(n)} 17:00:00,{r['score']}", file=measures)
        if taken:
            print(f"U{n},{day(n)} 10:00:00,call,{r['worker']},aid,T{n},ok", file=usage)
    print("first,2026-06-01 00:00:00,call,someone,aid,,ok\nlast,2026-10-30 00:00:00,call,someone,aid,,ok", file=usage)
    print("last,other.work,w1,2026-10-29 00:00:00,2026-11-06 00:00:00,done", file=items)
with open("offers.csv", "w") as offers:
    print("plan,unit_kind,unit,arm,probability", file=offers)
    for worker, offered in sorted({(r["worker"], r["offered"]) for r in rows}):
        print(f"offer,worker,{worker},{'ai' if offered == '1' else 'no_ai'},0.5", file=offers)
P
    imports_together items=items.csv measures=measures.csv assignments=offers.csv
    [ "${2:-}" = "without calls" ] || imports usage usage.csv
    a_score
    cat > w/plans/offer.yaml << 'Y'
plan: offer
use_case: support.billing
design: {kind: encouragement, unit: worker}
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: score, improve_by: "1"}
Y
}

@test "the offer, uptake and the effect on those who took it are estimatr's" {
    an_offer
    compares offer
    [ "$(field comparison.design)" = encouragement ]
    python3 - << 'P'
import json, os
c = json.load(open("answer.json"))["rows"][0]["comparison"]
wanted = json.load(open(os.environ["SOURCE"] + "/tests/oracle/encouragement.json"))
near = lambda x, y: abs(x - y) < 1e-9 * max(1, abs(y)) # ten digits are printed
got = c["compliers"]
assert near(c["effect"], wanted["offer"]["value"]), c["effect"]
assert all(near(a, b) for a, b in zip(c["interval"], wanted["offer"]["shown"])), (c["interval"], wanted)
assert all(abs(a) >= abs(b) for a, b in zip((c["interval"][0] - c["effect"], c["interval"][1] - c["effect"]),
    (wanted["offer"]["interval"][0] - c["effect"], wanted["offer"]["interval"][1] - c["effect"])))
assert all(near(a, b) for a, b in zip(got["taken"], wanted["taken"])), got
assert near(got["uptake"]["effect"], wanted["uptake"]["value"])
assert all(near(a, b) for a, b in zip(got["uptake"]["interval"], wanted["uptake"]["interval"])), got["uptake"]
assert near(got["effect"], wanted["effect"]["value"])
assert all(near(a, b) for a, b in zip(got["interval"], wanted["effect"]["interval"])), got
assert near(got["strength"], wanted["strength"]) and not got["weak"]
assert len(got["set"]) == 1 and got["set"][0][0] < got["effect"] < got["set"][0][1]
P
    # The verdict is on the offer.
    [ "$(field verdict.word)" = better ]
    run assay compare offer
    says "as offered: drawn, free to take"
    says "on 80 % of the items with the offer, on 18 % without; first-stage F 78.7"
    says "on those who took it because it was offered"
}

# By chance the offer went to 1 in 4 and 3 in 4 of two strata whose scores lie far apart. A regression with a
# dummy for each stratum is the mean of the strata's differences, weighted by n p (1 - p).
@test "an offer that was drawn within strata is compared within them" {
    an_offer
    python3 - << 'P'
import csv, json, random
draw = random.Random(5)
parts, items, scores, calls, offers = {}, [], [], [], []
n = 0
for worker in range(120):
    hard = worker % 2
    offered = worker // 2 % 4 < (3 if hard else 1)
    offers.append(("offer", "worker", f"p{worker}", "ai" if offered else "no_ai", .5))
    for _ in range(6):
        n += 1
        taken = draw.random() < (.7 if offered else .2)
        score = 20 + 30 * hard + 2 * taken + draw.gauss(0, 3)
        items.append((f"T{n}", "support.billing", f"p{worker}", "hard" if hard else "easy",
                      f"2026-07-{1 + n % 28:02d} 09:00:00", f"2026-07-{1 + n % 28:02d} 17:00:00", "done"))
        scores.append((f"T{n}", "score", f"2026-07-{1 + n % 28:02d} 17:00:00", score))
        if taken:
            calls.append((f"U{n}", f"2026-07-{1 + n % 28:02d} 10:00:00", "call", f"p{worker}", "aid", f"T{n}", "ok"))
        part = parts.setdefault((hard, offered), [0, 0, 0])
        for i, x in enumerate((1, score, taken)):
            part[i] += x
items.append(("last", "other.work", "w1", "easy", "2026-10-29 00:00:00", "2026-10-30 00:00:00", "done"))
calls += [("first", "2026-06-01 00:00:00", "call", "someone", "aid", "", "ok"),
          ("last", "2026-10-30 00:00:00", "call", "someone", "aid", "", "ok")]
def write(name, head, rows):
    with open(name, "w", newline="") as file:
        csv.writer(file).writerows([head.split(","), *rows])
write("items.csv", "item_id,use_case,worker,team,opened_at,closed_at,state", items)
write("measures.csv", "item_id,name,occurred_at,value", scores)
write("usage.csv", "usage_id,occurred_at,grain,worker,tool,item_id,status", calls)
write("offers.csv", "plan,unit_kind,unit,arm,probability", offers)
sums = [0, 0, 0]
for hard in (0, 1):
    (n0, *zero), (n1, *one) = parts[hard, False], parts[hard, True]
    weight = n0 * n1 / (n0 + n1)
    sums[0] += weight
    for i in (0, 1):
        sums[1 + i] += weight * (one[i] / n1 - zero[i] / n0)
json.dump({"offer": sums[1] / sums[0], "uptake": sums[2] / sums[0]}, open("wanted.json", "w"))
P
    rm -rf w
    assay init w --timezone UTC > /dev/null
    for table in items measures usage; do imports $table $table.csv; done
    imports assignments offers.csv
    a_score
    printf '%s\n' 'plan: offer' 'use_case: support.billing' \
        'design: {kind: encouragement, unit: worker, strata: [team]}' \
        'period: {from: 2026-07-01, to: 2026-09-30}' 'primary: {metric: score, improve_by: "1"}' > w/plans/offer.yaml
    compares offer
    python3 - << 'P'
import json
c = json.load(open("answer.json"))["rows"][0]["comparison"]
wanted = json.load(open("wanted.json"))
near = lambda x, y: abs(x - y) < 1e-9 * max(1, abs(y))
got = c["compliers"]
assert near(c["effect"], wanted["offer"]), (c["effect"], wanted)
assert near(got["uptake"]["effect"], wanted["uptake"]), (got, wanted)
assert near(got["effect"], wanted["offer"] / wanted["uptake"]), (got, wanted)
P
}

@test "an offer that makes work worse says nothing of work without AI" {
    an_offer
    sed -i 's/better: higher/better: lower/' w/metrics/score.yaml
    compares offer
    [ "$(field verdict.word)" = worse ]
    [ "$(field without_ai)" = None ]
}

@test "an offer that moves hardly anybody is weak, and the effect of taking it is not bounded" {
    an_offer blindly
    compares offer
    [ "$(field comparison.compliers.weak)" = True ]
    [ "$(field comparison.compliers.interval)" = "[None, None]" ]
    python3 - << 'P'
import json
got = json.load(open("answer.json"))["rows"][0]["comparison"]["compliers"]
ends = [end for part in got["set"] for end in part]
assert None in ends, got
P
    run assay compare offer
    says "weak"
    says "too few took it because of the offer to tell"
    # The effect of the offer needs no uptake.
    python3 - << 'P'
import json, os
c = json.load(open("answer.json"))["rows"][0]["comparison"]
assert abs(c["effect"] - json.load(open(os.environ["SOURCE"] + "/tests/oracle/encouragement.json"))["offer"]["value"]) < 1e-7
P
}

@test "where all and only the offered take it, the effect of taking is that of the offer" {
    an_offer offered
    compares offer
    [ "$(field comparison.compliers.strength)" = None ]
    [ "$(field comparison.compliers.taken)" = "[0.0, 1.0]" ]
    python3 - << 'P'
import json
c = json.load(open("answer.json"))["rows"][0]["comparison"]
assert abs(c["effect"] - c["compliers"]["effect"]) < 1e-9, c["compliers"]
P
}

@test "uptake is that of work which the calls reach over, with AI or without" {
    LATE=7 an_offer
    compares offer
    python3 - << 'P'
import csv, json, os
rows = list(csv.DictReader(open(os.environ["SOURCE"] + "/tests/oracle/encouragement.csv")))
known = [r for n, r in enumerate(rows) if n % 7]
mean = lambda key, arm: (lambda x: sum(x) / len(x))([float(r[key]) for r in known if r["offered"] == arm])
taken = [mean("taken", arm) for arm in "01"]
got = json.load(open("answer.json"))["rows"][0]["comparison"]["compliers"]
assert all(abs(a - b) < 1e-9 for a, b in zip(got["taken"], taken)), (got["taken"], taken)
effect = (mean("score", "1") - mean("score", "0")) / (taken[1] - taken[0])
assert abs(got["effect"] - effect) < 1e-9, (got["effect"], effect)
P
}

@test "nobody, everybody and an unknown uptake are told, and the effect of the offer stands" {
    an_offer nobody
    compares offer
    says_reason() { [[ "$(field comparison.compliers.reason)" == *"$1"* ]] || { field comparison.compliers; false; }; }
    says_reason "AI was used on none of the items"
    [ "$(field verdict.word)" = better ]
    rm -rf w && new_workspace w
    an_offer everybody
    compares offer
    says_reason "AI was used on all of the items"
    rm -rf w && new_workspace w
    an_offer data "without calls"
    compares offer
    says_reason "of no item it is known whether AI was used"
    run assay compare offer
    says "Who took it: of no item it is known"
}

@test "all units in one arm, an arm without outcomes, a time, and a period to come" {
    an_offer
    sed 's/^plan: offer/plan: all/' w/plans/offer.yaml > w/plans/all.yaml
    sed 's/^offer/all/;s/,no_ai,/,ai,/' offers.csv > all.csv
    imports assignments all.csv
    has_no_answer all "assigned nothing to its arm no_ai"
    sed 's/^plan: offer/plan: times/;s/score, improve_by: "1"/cycle_time, improve_by: 10%/' w/plans/offer.yaml > w/plans/times.yaml
    sed 's/^offer/times/' offers.csv > times.csv
    imports assignments times.csv
    compares times
    says_reason() { [[ "$(field comparison.compliers.reason)" == *"$1"* ]] || { field comparison.compliers; false; }; }
    says_reason "for means and proportions only"
    sed 's/^plan: offer/plan: future/;s/2026-09-30/2027-09-30/' w/plans/offer.yaml > w/plans/future.yaml
    has_no_answer future "the plan's period goes to 2027-09-30, and the data do not yet"
    # Scores of the offered alone.
    rm -rf w && new_workspace w
    an_offer
    sed -i 's/^value: score/value: rated/' w/metrics/score.yaml
    python3 - << 'P'
import csv
offered = {r["unit"] for r in csv.DictReader(open("offers.csv")) if r["arm"] == "ai"}
with open("rated.csv", "w") as rated:
    print("item_id,name,occurred_at,value", file=rated)
    for r in csv.DictReader(open("items.csv")):
        if r["worker"] in offered:
            print(f"{r['item_id']},rated,{r['closed_at']},{len(r['item_id'])}", file=rated)
P
    imports measures rated.csv
    has_no_answer offer "no item of the arm no_ai has a value of the metric"
}

# takers PEOPLE: so many of those without the offer use AI nevertheless, on some of their items.
takers() {
    an_offer offered
    PEOPLE="$1" python3 - << 'P'
import csv, os
rows = list(csv.DictReader(open(os.environ["SOURCE"] + "/tests/oracle/encouragement.csv")))
without = sorted({r["worker"] for r in rows if r["offered"] == "0"})[:int(os.environ["PEOPLE"])]
with open("usage2.csv", "w") as usage:
    print("usage_id,occurred_at,grain,worker,tool,item_id,status", file=usage)
    for n, r in enumerate(rows):
        if r["worker"] in without and n % 2:
            print(f"V{n},2026-07-{1 + n % 28:02d} 10:00:00,call,{r['worker']},aid,T{n},ok", file=usage)
P
    imports usage usage2.csv
}

@test "an uptake that is one person's, or seven people's, is in no format, and the offer's effect stands" {
    for people in 1 7; do
        rm -rf w && new_workspace w
        takers "$people"
        compares offer
        [[ "$(field comparison.compliers.reason)" == *"tell of them"* ]]
        [ "$(field comparison.effect)" != None ]
        absent '"taken"|"uptake"' answer.json
        for format in text markdown csv; do
            run assay compare offer --format "$format"
            says_not "% without"
            says_not "first-stage"
        done
    done
    rm -rf w && new_workspace w
    takers 8
    compares offer
    python3 -c 'import csv, json, os
rows = [r for r in csv.DictReader(open(os.environ["SOURCE"] + "/tests/oracle/encouragement.csv"))]
first = sorted({r["worker"] for r in rows if r["offered"] == "0"})[:8]
without = [n for n, r in enumerate(rows) if r["offered"] == "0"]
taken = json.load(open("answer.json"))["rows"][0]["comparison"]["compliers"]["taken"]
assert abs(taken[0] - sum(n % 2 and rows[n]["worker"] in first for n in without) / len(without)) < 1e-9, taken
assert taken[1] == 1'
}

@test "uptake that is unknown of few people's items is not told, since theirs could be had by subtraction" {
    an_offer
    # The calls reach only to the day on which three people's last items were.
    python3 - << 'P'
import csv
rows = list(csv.DictReader(open("items.csv")))
with open("late.csv", "w") as late, open("scores.csv", "w") as scores:
    print("item_id,use_case,worker,opened_at,closed_at,state", file=late)
    print("item_id,name,occurred_at,value", file=scores)
    for n, worker in enumerate(["w1", "w2", "w3"]):
        print(f"L{n},support.billing,{worker},2026-09-{20 + n} 09:00:00,2026-11-{10 + n} 17:00:00,done", file=late)
        print(f"L{n},score,2026-11-{10 + n} 17:00:00,50", file=scores)
P
    imports_together items=late.csv measures=scores.csv
    compares offer
    [[ "$(field comparison.compliers.reason)" == *"by subtraction"* ]]
    absent '"taken"' answer.json
}
