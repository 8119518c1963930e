#!/usr/bin/env python3
"""Small desks on which few people differ between one result and the next, and what a reader of the
report may see of them.

    near_groups.py make SEED FOLDER     tickets.csv, usage.csv, quality.csv
    near_groups.py attack REPORT        exits 1 where two counts of a row, of items or of people,
                                        differ by fewer than min_group or by the items of so few
"""

import csv
import datetime
import itertools
import json
import random
import sys


def stamp(day, minute):
    return (datetime.datetime(2026, 4, 1) + datetime.timedelta(days=day, minutes=minute)).isoformat()


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def make(seed, folder):
    draw = random.Random(seed)
    people = [f"person {i}" for i in range(draw.randint(16, 40))]
    # Each kind of gap is had by a handful of people at most.
    some = {gap: set(draw.sample(people, draw.randint(0, 9)))
            for gap in ("open", "late start", "unrated", "never seen by the AI tool", "odd one out")}
    tickets, calls, rated = [], [], []
    for person in people:
        for i in range(draw.randint(16, 28)):
            ticket = f"{person}/{i}"
            day = draw.randrange(182)
            start, length = draw.randrange(400), draw.randrange(20, 900)
            closed = stamp(day, start + length)
            state = "done"
            if i == 0 and person in some["open"]:
                closed, state = "", "open"
            started = "" if i == 1 and person in some["late start"] else stamp(day, start)
            tickets.append([ticket, stamp(day, start - 5), started, closed, state, person])
            with_ai = draw.random() < 0.5
            if i == 2 and person in some["never seen by the AI tool"]:
                with_ai = None
            if with_ai:
                calls.append([f"c{len(calls)}", stamp(day, start + 1), person, ticket])
            if not (i == 3 and person in some["unrated"]):
                rated.append([ticket, "quality", draw.random()])
            if not (i == 4 and person in some["odd one out"]):
                rated.append([ticket, "satisfaction", draw.random()])
    for person in people:
        calls.append([f"first {person}", stamp(0, 0), person, ""])
        calls.append([f"last {person}", stamp(190, 0), person, ""])
    write(f"{folder}/tickets.csv",
          ["item_id", "opened_at", "started_at", "closed_at", "state", "worker"], tickets)
    write(f"{folder}/usage.csv", ["usage_id", "occurred_at", "worker", "item_id"], calls)
    write(f"{folder}/measures.csv", ["item_id", "name", "value"], rated)


MATURES = {"quality": 0, "satisfaction": 7}  # days after the close


def items_with_outcome(folder):
    """Of each metric that can be told from the files: its items by person and period."""
    with open(f"{folder}/tickets.csv", newline="") as file:
        tickets = {ticket["item_id"]: ticket for ticket in csv.DictReader(file)}
    with open(f"{folder}/measures.csv", newline="") as file:
        measured = [(row["name"], row["item_id"]) for row in csv.DictReader(file)]
    known = {"all": list(tickets)}
    for name in MATURES:
        known[name] = [item for measure, item in measured if measure == name]
    end = max(t["closed_at"] or t["opened_at"] for t in tickets.values())
    end = datetime.datetime.fromisoformat(end)
    by_person = {}
    for name, items in known.items():
        for item in items:
            ticket = tickets[item]
            period = "now" if ticket["opened_at"] >= "2026-07-01" else "before"
            if name in MATURES:
                if not ticket["closed_at"]:
                    continue
                # The earlier period is seen as it stood a quarter ago.
                age = end - datetime.datetime.fromisoformat(ticket["closed_at"])
                if age.days < MATURES[name] + (92 if period == "before" else 0):
                    continue
            counts = by_person.setdefault((name, period), {})
            counts[ticket["worker"]] = counts.get(ticket["worker"], 0) + 1
    return by_person


LABELS = {"time_to_complete": "all", "cycle_time": "all", "quality_score": "quality",
          "satisfaction": "satisfaction"}


def counts_of(row):
    """Published counts with what they are of: items of the period now, items of the one before, people
    of the one now. None: items that the files alone do not tell."""
    comparison = row["comparison"]
    changes = [(LABELS.get(row["metric"]["name"]), row["change"]),
               *((LABELS.get(also["metric"]["name"]), also["change"]) for also in row["also"])]
    arms = comparison.get("arms", [])
    now = [("all", row["items"]), *((label, c.get("items_now")) for label, c in changes),
           (None, sum(arm["items"] for arm in arms) or None),
           (None, (row["without_ai"] or {}).get("items")),
           *((None, count) for count in comparison.get("excluded", {}).values())]
    before = [(label, c.get("items_before")) for label, c in changes]
    # (The clusters of a comparison like with like are people with items in cells of both arms.)
    people = [("all", row["workers"]), *((None, c.get("workers_now")) for _, c in changes)]
    return {"now": now, "before": before, "people": people}


def people_between(by_person, period, one, other):
    """Whose items differ between two metrics; None where the files do not tell."""
    a, b = by_person.get((one, period)), by_person.get((other, period))
    if a is None or b is None or one == other:
        return None
    return sum(a.get(person, 0) != b.get(person, 0) for person in {*a, *b})


def attack(path):
    with open(path) as file:
        document = json.load(file)
    by_person = items_with_outcome(path.rsplit("/", 1)[0])
    least = document["assay"]["min_group"]
    seen = 0
    for row in document["rows"]:
        for period, counts in counts_of(row).items():
            known = [(label, count) for label, count in counts if count]
            seen += len(known)
            for (one, a), (other, b) in itertools.combinations(known, 2):
                between = people_between(by_person, period, one, other)
                # Where the files do not tell, only what is a part of all items can be subtracted.
                parts = between is None and "all" in (one, other)
                near = parts and 0 < abs(a - b) < least
                if near or (between is not None and 0 < between < least):
                    sys.exit(f"{row['use_case']}: {a} beside {b}, which {between} people make")
    print(seen)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), sys.argv[3])
    else:
        attack(sys.argv[2])
