#!/usr/bin/env python3
"""A quarter with six plans whose truth is planted, and a use case without one.

    six_plans.py FOLDER     items.csv, assignments.csv, measures.csv, usage.csv and plans/*.yaml
"""

import datetime
import os
import random
import sys

# Of each: minutes without AI before the quarter and in it, what AI makes of them; share of items with
# an error without and with AI; quality without and with AI; items in the quarter.
TRUTH = {
    "support.billing": dict(minutes=41, ai=0.72, errors=(0.03, 0.03), quality=(0.80, 0.80), items=2400),
    "sales.first_draft": dict(minutes=52, ai=0.79, errors=(0.03, 0.09), quality=(0.80, 0.80), items=2400),
    "code.refactor": dict(minutes=190, ai=1.19, errors=(0.03, 0.03), quality=(0.80, 0.80), items=1600),
    "hr.policy_search": dict(minutes=25, ai=1.0, errors=(0.03, 0.03), quality=(0.80, 0.80), items=2000),
    "docs.search": dict(minutes=33, ai=0.95, errors=(0.03, 0.03), quality=(0.80, 0.80), items=320),
    "finance.close": dict(minutes=88, ai=0.9, errors=(0.03, 0.03), quality=(0.80, 0.80), items=600),
    "legal.review": dict(minutes=120, ai=1.0, errors=(0.03, 0.03), quality=(0.80, 0.80), items=600),
}

PLANS = {
    "billing-drafts": ("support.billing", "time_to_complete, improve_by: 10%",
                       ["{metric: error_rate, allow: 2pp}"], "2026-09-30"),
    "first-drafts": ("sales.first_draft", "time_to_complete, improve_by: 10%",
                     ["{metric: error_rate, allow: 1pp}"], "2026-09-30"),
    "refactoring": ("code.refactor", "time_to_complete, improve_by: 10%", [], "2026-09-30"),
    "policy-search": ("hr.policy_search", "quality_score, improve_by: 2pp", [], "2026-09-30"),
    "docs-search": ("docs.search", "time_to_complete, improve_by: 10%", [], "2026-09-30"),
    "monthly-close": ("finance.close", "time_to_complete, improve_by: 10%", [], "2026-12-31"),
}


def write(path, header, rows):
    with open(path, "w") as file:
        file.write(",".join(header) + "\n")
        file.writelines(",".join(map(str, row)) + "\n" for row in rows)


def plan_text(name):
    use_case, primary, guardrails, to = PLANS[name]
    lines = [f"plan: {name}", f"use_case: {use_case}",
             "design: {kind: randomised, unit: item, probability: 0.5}",
             f"period: {{from: 2026-07-01, to: {to}}}", f"primary: {{metric: {primary}}}"]
    if guardrails:
        lines += ["guardrails:", *(f"  - {guardrail}" for guardrail in guardrails)]
    return "\n".join(lines) + "\n"


def main(folder):
    draw = random.Random(20260701)
    items, assigned, measures, usage = [], [], [], []
    planned = {use_case: name for name, (use_case, *_) in PLANS.items()}
    for u, (use_case, truth) in enumerate(TRUTH.items()):
        people = [f"{use_case}-person{i}" for i in range(24)]
        pace = {person: draw.lognormvariate(0, 0.15) for person in people}
        for quarter, start in enumerate((datetime.datetime(2026, 4, 1), datetime.datetime(2026, 7, 1))):
            for n in range(truth["items"]):
                item = f"{u}-{quarter}-{n}"
                person = people[n % len(people)]
                opened = start + datetime.timedelta(minutes=draw.randrange(90 * 1440))
                with_ai = quarter == 1 and draw.random() < 0.5
                minutes = truth["minutes"] * pace[person] * draw.lognormvariate(0, 0.4)
                minutes *= truth["ai"] if with_ai else 1
                closed = opened + datetime.timedelta(minutes=minutes)
                items.append([item, use_case, person, f"team{n % 24 // 8}", opened, opened,
                              closed.replace(microsecond=0), "done"])
                measures.append([item, "errors", int(draw.random() < truth["errors"][with_ai])])
                quality = truth["quality"][with_ai] + draw.gauss(0, 0.08)
                measures.append([item, "quality", round(min(1, max(0, quality)), 3)])
                if quarter == 1 and use_case in planned:
                    assigned.append([planned[use_case], "item", item, "ai" if with_ai else "no_ai", 0.5])
                if with_ai:
                    usage.append([f"c{item}", opened, person, item])
        for person in people:
            usage += [[f"f{person}", "2026-04-01 00:00:00", person, ""],
                      [f"l{person}", "2026-10-09 00:00:00", person, ""]]
    items.append(["last", "other.work", "legal.review-person1", "team0", "2026-10-10 08:00:00",
                  "2026-10-10 08:00:00", "2026-10-10 09:00:00", "done"])
    write(f"{folder}/items.csv",
          ["item_id", "use_case", "worker", "team", "opened_at", "started_at", "closed_at", "state"], items)
    write(f"{folder}/assignments.csv", ["plan", "unit_kind", "unit", "arm", "probability"], assigned)
    write(f"{folder}/measures.csv", ["item_id", "name", "value"], measures)
    write(f"{folder}/usage.csv", ["usage_id", "occurred_at", "worker", "item_id"], usage)
    os.makedirs(f"{folder}/plans", exist_ok=True)
    for name in PLANS:
        with open(f"{folder}/plans/{name}.yaml", "w") as file:
            file.write(plan_text(name))


if __name__ == "__main__":
    main(sys.argv[1])
