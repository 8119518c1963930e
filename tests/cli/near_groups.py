#!/usr/bin/env python3
"""Small desks on which few people differ between one result and the next, and what a reader of the
report may see of them.

    near_groups.py make SEED FOLDER     tickets.csv, usage.csv, quality.csv
    near_groups.py attack REPORT        exits 1 where two counts of a row, of items or of people,
                                        differ by fewer than min_group
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


def counts_of(row):
    """Published counts: items of the period now, items of the one before, people of the one now."""
    comparison = row["comparison"]
    changes = [row["change"], *(also["change"] for also in row["also"])]
    arms = comparison.get("arms", [])
    now = [row["items"], *(c.get("items_now") for c in changes),
           sum(arm["items"] for arm in arms) or None, *comparison.get("excluded", {}).values()]
    before = [c.get("items_before") for c in changes]
    people = [row["workers"], comparison.get("clusters"), *(c.get("workers_now") for c in changes)]
    return now, before, people


def attack(path):
    with open(path) as file:
        document = json.load(file)
    least = document["assay"]["min_group"]
    seen = 0
    for row in document["rows"]:
        for counts in counts_of(row):
            known = [count for count in counts if count]
            seen += len(known)
            for a, b in itertools.combinations(known, 2):
                if 0 < abs(a - b) < least:
                    sys.exit(f"{row['use_case']}: {a} beside {b}")
    print(seen)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), sys.argv[3])
    else:
        attack(sys.argv[2])
