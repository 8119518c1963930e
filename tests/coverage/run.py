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
# Estimator, unit of assignment, what it is.
ESTIMATORS = [
    ("mean", "worker", "Mean, arms by worker: the effect as a share of the baseline (CR2)"),
    ("mean", "item", "Mean, arms by item, each worker having both"),
    ("log_mean", "worker", "Mean of logs, arms by worker: the ratio of geometric means"),
    ("log_mean", "item", "Mean of logs, arms by item"),
    ("proportion", "worker", "Proportion, arms by worker: percentage points"),
    ("proportion", "item", "Proportion, arms by item"),
    ("ratio", "worker", "Ratio of sums, arms by worker (delta method, Fieller where that is weak)"),
    ("ratio", "item", "Ratio of sums, arms by item"),
    ("quantile", "worker", "Median, arms by worker: its change as a share of the baseline's"),
    ("quantile", "item", "Median, arms by item"),
    ("duration", "worker", "Restricted mean time with open items, arms by worker"),
    ("duration", "item", "Restricted mean time with open items, arms by item"),
    ("like_with_like", "item", "As found, like with like: cells of worker and size, longer items "
                               "being given to AI more often (jackknife)"),
    ("change", "item", "Change between two periods, the workers being in both (jackknife)"),
]


def cells():
    for (estimator, unit, _), clusters, icc, skew, share in itertools.product(
            ESTIMATORS, CLUSTERS, ICC, SKEW, SHARE):
        yield {"estimator": estimator, "unit": unit, "clusters": clusters, "icc": icc,
               "skew": skew, "share": share}


def key(cell):
    return tuple(cell[name] for name in ("estimator", "unit", "clusters", "icc", "skew", "share"))


def run_batch(program, cell, batch, runs=BATCH):
    seed = 1000 * (1 + [key(c) for c in cells()].index(key(cell))) + batch
    arguments = [program, *(str(part) for part in key(cell)), str(runs), str(seed)]
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

Measured where a number stands, and nothing is assumed of the rest: {have} of {all} cells have been run.
{missing}Each cell is a kind of organisation with a known truth: so many workers with
10 to 30 items each, a share of the variance that is between workers (*icc*), values that are normal
or *skewed* (log-normal with σ = 1.5; for proportions events of 2 and 4 % in place of 20 and 30 %),
and a share of the workers, or of each worker's items, in the second arm, which has a quarter more of
everything. Items go through a workspace as imported ones do; the interval is the one that assay
shows, with all that widens it. `make coverage` adds runs for 40 minutes (`COVERAGE_MINUTES`), the
numbers stand in `coverage.json` with their own 95 % limits (Wilson), and a seed for each batch makes
each cell come out again.

A number is the share in per cent of the intervals given that hold the truth. In bold: under 93, and
its own limits exclude 95. *n*: in more than half of the runs assay notes beside the verdict that
the interval may be too narrow, or finds too few people or events for one. A dash: no interval was
given in any run, or the cell has not been run. Runs per cell: {fewest} to {most}. A number of {most} intervals that
hold the truth as they should is within {error:.0f} points of 95 in 19 of 20 cells; where few runs gave an interval it
is off by more (75.0 can be 3 of 4), and the limits in `coverage.json` say by how much. The last columns pool a row.
Of {have} cells some are bold by chance alone.
"""


def shown(cell):
    if cell is None or not cell["answered"]:
        return "–"
    text = f"{100 * cell['coverage']:.0f}" if cell["coverage"] == 1 else f"{100 * cell['coverage']:.1f}"
    if cell["coverage"] < 0.93 and cell["high"] < 0.95:
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


def table(known, estimator, unit):
    columns = list(itertools.product(SKEW, ICC, SHARE))
    lines = ["| workers | " + " | ".join(f"{'' if skew == 'normal' else 'skewed '}{icc:g}, {share:g}"
                                         for skew, icc, share in columns) +
             " | all | not noted | given |",
             "| ---: |" + " ---: |" * (len(columns) + 3)]
    for clusters in CLUSTERS:
        row = [known.get((estimator, unit, clusters, icc, skew, share))
               for skew, icc, share in columns]
        lines.append(f"| {clusters} | " + " | ".join([shown(cell) for cell in row] + pooled(row)) +
                     " |")
    return lines


def failures(known):
    """Cells that fall short, and do not say so in most runs."""
    short = [cell for cell in known.values()
             if cell["answered"] and cell["coverage"] < 0.93 and cell["high"] < 0.95]
    short.sort(key=lambda cell: cell["coverage"])
    lines = [f"{len(short)} of {len(known)} cells are under 93 % with limits that exclude 95 "
             f"(by chance alone about {0.025 * len(known):.0f} would have such limits).", ""]
    if short:
        lines += ["| estimator | unit | workers | icc | values | share | coverage | limits | noted |",
                  "| --- | --- | ---: | ---: | --- | ---: | ---: | --- | ---: |"]
    for cell in short:
        lines.append(
            f"| {cell['estimator']} | {cell['unit']} | {cell['clusters']} | {cell['icc']:g} | "
            f"{cell['skew']} | {cell['share']:g} | {100 * cell['coverage']:.1f} | "
            f"{100 * cell['low']:.1f} … {100 * cell['high']:.1f} | "
            f"{100 * cell['noted'] / cell['answered']:.0f} % |")
    return lines


def is_run(known, estimator, unit):
    return any(cell["estimator"] == estimator and cell["unit"] == unit for cell in known.values())


def missing(known):
    """What no cell has been run of, as a sentence."""
    names = [what for estimator, unit, what in ESTIMATORS if not is_run(known, estimator, unit)]
    return "No cell of these has: " + "; ".join(names) + ".\n" if names else ""


def render(known):
    runs = [cell["runs"] for cell in known.values()] or [1]
    parts = [HEAD.format(have=len(known), missing=missing(known), all=len(list(cells())), fewest=min(runs), most=max(runs),
                         error=196 * math.sqrt(0.95 * 0.05 / max(runs)))]
    parts.append("Columns are icc, share in the second arm. *not noted*: of the intervals beside which "
                 "nothing is noted. *given*: runs with an interval.\n")
    for estimator, unit, what in ESTIMATORS:
        if not is_run(known, estimator, unit):
            parts.append(f"## {what}\n\nNot run yet.\n")
            continue
        parts.append(f"## {what}\n")
        parts.append("\n".join(table(known, estimator, unit)) + "\n")
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
    while time.monotonic() < end:
        fewest = min(known.get(key(cell), {"runs": 0})["runs"] for cell in cells())
        waiting = [cell for cell in cells() if known.get(key(cell), {"runs": 0})["runs"] == fewest]
        for chunk in range(0, len(waiting), 8 * jobs):
            if time.monotonic() >= end:
                break
            part = waiting[chunk:chunk + 8 * jobs]
            tallies = list(pool.map(lambda cell: run_batch(program, cell, fewest // BATCH), part))
            for cell, tally in zip(part, tallies):
                add(known.setdefault(key(cell), cell), tally)
                total += tally["runs"]
            save(path, known)
            print(f"\r{total:,} runs; {fewest} to {fewest + BATCH} in each cell, "
                  f"{chunk + len(part)} of {len(waiting)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    write_page(folder, known)


def quick(program):
    """20 workers, half of them in the second arm: 40 runs of each estimator. With 95 % the chance
    of fewer than 33 is under .001; the seeds are fixed."""
    failed = 0
    for estimator, unit, _ in ESTIMATORS:
        cell = {"estimator": estimator, "unit": unit, "clusters": 20, "icc": 0.1,
                "skew": "normal", "share": 0.5}
        tally = run_batch(program, cell, 900, runs=40)
        good = tally["answered"] >= 38 and tally["held"] >= 33
        print(f"{'ok' if good else 'FAILED'}: {estimator}, by {unit}: {tally['held']} of "
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
