#!/usr/bin/env python3
"""The same work of the same people with one outcome or another: what is withheld may not tell which.

    few_people.py make FOLDER KIND FEW VALUES    items.csv, measures.csv, usage.csv, assignments.csv and
                                                 plans/trial.yaml of a desk on which FEW people are in
                                                 the arm with AI; outcomes are drawn by VALUES alone
    few_people.py part DOCUMENT PART             prints a part of the first row's comparison, as JSON

VALUES is a number, or what became of the few people's work: missing (no score), open, zero (size), same
(one score), huge.

KIND may end in .METRIC: what the plan is of in place of the score, which is a mean: time (of which
outcomes are the closes), ratio, per_size or quantile; or .guarded, which has one of each as guardrails and, by
the outcome, items without one, given up or open.

KIND is the design of the plan (randomised, switchback, staggered, encouragement, like_with_like,
before_after), or what few are behind: by (a role, beside others whose outcomes stay), dose (calls),
expected (who said beforehand how long it takes), strata (as randomised), past (all people, before the plan's
period).
"""

import csv
import datetime
import json
import os
import random
import sys

FIRST = datetime.datetime(2026, 7, 6)  # a Monday
WEEKS = 12
DESIGNS = {
    "randomised": "{kind: randomised, unit: worker, probability: 0.5}",
    "switchback": "{kind: switchback, unit: team, block: 1w, washout: 0h}",
    "staggered": "{kind: staggered, unit: worker, every: week}",
    "encouragement": "{kind: encouragement, unit: worker}",
    "like_with_like": "{kind: like_with_like, cells: [size]}",
    "before_after": "{kind: before_after, date: 2026-08-17}",
    "past": "{kind: randomised, unit: worker, probability: 0.5}",
    "by": "{kind: randomised, unit: item, probability: 0.5}",
    "strata": "{kind: randomised, unit: worker, probability: 0.5, strata: [role]}",
}
METRICS = {
    "time": "kind: duration\nfrom: opened_at\nto: closed_at\nhorizon: 2d\nabandoned: censored\nunit: minutes",
    "ratio": "kind: ratio\nnumerator: score\ndenominator: case when state = 'done' then 1 else 0 end",
    "per_size": "kind: ratio\nnumerator: score\ndenominator: size",
    "quantile": "kind: quantile\nquantile: 0.5\nvalue: score",
}


def odd(values, closed, state, size, score):
    """What VALUES makes of a few people's item, where it is a word and not a number."""
    if values == "open":
        closed, state = "", "open"
    if values == "zero":
        size = 0
    score = {"missing": None, "open": None, "same": "5.000", "huge": "1e12"}.get(values, score)
    return closed, state, size, score


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def with_ai(kind, few, person, week, number):
    """Is an item done with AI, or in that arm, where few people are in it?"""
    if kind == "before_after":
        return few
    return few and (week >= 6 if kind == "staggered" else number < 1 + (week + person) % 3 if kind == "dose" else True)


def works_in(kind, few, week):
    """Does a person work in that week? Teams take turns; after the day all but few are gone."""
    if kind == "switchback":
        return few == (week % 2 == 1)
    if kind == "before_after":
        return few == (week >= 6)
    return True


def make(folder, kind, few_count, values):
    kind, _, metric = kind.partition(".")
    guarded = metric == "guarded"
    number_of = int(values) if values.isdigit() else 1
    draw, by_values, fixed = random.Random(few_count), random.Random(number_of), random.Random(0)
    people = few_count if kind == "past" else few_count + 14
    items, measures, calls, arms = [], [], [], []
    start = FIRST - datetime.timedelta(weeks=WEEKS) if kind == "past" else FIRST
    for person in range(people):
        few = person < few_count
        outcome = fixed if kind == "by" and not few else by_values
        for week in range(WEEKS):
            for number in range(4):
                day = start + datetime.timedelta(weeks=week, days=draw.randrange(5),
                                                 minutes=480 + draw.randrange(200))
                item, size = f"T{person}-{week}-{number}", draw.randrange(1, 4)
                if not works_in(kind, few, week):
                    continue
                closed = day + datetime.timedelta(minutes=20 + draw.randrange(200))
                role = ("few" if few else "many") if kind == "by" else f"role{person % 2}"
                state = "done"
                if metric == "time" or guarded:
                    closed = day + datetime.timedelta(minutes=20 + outcome.randrange(200 * number_of))
                if guarded:
                    state = outcome.choices(["done", "abandoned", "open"], [8, number_of, 1])[0]
                score = f"{outcome.gauss(5, 2):.3f}" if not guarded or outcome.random() < 0.8 else None
                at = closed
                if few:
                    closed, state, size, score = odd(values, closed, state, size, score)
                items.append([item, "help", f"p{person}", f"team{person % 3}", role, size, day, day,
                              closed if state != "open" else "", state])
                if score is not None:
                    measures.append([item, "score", at, score])
                if kind == "expected" and few:
                    measures += [[item, "predicted_minutes", day, f"{outcome.gauss(90, 9):.1f}"],
                                 [item, "predicted_minutes_ai", day, f"{outcome.gauss(60, 9):.1f}"]]
                ai = number % 2 == 0 if kind in ("by", "expected") else with_ai(kind, few, person, week, number)
                if kind in ("by", "expected"):
                    arms.append(["trial", "item", item, "ai" if ai else "no_ai", "", "", 0.5])
                if ai and kind in ("like_with_like", "encouragement", "dose"):
                    calls.append([f"U{item}", day + datetime.timedelta(minutes=1), "call", f"p{person}",
                                  "aid", item, "ok"])
        arm = "ai" if few else "no_ai"
        if kind == "staggered":
            arms.append(["trial", "worker", f"p{person}", arm,
                         FIRST + datetime.timedelta(weeks=6) if few else "", "", ""])
        elif kind in ("randomised", "encouragement", "strata"):
            arms.append(["trial", "worker", f"p{person}", arm, "", "", 0.5])
    for week in range(WEEKS):
        for team in range(3):
            since = FIRST + datetime.timedelta(weeks=week)
            if kind == "switchback":
                arms.append(["trial", "team", f"team{team}", "ai" if week % 2 else "no_ai", since,
                             since + datetime.timedelta(weeks=1), 0.5])
    for moment in ("2026-01-01", "2026-11-01"):
        calls.append([f"at{moment}", moment, "call", "someone", "aid", "", "ok"])
    items.append(["last", "other", "someone", "team0", "role0", 1, "2026-11-01", "2026-11-01",
                  "2026-11-02", "done"])
    os.makedirs(f"{folder}/plans", exist_ok=True)
    write(f"{folder}/items.csv", ["item_id", "use_case", "worker", "team", "role", "size", "opened_at",
                                  "started_at", "closed_at", "state"], items)
    write(f"{folder}/measures.csv", ["item_id", "name", "occurred_at", "value"], measures)
    write(f"{folder}/usage.csv", ["usage_id", "occurred_at", "grain", "worker", "tool", "item_id",
                                  "status"], calls)
    write(f"{folder}/assignments.csv", ["plan", "unit_kind", "unit", "arm", "since", "until",
                                        "probability"], arms)
    os.makedirs(f"{folder}/metrics")
    for name, lines in METRICS.items():
        with open(f"{folder}/metrics/own_{name}.yaml", "w") as file:
            file.write(f"metric: own_{name}\nlabel: Own {name}\n{lines}\nbetter: lower\nmaterial: 10%\n")
    if kind in DESIGNS:
        with open(f"{folder}/plans/trial.yaml", "w") as plan:
            plan.write(f"plan: trial\nuse_case: help\ndesign: {DESIGNS[kind]}\n"
                       "period: {from: 2026-07-06, to: 2026-09-27}\n"
                       + (f"primary: {{metric: own_{metric}, improve_by: 10%}}\n" if metric in METRICS else
                          'primary: {metric: score, improve_by: "0.5"}\n')
                       + ("guardrails:\n" if guarded else "")
                       + "".join(f"  - {{metric: own_{name}, allow: 10%}}\n" for name in METRICS if guarded)
                       + ("by: [role]\n" if kind == "by" else ""))


def part(document, name):
    value = json.load(open(document))["rows"][0]["comparison"]
    for key in name.split("."):
        value = value[int(key)] if key.isdigit() else value[key]
    print(json.dumps(value, indent=1))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
    else:
        part(sys.argv[2], sys.argv[3])
