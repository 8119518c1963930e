#!/usr/bin/env python3
"""Times `assay import` beside the engine's bare read of the same file into a table.

  import.py ASSAY RUN_SQL usage|items ROWS [ROUNDS]   time and peak of memory
  import.py ASSAY RUN_SQL memory ROWS...              peak of memory, file by file

The bare read is `create table as select * from read_csv(...)` with typed columns into a database
file, with as many threads as the engine takes by itself; beside it, without a goal, the same with one
thread. Import and bare read alternate, each import in a workspace of its own, and the same file is
then imported once more into it. All are whole processes. The first round warms the file cache and is
not counted. Prints one line of JSON per import, last.

For memory, a workspace is told to take 500 MB, and spills what is more; what the engine holds beside
that should not grow with the file. The ratio is that of the last peak to the first.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

COLUMNS = {
    "usage": {
        "usage_id": ("VARCHAR", "'call-' || i"),
        "occurred_at": ("TIMESTAMP", "timestamp '2026-01-01' + to_microseconds(i * 3000000)"),
        "worker": ("VARCHAR", "'person' || hash(i, 1) % 5000 || '@example.org'"),
        "tool": ("VARCHAR", "['copilot', 'chat', 'agent'][1 + (hash(i, 2) % 3)::int]"),
        "model": ("VARCHAR", "'model-' || hash(i, 3) % 8"),
        "item_id": ("VARCHAR", "'T-' || hash(i, 4) % ({rows} // 5 + 1)"),
        "input_tokens": ("DOUBLE", "hash(i, 5) % 20000"),
        "output_tokens": ("DOUBLE", "hash(i, 6) % 2000"),
        "usd": ("DOUBLE", "(hash(i, 7) % 100000) / 1e6"),
        "status": ("VARCHAR", "case when hash(i, 8) % 50 = 0 then 'error' else 'ok' end"),
    },
    "items": {
        "item_id": ("VARCHAR", "'T-' || i"),
        "use_case": ("VARCHAR", "'support.' || ['billing', 'returns'][1 + (hash(i, 9) % 2)::int]"),
        "worker": ("VARCHAR", "'person' || hash(i, 1) % 5000 || '@example.org'"),
        "team": ("VARCHAR", "'team' || hash(i, 2) % 50"),
        "size": ("DOUBLE", "hash(i, 3) % 1000"),
        "opened_at": ("TIMESTAMP", "timestamp '2026-01-01' + to_microseconds(i * 7000000)"),
        "started_at": ("TIMESTAMP", "timestamp '2026-01-01' + to_microseconds(i * 7000000"
                                    " + 600000000)"),
        "closed_at": ("TIMESTAMP", "timestamp '2026-01-01' + to_microseconds(i * 7000000"
                                   " + 6000000000 + (hash(i, 4) % 1000000000)::bigint)"),
        "state": ("VARCHAR", "'done'"),
    },
}
FIRST_GOAL = 2.5
AGAIN_GOAL = 1.5
FLAT_GOAL = 1.5
MEMORY = "500MB"


def measure(command):
    """Seconds of a whole process, and the peak of its memory in MB."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"import.py: {command[0]}: {error.decode(errors='replace')}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def write_file(run_sql, table, rows, path):
    cells = ", ".join(f"{sql.format(rows=rows)} as {name}"
                      for name, (_, sql) in COLUMNS[table].items())
    measure([run_sql, ":memory:",
             f"copy (select {cells} from range({rows}) r(i)) to '{path}' (header)"])


class Bench:
    def __init__(self, assay, run_sql, scratch):
        self.assay = assay
        self.run_sql = run_sql
        self.database = os.path.join(scratch, "bare.duckdb")
        self.workspace = os.path.join(scratch, "w")

    def bare(self, table, path, threads=None):
        if os.path.exists(self.database):
            os.remove(self.database)
        types = ", ".join(f"{name}: '{kind}'" for name, (kind, _) in COLUMNS[table].items())
        before = f"set threads = {threads}; " if threads else ""
        return measure([self.run_sql, self.database,
                        f"{before}create table bare as select * from "
                        f"read_csv('{path}', header = true, columns = {{{types}}})"])[0]

    def init(self, memory=None):
        shutil.rmtree(self.workspace, ignore_errors=True)
        measure([self.assay, "init", self.workspace])
        if memory:
            with open(os.path.join(self.workspace, "assay.yaml"), "a", encoding="utf-8") as file:
                file.write(f"\nmemory: {memory}\n")

    def load(self, table, path):
        return measure([self.assay, "import", table, path, "--workspace", self.workspace])


def line(name, rows, ratio, goal, peak):
    print(json.dumps({"bench": name, "n": rows, "ratio": round(ratio, 2), "goal": goal,
                      "peak_mb": round(peak)}))


def time_imports(bench, table, rows, rounds, path):
    write_file(bench.run_sql, table, rows, path)
    names = ("bare", "one", "first", "again")
    seconds = {name: [] for name in names}
    peak = 0
    for number in range(rounds + 1):
        took = {"bare": bench.bare(table, path), "one": bench.bare(table, path, threads=1)}
        bench.init()
        took["first"], peak_first = bench.load(table, path)
        took["again"], peak_again = bench.load(table, path)
        if number == 0:
            continue
        for name in names:
            seconds[name].append(took[name])
        peak = max(peak, peak_first, peak_again)

    def ratio(above, below):
        return statistics.median(a / b for a, b in zip(seconds[above], seconds[below]))

    print(f"{table}, {rows} rows, medians of {rounds}: bare read "
          f"{statistics.median(seconds['bare']):.2f} s, by one thread "
          f"{statistics.median(seconds['one']):.2f} s; import "
          f"{statistics.median(seconds['first']):.2f} s, the same file again "
          f"{statistics.median(seconds['again']):.2f} s; to the bare read by one thread "
          f"{ratio('first', 'one'):.2f} and {ratio('again', 'one'):.2f}")
    line(f"import_{table}_again", rows, ratio("again", "bare"), AGAIN_GOAL, peak)
    line(f"import_{table}", rows, ratio("first", "bare"), FIRST_GOAL, peak)


def compare_peaks(bench, sizes, path):
    peaks = []
    for rows in sizes:
        write_file(bench.run_sql, "usage", rows, path)
        bench.init(MEMORY)
        peaks.append(bench.load("usage", path)[1])
        print(f"usage, {rows} rows, {os.path.getsize(path) / 1e6:.0f} MB of CSV: "
              f"{peaks[-1]:.0f} MB at its peak, with memory: {MEMORY}", flush=True)
    line("import_memory", sizes[-1], peaks[-1] / peaks[0], FLAT_GOAL, peaks[-1])


def main():
    if len(sys.argv) < 5 or sys.argv[3] not in (*COLUMNS, "memory"):
        sys.exit(__doc__)
    assay, run_sql = (os.path.realpath(path) for path in sys.argv[1:3])
    numbers = [int(text) for text in sys.argv[4:]]
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "rows.csv")
        bench = Bench(assay, run_sql, scratch)
        if sys.argv[3] == "memory":
            compare_peaks(bench, numbers, path)
        else:
            rounds = numbers[1] if len(numbers) > 1 else 3
            time_imports(bench, sys.argv[3], numbers[0], rounds, path)


main()
