#!/usr/bin/env python3
"""How often nominal 95 % intervals hold the truth, over the whole grid.

    run.py PROGRAM FOLDER [--minutes M] [--jobs N]    adds runs to FOLDER/coverage.json for M minutes,
                                                      to the cells that have fewest of them
    run.py PROGRAM --quick                            a few cells, with bounds: a test
    run.py --check FOLDER                             coverage.md says what coverage.json holds

Batch k of a cell has a seed of its own, so that runs add up over sessions and a cell comes out the
same wherever it is run again. What was done is kept when the program is stopped.
"""

import concurrent.futures
import itertools
import json
import math
import os
import subprocess
import sys
import time

BATCH = 25
CLUSTERS = [5, 10, 20, 50, 200]
ICC = [0, 0.1, 0.5]
SKEW = ["normal", "skewed"]
SHARE = [0.1, 0.5]
# Estimator, how items come to be in its second arm (population.h), what it is.
ESTIMATORS = [
    ("mean", "worker", "Mean, workers drawn: the effect as a share of the baseline (CR2)"),
    ("mean", "item", "Mean, items drawn, each worker having both"),
    ("mean", "stratum", "Mean, workers drawn within strata that differ"),
    ("mean_cuped", "earlier", "Mean, workers drawn, adjusted for what each did before (CUPED)"),
    ("mean_cuped_lin", "earlier", "The same with slopes of each arm's own (Lin)"),
    ("log_mean", "worker", "Mean of logs, workers drawn: the ratio of geometric means"),
    ("log_mean", "item", "Mean of logs, items drawn"),
    ("proportion", "worker", "Proportion, workers drawn: percentage points"),
    ("proportion", "item", "Proportion, items drawn"),
    ("ratio", "worker", "Ratio of sums, workers drawn (delta method, Fieller where that is weak)"),
    ("ratio", "item", "Ratio of sums, items drawn"),
    ("quantile", "worker", "Median, workers drawn: its change as a share of the baseline's"),
    ("quantile", "item", "Median, items drawn"),
    ("duration", "worker", "Restricted mean time with open items, workers drawn"),
    ("duration", "item", "Restricted mean time with open items, items drawn"),
    ("duration", "stratum", "Restricted mean time, workers drawn within strata"),
    ("sequence", "item", "Mean, items drawn, looked at three times: the truth is in all intervals "
                         "that were given (confidence sequence)"),
    ("switchback", "turns", "Mean, teams taking turns by week (blocks are the clusters; the first "
                            "column counts teams)"),
    ("switchback_proportion", "turns", "Proportion, teams taking turns by week"),
    ("staggered", "waves", "Mean, workers starting one week after another, some never"),
    ("staggered_duration", "waves", "Restricted mean time, workers starting one week after "
                                    "another"),
    ("offer", "offer", "Mean, workers offered it, of whom 60 in 100 take it: effect of the offer"),
    ("compliers", "offer", "The effect on those who took the offer (two-stage least squares, "
                           "Anderson and Rubin's where that is weak)"),
    ("like_with_like", "found", "As found, like with like: cells of worker and size, longer items "
                                "being given to AI more often (jackknife)"),
    ("like_with_like_log", "found", "As found, like with like, mean of logs"),
    ("worker_week", "week", "As found from daily totals: people's weeks with AI beside their "
                            "others"),
    ("dose", "share", "As found, the share of a team's items with AI by week (the first column "
                      "counts teams)"),
    ("change_mean", "period", "Change between two periods, the workers being in both: mean "
                              "(jackknife)"),
    ("change_proportion", "period", "Change between two periods: proportion"),
    ("change_ratio", "period", "Change between two periods: ratio of sums"),
    ("change_quantile", "period", "Change between two periods: median"),
    ("change_duration", "period", "Change between two periods: restricted mean time"),
]
GRID = ("clusters", "icc", "skew", "share")


def populations():
    """What is drawn at once: all estimators of it are asked about the same items. In an order in
    which any part holds a bit of everything."""
    arms = list(dict.fromkeys(arms for _, arms, _ in ESTIMATORS))
    grid = list(itertools.product(CLUSTERS, ICC, SKEW, SHARE))
    step = 23  # no divisor of the size of the grid
    for place in range(len(grid)):
        for how in arms:
            yield (how, *grid[step * place % len(grid)])


def cells():
    for (estimator, arms, _), *grid in itertools.product(ESTIMATORS, CLUSTERS, ICC, SKEW, SHARE):
        yield {"estimator": estimator, "arms": arms, **dict(zip(GRID, grid))}


def key(cell):
    return tuple(cell[name] for name in ("estimator", "arms", *GRID))


def cells_of(population):
    for estimator, arms, _ in ESTIMATORS:
        if arms == population[0]:
            yield {"estimator": estimator, "arms": arms, **dict(zip(GRID, population[1:]))}


def run_batch(program, population, batch, runs=BATCH):
    seed = 100000 * (1 + list(populations()).index(population)) + batch
    arguments = [program, *(str(part) for part in population), str(runs), str(seed)]
    done = subprocess.run(arguments, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


def wilson(held, runs, z=1.959964):
    if runs == 0:
        return None, None
    p = held / runs
    middle = (p + z * z / (2 * runs)) / (1 + z * z / runs)
    half = z / (1 + z * z / runs) * math.sqrt(p * (1 - p) / runs + z * z / (4 * runs * runs))
    return middle - half, middle + half


def add(cell, tally):
    for name, number in tally.items():
        cell[name] = cell.get(name, 0) + number
    answered = cell["answered"]
    low, high = wilson(cell["held"], answered)
    cell["coverage"] = round(cell["held"] / answered, 4) if answered else None
    cell["low"] = round(low, 4) if answered else None
    cell["high"] = round(high, 4) if answered else None


def load(path):
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return {key(cell): cell for cell in json.load(file)}


def save(path, known):
    ordered = [known[key(cell)] for cell in cells() if key(cell) in known]
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write("[" + ",\n ".join(json.dumps(cell) for cell in ordered) + "]\n")
    os.replace(path + ".new", path)


# ---- The table --------------------------------------------------------------------------------

HEAD = """# Coverage: how often 95 % intervals hold the truth

Measured where a number stands, and nothing is assumed of the rest: {have} of {all} cells have been
run. {missing}Each cell is a kind of organisation with a known truth: so many workers with 10 to 30
items each, a share of the variance that is between workers (*icc*; where teams take turns, between a
team's weeks), values that are normal or *skewed* (log-normal with σ = 1.5; for proportions events of
2 and 4 % in place of 20 and 30 %), and a share of the workers, or of each one's items or weeks, in
the second arm, which has a quarter more of everything. Items go through a workspace as imported ones
do; the interval is the one that assay shows, with all that widens it. `make coverage` adds runs for
40 minutes (`COVERAGE_MINUTES`), the numbers stand in `coverage.json` with their own 95 % limits
(Wilson), and a seed for each batch makes each cell come out again. All estimators of one population
are asked about the same items, so that where chance made one of them miss, others miss with it.

A number is the share in per cent of the intervals given that hold the truth. In bold: under 93, and
its own limits exclude 95. *n*: in more than half of the runs assay notes beside the verdict that the
interval may be too narrow, or finds too few people or events for one. A dash: no interval was given
in any run, or the cell has not been run. Runs per cell: {fewest} to {most}. A number of {most}
intervals that hold the truth as they should is within {error:.0f} points of 95 in 19 of 20 cells;
where few runs gave an interval it is off by more (75.0 can be 3 of 4), and the limits in
`coverage.json` say by how much. The last columns pool a row. Of {have} cells some are bold by chance
alone. A share is one of the intervals that were *given*: where few were, those refused may have been
the worse ones. Over 95 is no fault of the interval's promise, and costs power.
"""


def shown(cell):
    if cell is None or not cell["answered"]:
        return "–"
    text = f"{100 * cell['coverage']:.0f}" if cell["coverage"] == 1 else f"{100 * cell['coverage']:.1f}"
    if falls_short(cell):
        text = f"**{text}**"
    return text + (" *n*" if cell["noted"] > cell["answered"] / 2 else "")


def pooled(row):
    row = [cell for cell in row if cell is not None]
    runs = sum(cell["runs"] for cell in row)
    answered = sum(cell["answered"] for cell in row)
    quiet = answered - sum(cell["noted"] for cell in row)
    quiet_held = sum(cell["held"] - cell["held_noted"] for cell in row)
    if answered == 0:
        return ["–", "–", "0"]
    return [f"{100 * sum(cell['held'] for cell in row) / answered:.1f}",
            f"{100 * quiet_held / quiet:.1f}" if quiet >= 20 else "–",
            f"{100 * answered / runs:.0f}"]


def table(known, estimator, arms):
    columns = list(itertools.product(SKEW, ICC, SHARE))
    lines = ["| workers | " + " | ".join(f"{'' if skew == 'normal' else 'skewed '}{icc:g}, {share:g}"
                                         for skew, icc, share in columns) +
             " | all | not noted | given |",
             "| ---: |" + " ---: |" * (len(columns) + 3)]
    for clusters in CLUSTERS:
        row = [known.get((estimator, arms, clusters, icc, skew, share))
               for skew, icc, share in columns]
        lines.append(f"| {clusters} | " + " | ".join([shown(cell) for cell in row] + pooled(row)) +
                     " |")
    return lines


def falls_short(cell):
    return cell["answered"] and cell["coverage"] < 0.93 and cell["high"] < 0.95


def short_by_chance(runs):
    """The probability that a cell of so many intervals falls short where each holds with 95 %."""
    return sum(math.comb(runs, missed) * 0.05 ** missed * 0.95 ** (runs - missed)
               for missed in range(runs + 1)
               if (runs - missed) / runs < 0.93 and wilson(runs - missed, runs)[1] < 0.95)


def rows_of(known):
    """An estimator's cells of so many workers, together."""
    rows = {}
    for cell in known.values():
        row = rows.setdefault((cell["estimator"], cell["arms"], cell["clusters"]),
                              {"answered": 0, "held": 0, "noted": 0, "held_noted": 0})
        for name in row:
            row[name] += cell[name]
    return rows


def short_rows(known):
    """Rows of which the intervals beside which nothing is noted fall short."""
    for (estimator, arms, clusters), row in rows_of(known).items():
        quiet = row["answered"] - row["noted"]
        held = row["held"] - row["held_noted"]
        if quiet > 0 and held / quiet < 0.93 and wilson(held, quiet)[1] < 0.95:
            low, high = wilson(held, quiet)
            yield [estimator, arms, clusters, quiet, 100 * held / quiet, 100 * low, 100 * high]


def failures(known):
    """Rows and cells that fall short."""
    rows = sorted(short_rows(known), key=lambda row: row[4])
    lines = [f"{len(rows)} of {len(rows_of(known))} rows (an estimator and a number of workers, all columns "
             "together) have under 93 % of the intervals beside which nothing is noted, with limits that "
             "exclude 95. Nothing warns of these; rows of many workers are a bias that does not shrink, "
             "or chance." if rows else "No row falls short where nothing is noted.", ""]
    if rows:
        lines += ["| estimator | second arm by | workers | intervals | coverage | limits |",
                  "| --- | --- | ---: | ---: | ---: | ---: |"]
        lines += [f"| {row[0]} | {row[1]} | {row[2]} | {row[3]} | {row[4]:.1f} | {row[5]:.1f} … {row[6]:.1f} |"
                  for row in rows] + [""]
    short = sorted((cell for cell in known.values() if falls_short(cell)),
                   key=lambda cell: cell["coverage"])
    chance = sum(short_by_chance(cell["answered"]) for cell in known.values() if cell["answered"])
    lines += [f"{len(short)} of {len(known)} cells are under 93 % with limits that exclude 95; were all "
              f"intervals to hold with 95 %, about {chance:.0f} would be. Of a cell of {BATCH} intervals that "
              "holds with 85 %, the table would name half.", ""]
    if short:
        lines += ["| estimator | second arm by | workers | icc | values | share | intervals | coverage | "
                  "limits | noted |",
                  "| --- | --- | ---: | ---: | --- | ---: | ---: | ---: | --- | ---: |"]
    for cell in short:
        lines.append(
            f"| {cell['estimator']} | {cell['arms']} | {cell['clusters']} | {cell['icc']:g} | "
            f"{cell['skew']} | {cell['share']:g} | {cell['answered']} | {100 * cell['coverage']:.1f} | "
            f"{100 * cell['low']:.1f} … {100 * cell['high']:.1f} | "
            f"{100 * cell['noted'] / cell['answered']:.0f} % |")
    return lines


def is_run(known, estimator, arms):
    return any(cell["estimator"] == estimator and cell["arms"] == arms for cell in known.values())


def missing(known):
    """What no cell has been run of, as a sentence."""
    names = [what for estimator, arms, what in ESTIMATORS if not is_run(known, estimator, arms)]
    return "No cell of these has: " + "; ".join(names) + ".\n" if names else ""


def render(known):
    runs = [cell["runs"] for cell in known.values()] or [1]
    parts = [HEAD.format(have=len(known), missing=missing(known), all=len(list(cells())), fewest=min(runs), most=max(runs),
                         error=196 * math.sqrt(0.95 * 0.05 / max(runs)))]
    parts.append("Columns are icc, share in the second arm. *not noted*: of the intervals beside which "
                 "nothing is noted. *given*: runs with an interval.\n")
    for estimator, arms, what in ESTIMATORS:
        if not is_run(known, estimator, arms):
            parts.append(f"## {what}\n\nNot run yet.\n")
            continue
        parts.append(f"## {what}\n")
        parts.append("\n".join(table(known, estimator, arms)) + "\n")
    parts.append("## Where it falls short\n")
    parts.append("\n".join(failures(known)) + "\n")
    return "\n".join(parts)


def write_page(folder, known):
    with open(os.path.join(folder, "coverage.md"), "w", encoding="utf-8") as file:
        file.write(render(known))


# ---- Commands ---------------------------------------------------------------------------------


def grow(program, folder, minutes, jobs):
    path = os.path.join(folder, "coverage.json")
    known = load(path)
    end = time.monotonic() + 60 * minutes
    pool = concurrent.futures.ThreadPoolExecutor(jobs)
    total = 0

    def runs_of_cell(cell):
        return known.get(key(cell), {"runs": 0})["runs"]

    def runs_of(population):
        return min(runs_of_cell(cell) for cell in cells_of(population))

    def one(population, batch):
        if time.monotonic() >= end:
            return {}
        return run_batch(program, population, batch)

    while time.monotonic() < end:
        fewest = min(runs_of(population) for population in populations())
        waiting = [population for population in populations() if runs_of(population) == fewest]
        asked = {pool.submit(one, population, fewest // BATCH): population
                 for population in waiting}
        for done, future in enumerate(concurrent.futures.as_completed(asked), 1):
            tallies = future.result()
            for cell in cells_of(asked[future]):
                # Of others of the population this batch is there already.
                if cell["estimator"] in tallies and runs_of_cell(cell) == fewest:
                    add(known.setdefault(key(cell), cell), tallies[cell["estimator"]])
                    total += BATCH
            save(path, known)
            print(f"\r{total:,} intervals; {fewest} to {fewest + BATCH} in each cell, "
                  f"{done} of {len(waiting)} populations", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    write_page(folder, load(path))  # in the order of the file, which decides between equals


def quick(program):
    """20 workers, half of them in the second arm: 25 runs of each estimator. With 95 % the chance
    of fewer than 19 is under .001; the seeds are fixed."""
    failed = 0
    for how in dict.fromkeys(arms for _, arms, _ in ESTIMATORS):
        tallies = run_batch(program, (how, 20, 0.1, "normal", 0.5), 900, runs=25)
        for estimator, arms, _ in ESTIMATORS:
            if arms != how:
                continue
            tally = tallies[estimator]
            good = tally["answered"] >= 23 and tally["held"] >= 19
            print(f"{'ok' if good else 'FAILED'}: {estimator}, by {how}: {tally['held']} of "
                  f"{tally['answered']} intervals hold the truth")
            failed += not good
    return 1 if failed else 0


def check(folder):
    with open(os.path.join(folder, "coverage.md"), encoding="utf-8") as file:
        if file.read() != render(load(os.path.join(folder, "coverage.json"))):
            print("coverage.md does not say what coverage.json holds: run `make coverage`")
            return 1
    return 0


def main(arguments):
    def option(name, default):
        return type(default)(arguments[arguments.index(name) + 1]) if name in arguments else default

    if arguments[:1] == ["--check"] and len(arguments) == 2:
        return check(arguments[1])
    if len(arguments) == 2 and arguments[1] == "--quick":
        return quick(arguments[0])
    if len(arguments) >= 2 and not arguments[1].startswith("-"):
        grow(arguments[0], arguments[1], option("--minutes", 40.0),
             option("--jobs", os.cpu_count() or 1))
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
