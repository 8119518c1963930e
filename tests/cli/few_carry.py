#!/usr/bin/env python3
"""A number that few people carry nearly alone is theirs, however many are counted behind it.

    few_carry.py make FOLDER KIND FEW VALUE    items.csv, measures.csv, usage.csv, assignments.csv and
                                               plans/trial.yaml of a desk on which the scores of FEW
                                               people are VALUE, give or take .001; others' are .5 on
                                               average
    few_carry.py solve DOCUMENT KIND           what a reader finds of these people's mean, or "nothing"
    few_carry.py answer DOCUMENT KIND          all that is told of them

KIND: reorganised (after which FEW are left in the team that did nearly all work), found (like with like,
FEW work without AI in the team that has nearly all work with it), strata (the same of a trial), desk
(no teams: FEW do nearly all), third (of a desk of 12, one does a third).
"""

import csv
import datetime
import json
import os
import random
import sys

QUARTERS = {"earlier": datetime.datetime(2026, 4, 6), "now": datetime.datetime(2026, 7, 6)}
DESIGNS = {
    "found": "{kind: like_with_like, cells: [team]}",
    "strata": "{kind: randomised, unit: item, probability: 0.5, strata: [team]}",
}
EACH = 20


def work(kind, few_count, quarter):
    """Each item's person, team, whether it is with AI, and whether it is of the few."""
    now = quarter == "now"
    if kind == "reorganised":
        for person in range(24):
            few = person < few_count
            for number in range(EACH):
                in_a = few if now else number > 0
                yield person, "A" if in_a else "C", False, few and now
    elif kind in ("found", "strata"):
        for person in range(24 + few_count):
            few = person < few_count
            for number in range(EACH * (12 if few and kind == "strata" else 1)):
                ai = not few and person % 2 == 0
                in_a = few or (ai and number > 0)
                yield person, "A" if in_a else "C", ai, few and now
    else:
        people = 12 if kind == "third" else 7 + few_count
        for person in range(people):
            few = person < few_count
            for number in range((110 if few else EACH) if kind == "third" else 300 if few else 1):
                yield person, "A", False, few and now


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def make(folder, kind, few_count, value):
    draw = random.Random(3)
    items, measures, calls, arms = [], [], [], []
    for quarter, start in QUARTERS.items():
        for count, (person, team, ai, few) in enumerate(work(kind, few_count, quarter)):
            day = start + datetime.timedelta(days=draw.randrange(80), minutes=500 + draw.randrange(300))
            item, closed = f"T{quarter}{count}", day + datetime.timedelta(hours=2)
            score = value + count % 3 / 1000 - 0.001 if few else draw.random()
            items.append([item, "help", f"p{person}", team, 1, day, day, closed, "done"])
            measures.append([item, "score", closed, f"{score:.3f}"])
            if ai and kind == "found":
                calls.append([f"U{item}", day + datetime.timedelta(minutes=1), "call", f"p{person}", "aid", item, "ok"])
            if kind == "strata" and quarter == "now":
                arms.append(["trial", "item", item, "ai" if ai else "no_ai", 0.5])
    for team in "AC":  # who is seen to use AI, for so long
        items.append([f"last{team}", "other", f"someone{team}", team, 1, "2026-01-01", "2026-01-01", "2026-11-20", "done"])
        for moment in ("2026-01-01", "2026-11-20"):
            calls.append([f"at{moment}{team}", moment, "call", f"someone{team}", "aid", f"last{team}", "ok"])
    os.makedirs(f"{folder}/plans", exist_ok=True)
    write(f"{folder}/items.csv", ["item_id", "use_case", "worker", "team", "size", "opened_at", "started_at",
                                  "closed_at", "state"], items)
    write(f"{folder}/measures.csv", ["item_id", "name", "occurred_at", "value"], measures)
    write(f"{folder}/usage.csv", ["usage_id", "occurred_at", "grain", "worker", "tool", "item_id", "status"], calls)
    write(f"{folder}/assignments.csv", ["plan", "unit_kind", "unit", "arm", "probability"], arms)
    if kind in DESIGNS:
        with open(f"{folder}/plans/trial.yaml", "w") as plan:
            plan.write(f"plan: trial\nuse_case: help\ndesign: {DESIGNS[kind]}\n"
                       "period: {from: 2026-07-01, to: 2026-09-30}\n"
                       'primary: {metric: score, improve_by: "0.1"}\n')


def answer(document, kind):
    """The change of the score, or its comparison."""
    row = json.load(open(document))["rows"][0]
    if kind in DESIGNS:
        return row["comparison"]
    return next(part["change"] for part in [row, *row["also"]] if part["metric"]["name"] == "score")


def solve(document, kind):
    """Nearly all weight is of the few: of the change what is now, of a comparison what its effect leaves
    of the value with AI."""
    told = answer(document, kind)
    if told.get("effect") is None:
        return "nothing"
    return told["arms"][1]["value"] - told["effect"] if kind in DESIGNS else told["now"]


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5]))
    elif sys.argv[1] == "solve":
        print(solve(sys.argv[2], sys.argv[3]))
    else:
        print(json.dumps(answer(sys.argv[2], sys.argv[3]), indent=1))
