#!/usr/bin/env python3
"""Work that is better, or as good, without AI, with what leaving AI out saves worked out by hand.

    without_ai.py KIND    writes ../items.csv, ../usage.csv, ../arms.csv and ../measures.csv, and prints
                          as JSON what assay ought to say

slower      a trial by item; with AI work takes longer; calls cost differing amounts
flat        the same, with calls of one price
unpriced    the same, with calls of no price
equal       a trial by item; with AI work takes as long
faster      a trial by item; with AI work is faster
spread      a trial by item; with AI more time is booked by ratio, but one person's booked time without
            it varies so much that the mean may be the same
broken      a trial by item; with AI work takes about as long, and its quality is lower
found       nothing was assigned; two teams with work of unlike length, AI the rarer the longer; and,
            in a team of its own, two people who never used AI
strata      the same, with the arms assigned by lot within teams, and none drawn for the two people
"""

import csv
import datetime
import json
import random
import statistics
import sys

LANDMARK = 30
T_15 = 2.131449545559323  # 97.5 % of Student's t, 15 degrees of freedom: qt(.975, 15) in R


def stamp(day, minute):
    start = datetime.datetime(2026, 7, 1) + datetime.timedelta(days=day, minutes=minute)
    return start.isoformat()


def write(name, head, rows):
    with open(f"../{name}.csv", "w", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def trial(kind):
    draw = random.Random(11)
    extra = {"equal": 0, "faster": -60, "broken": 0}.get(kind, 48)
    noise = 120 if kind == "broken" else 20
    items, usage, arms, measures, seen = [], [], [], [], []
    for person in range(16):
        role = "junior" if person % 2 else "senior"
        for i in range(20):
            name, arm, day = f"T{person}-{i}", i % 2, i * 4 % 70
            minutes = 240 + i // 2 * 6 + draw.randrange(-noise, noise + 1) + (extra if arm else 0)
            usd = 0.5 if kind == "flat" else round(draw.uniform(0.4, 0.8), 2)
            items.append([name, f"person {person}", role, stamp(day, 0), stamp(day, minutes), "done"])
            arms.append(["trial", "item", name, "ai" if arm else "no_ai", 0.5])
            booked = round(minutes * draw.uniform(0.4, 0.6))
            if kind == "spread" and person == 3 and i == 4:
                booked = 15000
            measures.append([name, "labour_minutes", booked])
            if kind == "broken":
                measures.append([name, "quality", round(draw.uniform(0.6, 0.8) - 0.3 * arm, 3)])
            if arm:
                usage.append([f"c{name}", stamp(day, 5), f"person {person}", name,
                              "" if kind == "unpriced" else usd])
            seen.append((arm, minutes, usd if arm else 0.0, booked, 60 if role == "senior" else 30,
                         person))
    for person in range(16):
        usage.append([f"first {person}", stamp(-1, 0), f"person {person}", "", 0.1])
        usage.append([f"last {person}", stamp(90, 0), f"person {person}", "", 0.1])
    write("items", ["item_id", "worker", "role", "opened_at", "closed_at", "state"], items)
    write("usage", ["usage_id", "occurred_at", "worker", "item_id", "usd"], usage)
    write("arms", ["plan", "unit_kind", "unit", "arm", "probability"], arms)
    write("measures", ["item_id", "name", "value"], measures)
    write("rates", ["role", "since", "usd_per_hour"],
          [["senior", "2026-01-01", 50], ["senior", "2026-05-01", 60], ["junior", "2026-01-01", 30],
           ["junior", "2027-01-01", 300]])

    def mean(arm, value):
        values = [value(one) for one in seen if one[0] == arm]
        return sum(values) / len(values)

    def saved(value):
        return sum(one[0] == 0 for one in seen) * (mean(1, value) - mean(0, value))

    def bounds(value):
        """95 % by Student's t over the people, each of whom has ten items of either arm: then the
        cluster-robust error (CR2), the jackknife by person and this are one number."""
        items = sum(one[0] == 0 for one in seen)
        each = []
        for person in range(16):
            own = [[value(x) for x in seen if x[5] == person and x[0] == arm] for arm in (0, 1)]
            each.append(statistics.mean(own[1]) - statistics.mean(own[0]))
        half = T_15 * statistics.stdev(each) / 16 ** 0.5
        return [items * (statistics.mean(each) - half), items * (statistics.mean(each) + half)]

    def dollars(x):
        return x[3] / 60 * x[4]

    return {"items": sum(one[0] == 0 for one in seen), "hours": saved(lambda x: x[1]) / 60,
            "ai": saved(lambda x: x[2]), "labour_hours": saved(lambda x: x[3]) / 60,
            "labour": saved(dollars),
            "intervals": {"hours": bounds(lambda x: x[1] / 60), "ai": bounds(lambda x: x[2]),
                          "labour_hours": bounds(lambda x: x[3] / 60), "labour": bounds(dollars),
                          "both": bounds(lambda x: x[2] + dollars(x))}}


def found(kind):
    """Times count from LANDMARK on; cells are teams; weights are those of the items without AI."""
    draw = random.Random(12)
    items, usage, arms, seen = [], [], [], []
    for person in range(22):
        team = "Alone" if person >= 20 else ("Long" if person % 2 else "Short")
        for i in range(30):
            name, day = f"T{person}-{i}", i * 2 % 70
            share = {"Long": 0.2, "Short": 0.7, "Alone": 0}[team]
            arm = int(i < 30 * share)
            if kind == "strata": # at all times, and as many in all as the draw should give
                share = {"Long": 0.4, "Short": 0.6, "Alone": 0}[team]
                arm = int(i * 7 % 10 < 10 * share)
            minutes = {"Long": 400, "Short": 100, "Alone": 200}[team] + draw.randrange(-30, 31)
            minutes += {"Long": 100, "Short": 20, "Alone": 0}[team] * arm
            usd = round(draw.uniform(0.4, 0.8) * (2 if team == "Long" else 1), 2)
            items.append([name, f"person {person}", team, stamp(day, 0), stamp(day, minutes), "done"])
            if arm:
                usage.append([f"c{name}", stamp(day, 5), f"person {person}", name, usd])
            arms.append(["trial", "item", name, "ai" if arm else "no_ai", 0.5])
            seen.append((team, arm, minutes - LANDMARK, usd if arm else 0.0))
    for person in range(22):
        usage.append([f"first {person}", stamp(-1, 0), f"person {person}", "", 0.1])
        usage.append([f"last {person}", stamp(90, 0), f"person {person}", "", 0.1])
    write("items", ["item_id", "worker", "team", "opened_at", "closed_at", "state"], items)
    write("usage", ["usage_id", "occurred_at", "worker", "item_id", "usd"], usage)

    if kind == "strata":
        write("arms", ["plan", "unit_kind", "unit", "arm", "probability"], arms)

    def saved(value):
        total = 0
        for team in ("Long", "Short"):
            arms = [[value(x) for x in seen if x[0] == team and x[1] == arm] for arm in (0, 1)]
            total += len(arms[0]) * (sum(arms[1]) / len(arms[1]) - sum(arms[0]) / len(arms[0]))
        return total

    return {"items": sum(x[1] == 0 and x[0] != "Alone" for x in seen),
            "hours": saved(lambda x: x[2]) / 60, "ai": saved(lambda x: x[3])}


KINDS = {"found": found, "strata": found}

if __name__ == "__main__":
    print(json.dumps(KINDS.get(sys.argv[1], trial)(sys.argv[1])))
