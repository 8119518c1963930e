#!/usr/bin/env python3
"""Trials that leave few people's assigned items out, each in a use case of its own, over three
quarters: the trial is in the second.

    beside_trials.py FOLDER FEW     items.csv, measures.csv, trials.csv and plans/; FEW people have
                                    items that a trial leaves out (of use case `plain` none are)

The items left out score 1000, all others about 10, so that a change with them shows it.
"""

import csv
import datetime
import random
import sys

QUARTERS = (datetime.datetime(2025, 4, 1), datetime.datetime(2025, 7, 1), datetime.datetime(2025, 10, 1))
PLANS = {
    "plain": "design: {kind: randomised, unit: item, probability: 0.5}",
    "covariate": "design: {kind: randomised, unit: item, probability: 0.5}\nadjust_for: [ln(size)]",
    "stratum": "design: {kind: randomised, unit: item, probability: 0.5, strata: [role]}",
    "washout": "design: {kind: switchback, unit: team, block: 14d, washout: 1d}",
    "scope": "design: {kind: randomised, unit: item, probability: 0.5}\nscope: {teams: [t0, t1]}",
}
TEAMS = 4


def write(path, head, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def main(folder, few):
    draw = random.Random(5)
    items, scores, trials = [], [], []
    for case, design in PLANS.items():
        with open(f"{folder}/plans/{case}.yaml", "w") as file:
            file.write(f"plan: {case}\nuse_case: {case}\n{design}\nperiod: 2025Q3\n"
                       'primary: {metric: score, improve_by: "1"}\n')
        arms = {}
        for team in range(TEAMS if case == "washout" else 0):
            for block in range(7):
                arms[team, block] = (team + block) % 2
                since = QUARTERS[1] + datetime.timedelta(days=14 * block)
                trials.append([case, "team", f"t{team}", ("no_ai", "ai")[arms[team, block]], 0.5,
                               since, since + datetime.timedelta(days=14)])
        for quarter, start in enumerate(QUARTERS):
            for n in range(960):
                person = n % 40
                left_out = quarter == 1 and case != "plain" and person < few and n < 120
                # Days of a switchback's washout are those of nobody else.
                day = 14 * (n // 40 % 6) + (0 if left_out else 1 + n % 13)
                opened = start + datetime.timedelta(days=day, hours=9)
                size, role, team = 1 + n % 7, "agent", f"t{person % TEAMS}"
                if left_out and case == "covariate":
                    size = ""
                if left_out and case == "stratum":
                    role = "lone"
                if case == "scope":
                    team = "t2" if left_out else f"t{person % 2}"
                item = f"{case}-{quarter}-{n}"
                items.append([item, case, f"{case} {person}", team, role, size, opened,
                              opened + datetime.timedelta(hours=2), "done"])
                ai = draw.random() < 0.5 and not (left_out and case == "stratum")
                if quarter == 1 and case == "washout":
                    ai = arms[person % TEAMS, day // 14]
                elif quarter == 1:
                    trials.append([case, "item", item, "ai" if ai else "no_ai", 0.5, "", ""])
                score = draw.gauss(10, 1) + (2 if ai and quarter == 1 else 0)
                scores.append([item, "score", 1000 if left_out else round(score, 3)])
    write(f"{folder}/items.csv", ["item_id", "use_case", "worker", "team", "role", "size", "opened_at",
                                  "closed_at", "state"], items)
    write(f"{folder}/measures.csv", ["item_id", "name", "value"], scores)
    write(f"{folder}/trials.csv", ["plan", "unit_kind", "unit", "arm", "probability", "since", "until"],
          trials)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
