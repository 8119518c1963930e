#!/usr/bin/env python3
"""Small desks with plans over nearly the same items, and what a reader of a document about all of them
may see of the few between two plans.

    near_plans.py make SEED FOLDER           tickets.csv, measures.csv, usage.csv, assignments.csv, plans/
    near_plans.py attack FOLDER DOCUMENT...  of `report` or `compare --all`, JSON or CSV: exits 1 where
                                             two published counts are of items that differ by those of
                                             fewer than eight people; prints how many counts and pairs
                                             it knew the items of

Whose items a count is of is told from the files, and believed only where their number is the count.
"""

import csv
import datetime
import itertools
import json
import os
import math
import random
import statistics
import sys

LEAST = 8  # min_group
FIRST, LAST = datetime.date(2026, 7, 1), datetime.date(2026, 9, 30)


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


# ---- Desks ------------------------------------------------------------------------------------------


def tickets_of(draw, people):
    """Some people have one ticket of an odd size, on the last day, or that nobody drew an arm for."""
    odd = {kind: set(draw.sample(people, min(len(people), draw.randint(0, 16))))
           for kind in ("size", "last day", "no arm", "unrated")}
    for person in people:
        for i in range(draw.randint(12, 20)):
            day = FIRST + datetime.timedelta(days=draw.randrange(91))
            if i == 1 and person in odd["last day"]:
                day = LAST
            if i >= 8:
                day -= datetime.timedelta(days=91)
            yield {"item_id": f"{person}/{i}", "worker": person, "day": day, "team": "desk",
                   "size": 9 if i == 0 and person in odd["size"] else 1,
                   "no arm": i == 2 and person in odd["no arm"],
                   "unrated": i == 3 and person in odd["unrated"],
                   "arm": draw.choice(["no_ai", "ai"])}


def plan_text(name, plan):
    lines = [f"plan: {name}", "use_case: help", f"design: {plan['design']}",
             f"period: {{from: {FIRST}, to: {plan['to']}}}",
             f"primary: {{metric: {plan['metric']}}}", "by: [attr('kind')]"]
    if plan["small"]:
        lines.append('scope: {where: "size < 9"}')
    return "\n".join(lines) + "\n"


def plans_of(draw):
    metrics = ["quality_score, improve_by: 2pp"] * 3 + ["time_to_complete, improve_by: 10%"]
    designs = ["{kind: randomised, unit: item, probability: 0.5}"] * 3 + [
        "{kind: like_with_like, cells: [team]}"]
    for name in ("one", "two", "three")[:draw.randint(2, 3)]:
        yield name, {"design": draw.choice(designs), "metric": draw.choice(metrics),
                     "to": draw.choice([LAST, LAST - datetime.timedelta(days=1)]),
                     "small": draw.random() < 0.5, "all": draw.random() < 0.5,
                     "anew": draw.random() < 0.3}


def make(seed, folder):
    draw, faults = random.Random(seed), random.Random(-1 - seed)
    tickets = list(tickets_of(draw, [f"person {i:02}" for i in range(draw.randint(18, 30))]))
    kinds = random.Random(-1000 - seed)
    items, calls, rated, assigned = [], [], [], []
    for ticket in tickets:
        start = datetime.datetime.combine(ticket["day"], datetime.time(8, draw.randrange(60)))
        end = start + datetime.timedelta(minutes=draw.randrange(30, 300))
        items.append([ticket["item_id"], ticket["worker"], ticket["team"], start, start, end, "done",
                      ticket["size"], kinds.choice(["call", "mail"])])
        if ticket["arm"] == "ai":
            calls.append([f"c{len(calls)}", start + datetime.timedelta(minutes=1), ticket["worker"],
                          ticket["item_id"]])
        if not ticket["unrated"]:
            rated.append([ticket["item_id"], "quality", round(draw.random(), 4)])
            rated.append([ticket["item_id"], "errors", int(faults.random() < 0.3)])
    for person in sorted({ticket["worker"] for ticket in tickets}):
        calls += [[f"first {person}", "2026-03-01 00:00:00", person, ""],
                  [f"last {person}", "2026-10-09 00:00:00", person, ""]]
    items.append(["late", "person 00", "desk", *["2026-10-20 08:00:00"] * 2, "2026-10-20 09:00:00", "done",
                  1, "call"])
    os.makedirs(f"{folder}/plans")
    for name, plan in plans_of(draw):
        if "quality" in plan["metric"] and faults.random() < 0.4:
            plan["metric"] = "error_rate, improve_by: 1pp"
        for ticket in tickets:
            if ticket["day"] >= FIRST and "randomised" in plan["design"] and (
                    plan["all"] or not ticket["no arm"]):
                arm = draw.choice(["no_ai", "ai"]) if plan["anew"] else ticket["arm"]
                assigned.append([name, "item", ticket["item_id"], arm, 0.5])
        with open(f"{folder}/plans/{name}.yaml", "w") as file:
            file.write(plan_text(name, plan))
    write(f"{folder}/tickets.csv", ["item_id", "worker", "team", "opened_at", "started_at", "closed_at",
                                    "state", "size", "kind"], items)
    write(f"{folder}/usage.csv", ["usage_id", "occurred_at", "worker", "item_id"], calls)
    write(f"{folder}/measures.csv", ["item_id", "name", "value"], rated)
    write(f"{folder}/assignments.csv", ["plan", "unit_kind", "unit", "arm", "probability"], assigned)


# ---- What the files tell ----------------------------------------------------------------------------


class Desk:
    def __init__(self, folder):
        self.folder = folder
        self.tickets = {t["item_id"]: t for t in read(f"{folder}/tickets.csv")}
        self.rated = {m["item_id"] for m in read(f"{folder}/measures.csv")}
        self.used = {c["item_id"] for c in read(f"{folder}/usage.csv")}
        self.drawn = {}
        for row in read(f"{folder}/assignments.csv"):
            self.drawn.setdefault(row["plan"], {})[row["unit"]] = row["arm"]

    def between(self, first, last, metric):
        return {i for i, t in self.tickets.items() if first <= t["opened_at"][:10] <= last and
                (metric not in ("quality_score", "error_rate") or i in self.rated)}

    def scope(self, plan, metric):
        with open(f"{self.folder}/plans/{plan}.yaml") as file:
            text = file.read()
        last = text.split(" to: ")[1].split("}")[0]
        items = self.between(str(FIRST), last, metric)
        return {i for i in items if "size <" not in text or self.tickets[i]["size"] != "9"}

    def arm(self, plan, arm, metric):
        drawn = self.drawn.get(plan)
        if drawn is None:
            drawn = {i: "ai" if i in self.used else "no_ai" for i in self.tickets}
        return {i for i in self.scope(plan, metric) if drawn.get(i) == arm}

    def group(self, plan, arm, metric, kind):
        return {i for i in self.arm(plan, arm, metric) if self.tickets[i]["kind"] == kind}

    def of_period(self, plan, metric, before):
        """Of a change there may be all items, or those alone that a trial assigned."""
        first, days = FIRST, 92
        if before:
            first = FIRST - datetime.timedelta(days=92)
        for days in (92, 91):
            start = FIRST - datetime.timedelta(days=days) if before else first
            items = self.between(str(start), str(start + datetime.timedelta(days=days - 1)), metric)
            yield items
            for drawn in self.drawn.values():
                yield items & set(drawn)

    def people(self, items):
        return {self.tickets[item]["worker"] for item in items}


# ---- What a document says ---------------------------------------------------------------------------


def digits_of(value):
    return len(f"{value:.10e}".split("e")[0].rstrip("0").replace(".", ""))


STEPS = {"error_rate": 1, "time_to_complete": 1, "quality_score": 1e-4}  # values are whole ones of these


def items_behind(metric, value, part):
    """How many items a mean of such values is of, where only one number of them can have it."""
    if metric not in STEPS or not value:
        return None
    step = STEPS[metric]
    numbers = range(120, 300) if part in ("before", "now") else range(50, 150)
    fitting = [n for n in numbers
               if float(f"{round(value * n / step) * step / n:.{digits_of(value)}g}") == value]
    return fitting[0] if len(fitting) == 1 else None


def units_behind(p):
    """The sizes of two arms that were drawn evenly, from the p value of that, where it tells them."""
    z, digits = statistics.NormalDist().inv_cdf(1 - p / 2), digits_of(p)
    fitting = []
    for both in range(100, 600):
        apart = round(z * both ** 0.5)
        exact = math.erfc(apart / (2 * both) ** 0.5)
        if apart > 0 and (both + apart) % 2 == 0 and float(f"{exact:.{digits}g}") == p:
            fitting.append(((both - apart) // 2, (both + apart) // 2))
    if len(fitting) == 1:
        for arm in ("no_ai", "ai"):
            yield from ((arm, units) for units in fitting[0])


def counts_of_json(document):
    for row in document["rows"]:
        plan, metric = row["plan"]["name"], row["metric"]["name"]
        for arm in row["comparison"].get("arms", []):
            yield plan, metric, arm["arm"], arm["items"] or items_behind(metric, arm["value"], arm["arm"])
        for by in row["comparison"].get("by", []):
            for cell in by.get("cells", []):
                for arm, items in zip(("no_ai", "ai"), cell["items"] or []):
                    yield plan, metric, f"{arm}/{cell['cell']}", items
        for period in ("before", "now"):
            change = row["change"]
            yield plan, metric, period, (change.get(f"items_{period}") or
                                         items_behind(metric, change.get(period), period))
        yield plan, "all", "now", row["items"]
        for check in row["checks"]:
            if check["check"] == "sample_ratio" and check["p"]:
                for arm, units in units_behind(check["p"]):
                    yield plan, "all", arm, units


def counts_of_csv(lines):
    changes = []
    for line in lines:
        if line["kind"] == "change":
            changes.append(line)
        if line["kind"] in ("comparison", "no_comparison"):
            for of in [*changes, line]:
                for side in "01":
                    items, value = of[f"items_{side}"], of[f"value_{side}"]
                    arm = of[f"arm_{side}"]
                    yield (line["plan"], of["metric"], arm, int(items) if items else
                           items_behind(of["metric"], float(value) if value else None, arm))
            changes = []


def published(path):
    with open(path, newline="") as file:
        if path.endswith(".json"):
            return list(counts_of_json(json.load(file)))
        return list(counts_of_csv(csv.DictReader(file)))


def known(desk, path):
    """Published counts with the items that they are of."""
    unknown = 0
    out = []
    for plan, metric, part, count in published(path):
        if not count:
            continue
        if part in ("before", "now"):
            sets = desk.of_period(plan, metric, part == "before")
        elif "/" in part:
            arm, kind = part.split("/")
            sets = [desk.group(plan, arm, metric, kind)]
        else:
            sets = [desk.arm(plan, part, metric)]
        items = next((items for items in sets if len(items) == count), None)
        unknown += items is None
        if items is not None:
            out.append((f"{plan} {metric} {part}: {count}", items))
    # The two arms of a row can be added.
    for (one, a), (two, b) in itertools.combinations(list(out), 2):
        arms = {one.split(":")[0].rsplit(" ", 1)[1], two.split(":")[0].rsplit(" ", 1)[1]}
        if one.rsplit(" ", 2)[0] == two.rsplit(" ", 2)[0] and arms == {"ai", "no_ai"}:
            out.append((f"{one} and {two}", a | b))
    return out, unknown


def attack(folder, paths):
    desk = Desk(folder)
    counts = pairs = guessed = 0
    for path in paths:
        out, unknown = known(desk, path)
        counts += len(out)
        guessed += unknown
        for (one, a), (other, b) in itertools.combinations(out, 2):
            pairs += 1
            few = desk.people(a ^ b)
            if 0 < len(few) < LEAST:
                sys.exit(f"{path}: {one} beside {other}, which {len(few)} people make")
    print(counts, pairs, guessed)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), sys.argv[3])
    else:
        attack(sys.argv[2], sys.argv[3:])
