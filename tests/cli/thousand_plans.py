#!/usr/bin/env python3
"""A workspace with very many plans of a few use cases.

    thousand_plans.py make FOLDER PLANS ENDING    items.csv, assignments.csv, plans/*.yaml
    thousand_plans.py lock WORKSPACE              every plan that is not locked yet, as its use case's
                                                  first, which is; prints lines and head

Of the plans ENDING end in 2026Q3 and have arms that were drawn; a third of the rest runs on beyond it,
and the others lie before or behind it. lock writes lines of the registry by itself, since the command
takes one plan at a time.
"""

import datetime
import hashlib
import json
import os
import random
import sys

USE_CASES = ["support.billing", "sales.first_draft", "code.refactor"]
PEOPLE, ITEMS, SHARE = 30, 3000, 0.06
FASTER = (0, 0, 0, 0.25, 0.5)  # what AI takes off the time, by the number of the plan
QUARTERS = [datetime.date(year, month, 1) for year in range(2022, 2031) for month in (1, 4, 7, 10)]


def write(path, header, rows):
    with open(path, "w") as file:
        file.write(",".join(header) + "\n")
        file.writelines(",".join(map(str, row)) + "\n" for row in rows)


def period_of(draw, kind):
    day = datetime.timedelta(days=1)
    if kind == "ending":
        return datetime.date(2026, 7, 1), datetime.date(2026, 9, 30)
    if kind == "running":
        return datetime.date(2026, 7, 1) + draw.randrange(80) * day, \
            datetime.date(2026, 10, 1) + draw.randrange(200) * day
    start = draw.choice([q for q in QUARTERS[:-1] if q != datetime.date(2026, 7, 1)])
    return start, QUARTERS[QUARTERS.index(start) + 1] - day


def plan_text(name, use_case, first, last, index):
    guardrail = "guardrails: [{metric: error_rate, allow: 20pp}]\n" if index % 4 == 0 else ""
    return (f"plan: {name}\nuse_case: {use_case}\n"
            "design: {kind: randomised, unit: item, probability: 0.5}\n"
            f"period: {{from: {first}, to: {last}}}\n"
            f"primary: {{metric: time_to_complete, improve_by: 10%}}\n{guardrail}")


def make(folder, plans, ending):
    draw = random.Random(20260701)
    os.makedirs(f"{folder}/plans", exist_ok=True)
    items, assigned, measures, names = [], [], [], {}
    for u, use_case in enumerate(USE_CASES):
        for quarter, start in enumerate((datetime.datetime(2026, 4, 1), datetime.datetime(2026, 7, 1))):
            for n in range(ITEMS):
                item = f"{u}-{quarter}-{n}"
                names.setdefault((use_case, quarter), []).append(item)
                opened = start + datetime.timedelta(minutes=draw.randrange(88 * 1440))
                closed = opened + datetime.timedelta(minutes=round(60 * draw.lognormvariate(0, 0.4)))
                items.append([item, use_case, f"{use_case}-person{n % PEOPLE}", opened, closed, "done"])
                measures.append([item, "errors", int(draw.random() < 0.1)])
    items.append(["last", "other.work", "somebody", "2026-10-10 08:00:00", "2026-10-10 09:00:00", "done"])
    faster = {}
    for index in range(plans):
        kind = "ending" if index < ending else "running" if index % 3 == 0 else "elsewhere"
        use_case = USE_CASES[index % len(USE_CASES)]
        name = f"plan-{index:05d}"
        with open(f"{folder}/plans/{name}.yaml", "w") as file:
            file.write(plan_text(name, use_case, *period_of(draw, kind), index))
        if kind != "ending":
            continue
        for item in draw.sample(names[use_case, 1], int(ITEMS * SHARE)):
            ai = draw.random() < 0.5
            assigned.append([name, "item", item, "ai" if ai else "no_ai", 0.5])
            if ai:
                faster[item] = FASTER[index % len(FASTER)]
    for row in items:  # plans share items: the last one's AI counts
        if row[0] in faster:
            row[4] = row[3] + (row[4] - row[3]) * (1 - faster[row[0]])
            row[4] = row[4].replace(microsecond=0)
    write(f"{folder}/items.csv",
          ["item_id", "use_case", "worker", "opened_at", "closed_at", "state"], items)
    write(f"{folder}/assignments.csv", ["plan", "unit_kind", "unit", "arm", "probability"], assigned)
    write(f"{folder}/measures.csv", ["item_id", "name", "value"], measures)


def lock(workspace):
    path = f"{workspace}/registry.jsonl"
    lines = open(path, "rb").read().splitlines(keepends=True)
    locks = [line for line in map(json.loads, lines) if line["kind"] == "lock"]
    hashes = {name: value for line in locks for name, value in line["files"].items()}
    head, number = hashlib.sha256(lines[-1]).hexdigest(), len(lines)
    with open(path, "ab") as out:
        for file in sorted(os.listdir(f"{workspace}/plans")):
            name = file.removesuffix(".yaml")
            if any(line["plan"] == name for line in locks):
                continue
            text = open(f"{workspace}/plans/{file}").read()
            number += 1
            metrics = ["time_to_complete"] + ["error_rate"] * ("guardrails" in text)
            files = {f"plans/{file}": hashlib.sha256(text.encode()).hexdigest(),
                     **{f"metrics/{metric}.yaml": hashes[f"metrics/{metric}.yaml"] for metric in metrics},
                     "use_cases.yaml": hashes["use_cases.yaml"]}
            line = json.dumps({"n": number, "at": locks[-1]["at"], "kind": "lock", "prev": head,
                               "plan": name, "files": files, "min_group": locks[-1]["min_group"],
                               "text": text}, separators=(",", ":")).encode() + b"\n"
            out.write(line)
            head = hashlib.sha256(line).hexdigest()
    print(number, head)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        lock(sys.argv[2])
