#!/usr/bin/env python3
"""Workspaces with many plans, of which some have an effect and some have none, and what has to hold of
a report over them.

    many_plans.py make SEED FOLDER           items.csv, assignments.csv, measures.csv, plans/, metrics/
    many_plans.py check REPORT TEXT COMPARED...

check holds the document against its text and against what `compare PLAN` says of each plan alone.
"""

import datetime
import json
import os
import random
import re
import sys

# A metric of each kind, what a plan asks of it, and what an effect of 1 does to it.
KINDS = [
    ("time_to_complete", "10%"),
    ("quality_score", "2pp"),
    ("error_rate", "2pp"),
    ("median_words", "10%"),
    ("effort_per_page", "10%"),
]

METRICS = {
    "median_words": "kind: quantile\nvalue: words\nquantile: 0.5\nunit: words\nbetter: lower\nmaterial: 10%\n",
    "effort_per_page": "kind: ratio\nnumerator: effort\ndenominator: pages\nunit: effort\nbetter: lower\n"
                       "material: 10%\n",
}


def write(path, header, rows):
    with open(path, "w") as file:
        file.write(",".join(header) + "\n")
        file.writelines(",".join(map(str, row)) + "\n" for row in rows)


def make(seed, folder):
    draw = random.Random(seed)
    os.makedirs(f"{folder}/plans")
    os.makedirs(f"{folder}/metrics")
    for name, text in METRICS.items():
        with open(f"{folder}/metrics/{name}.yaml", "w") as file:
            file.write(f"metric: {name}\nlabel: {name}\n{text}")
    items, assigned, measures = [], [], []
    for plan in range(draw.randint(6, 10)):
        metric, amount = KINDS[plan % len(KINDS)]
        strength = draw.choice([0, 0, 0, 0.3, 0.5, 1, 2])  # of half a standard deviation of an item
        people = draw.randint(16, 24)
        name = f"plan-{plan}"
        with open(f"{folder}/plans/{name}.yaml", "w") as file:
            file.write(f"plan: {name}\nuse_case: work.n{plan}\n"
                       "design: {kind: randomised, unit: item, probability: 0.5}\n"
                       "period: {from: 2026-07-01, to: 2026-09-30}\n"
                       f"primary: {{metric: {metric}, improve_by: {amount}}}\n")
        for n in range(draw.randint(150, 320)):
            item = f"{plan}-{n}"
            ai = draw.random() < 0.5
            gain = 0.5 * strength * ai
            opened = datetime.datetime(2026, 7, 1) + datetime.timedelta(minutes=draw.randrange(80 * 1440))
            minutes = 60 * draw.lognormvariate(-0.4 * gain, 0.4)
            closed = (opened + datetime.timedelta(minutes=minutes)).replace(microsecond=0)
            items.append([item, f"work.n{plan}", f"{name}-person{n % people}", opened, opened, closed, "done"])
            assigned.append([name, "item", item, "ai" if ai else "no_ai", 0.5])
            pages = draw.randint(1, 4)
            for measure, value in (("quality", min(1, max(0, draw.gauss(0.6 + 0.1 * gain, 0.1)))),
                                   ("errors", int(draw.random() < 0.4 - 0.15 * gain)),
                                   ("words", 400 * draw.lognormvariate(-0.4 * gain, 0.4)),
                                   ("pages", pages),
                                   ("effort", pages * draw.lognormvariate(-0.4 * gain, 0.4))):
                measures.append([item, measure, round(value, 4)])
    items.append(["last", "other", "somebody", "2026-10-10 08:00:00", "2026-10-10 08:00:00",
                  "2026-10-10 09:00:00", "done"])
    write(f"{folder}/items.csv",
          ["item_id", "use_case", "worker", "opened_at", "started_at", "closed_at", "state"], items)
    write(f"{folder}/assignments.csv", ["plan", "unit_kind", "unit", "arm", "probability"], assigned)
    write(f"{folder}/measures.csv", ["item_id", "name", "value"], measures)


def excludes_0(interval):
    low, high = (number if number is not None else wide for number, wide in zip(interval, (-9e9, 9e9)))
    return low > 0 or high < 0


def benjamini_hochberg(p, rate):
    """How many are selected: the largest R with p_(R) < rate R / N."""
    p = sorted(p)
    return max((r for r in range(1, len(p) + 1) if p[r - 1] < rate * r / len(p)), default=0)


WORDS = {"better": "better", "at a price": "trade_off", "worse": "worse", "no change": "no_material_change",
         "unproven": "unproven"}


def check(report, text, compared):
    document = json.load(open(report))
    rows = {row["plan"]["name"]: row for row in document["rows"] if row["plan"]}
    judged = document["judged_together"]
    alone = {row["plan"]["name"]: row for row in (json.load(open(path))["rows"][0] for path in compared)}
    assert len(rows) == len(alone) == judged["plans"], (len(rows), len(alone), judged)
    selected = [name for name, row in rows.items() if row["comparison"]["selected"]]
    assert len(selected) == judged["selected"] == benjamini_hochberg(
        [row["comparison"]["p"] for row in alone.values()], 0.05), (selected, judged)
    level = 1 - 0.05 * max(len(selected), 1) / len(rows)
    assert abs(judged["level"] - level) < 1e-9
    for name, row in rows.items():
        comparison, verdict = row["comparison"], row["verdict"]["word"]
        assert abs(comparison["level"] - level) < 1e-9
        assert excludes_0(comparison["interval"]) == (name in selected), (name, comparison["interval"])
        assert comparison["unadjusted"] == alone[name]["comparison"]["interval"], name
        assert comparison["effect"] == alone[name]["comparison"]["effect"]
        if name not in selected:
            assert verdict in ("unproven", "no_material_change"), (name, verdict)
        else:
            assert verdict in ("better", "worse", "no_material_change"), (name, verdict)
        said = re.search(rf"^\S ?(\S.*?) +{re.escape(row['use_case'])} ", text, re.M)
        assert said and WORDS[said[1]] == verdict, (name, verdict, said)
    print(judged["plans"], judged["selected"])


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), sys.argv[3])
    else:
        check(sys.argv[2], open(sys.argv[3]).read(), sys.argv[4:])
