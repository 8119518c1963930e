#!/usr/bin/env python3
"""kill -9 at random moments of imports and of facts builds.

    kill_tally.py ASSAY DESK [IMPORTS] [BUILDS] [SEED]

ASSAY: the program; DESK: the generator of the support desk. After each kill the workspace has to
open, hold the import wholly or not at all, and be completed by a second run; the registry's chain
is checked by every opening. After a killed report, the next one has to say what it would have said.
Prints the tally; exits 1 where anything was lost, doubled or unreadable."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

MAP = ["--map", "item_id=Ticket ID", "--map", "opened_at=Created", "--map", "started_at=Started",
       "--map", "closed_at=Closed", "--map", "worker=Assignee", "--map", "team=Team",
       "--map", "state=Status", "--map", "updated_at=Updated", "--map", "attr.group=Group",
       "--map", "size=Words", "--map", "measure.reopened=Reopened"]


def run(arguments, folder):
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True)


def killed(arguments, folder, seconds):
    """Starts, kills after so many seconds. True: it was still running."""
    process = subprocess.Popen(arguments, cwd=folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    alive = process.poll() is None
    process.kill()
    process.wait()
    return alive


def counts(assay, folder):
    """Items and measures, or None where the workspace does not open."""
    status = run([assay, "status"], folder)
    found = [re.search(rf"^ +{what} +([0-9]+)$", status.stdout, re.MULTILINE)
             for what in ("items", "measures")]
    if status.returncode != 0 or None in found:
        sys.stderr.write(status.stdout + status.stderr)
        return None
    return tuple(int(one.group(1)) for one in found)


def report(assay, folder):
    answer = run([assay, "report", "--format", "json"], folder)
    if answer.returncode != 0:
        sys.stderr.write(answer.stderr)
        return None
    document = json.loads(answer.stdout)
    del document["assay"]["generated"]
    return document


class Tally:
    def __init__(self):
        self.runs = self.hit = self.lost = self.doubled = self.unreadable = 0

    def line(self, what):
        return (f"{what}: {self.runs} runs, {self.hit} killed at work, lost {self.lost}, "
                f"doubled {self.doubled}, unreadable {self.unreadable}")

    def bad(self):
        return self.lost + self.doubled + self.unreadable


def judge(tally, seen, before, after, complete):
    """What a workspace shows after a kill: the one or the other, or only the latter."""
    if seen is None:
        tally.unreadable += 1
    elif seen != after and (complete or seen != before):
        tally.doubled += seen > after
        tally.lost += seen < after


def measured(assay, arguments, base, scratch):
    """How long it takes when nobody kills it."""
    copy = os.path.join(scratch, "timed")
    shutil.copytree(base, copy)
    start = time.monotonic()
    done = run([assay, *arguments], copy)
    took = time.monotonic() - start
    after = counts(assay, copy)
    shutil.rmtree(copy)
    if done.returncode != 0:
        sys.exit(f"kill_tally: {done.stderr}")
    return took, after


def main():
    assay, desk = sys.argv[1], sys.argv[2]
    imports, builds, seed = (int(x) for x in (sys.argv[3:] + ["200", "50", "1"][len(sys.argv) - 3:]))
    draw = random.Random(seed)
    tally = {"imports": Tally(), "facts builds": Tally()}
    with tempfile.TemporaryDirectory() as scratch:
        base = os.path.join(scratch, "base")
        for name, number in (("first", 1), ("second", 2)):
            run([desk, "--seed", str(number), "--tickets", "600", os.path.join(scratch, name)], scratch)
        run([assay, "init", base, "--timezone", "UTC"], scratch)
        run([assay, "import", "items", f"{scratch}/first/tickets.csv", *MAP], base)
        run([assay, "import", "usage", f"{scratch}/first/usage.csv"], base)
        # The second desk's tickets are further ones: its numbers get a letter in front.
        with open(f"{scratch}/second/tickets.csv") as file:
            lines = file.read().splitlines()
        with open(f"{scratch}/tickets.csv", "w") as file:
            file.write("\n".join([lines[0]] + ["x" + line for line in lines[1:]]) + "\n")
        command = ["import", "items", f"{scratch}/tickets.csv", *MAP]
        before = counts(assay, base)
        took, after = measured(assay, command, base, scratch)
        if before is None or after is None or after <= before:
            sys.exit(f"kill_tally: the second import adds nothing: {before}, {after}")
        one = tally["imports"]
        for i in range(imports):
            copy = os.path.join(scratch, "w")
            shutil.copytree(base, copy)
            one.runs += 1
            one.hit += killed([assay, *command], copy, draw.uniform(0, took * 1.1))
            judge(one, counts(assay, copy), before, after, False)
            run([assay, *command], copy)
            judge(one, counts(assay, copy), before, after, True)
            shutil.rmtree(copy)
        built = os.path.join(scratch, "built")
        shutil.copytree(base, built)
        start = time.monotonic()
        wanted = report(assay, built)
        took = time.monotonic() - start
        one = tally["facts builds"]
        for i in range(builds):
            copy = os.path.join(scratch, "w")
            shutil.copytree(base, copy)
            one.runs += 1
            one.hit += killed([assay, "report", "--format", "json"], copy, draw.uniform(0, took))
            judge(one, counts(assay, copy), before, before, True)
            said = report(assay, copy)
            one.unreadable += said is None
            one.lost += said is not None and said != wanted
            shutil.rmtree(copy)
    for what, one in tally.items():
        print(one.line(what))
    sys.exit(1 if any(one.bad() or one.hit < one.runs / 4 for one in tally.values()) else 0)


if __name__ == "__main__":
    main()
