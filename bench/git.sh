#!/bin/bash
# Times `assay import git` beside git's own walk over the same commits, alternating, and prints one
# line of JSON, last: {"bench": "git", "n": commits, "ratio": r, "goal": 3, "peak_mb": m}.
#
#   git.sh ASSAY REPOSITORY|none smoke|full
#
# The reference is `git log --first-parent -m --numstat`: what it costs to see each change once.
# The importer also replays every change to find out who corrected what within 21 days, so a second
# ratio, to `git log -p -U0`, stands in the line before: what it costs to see each changed line.
# Each run has a workspace of its own; the first round warms the file cache and is not counted.
set -euo pipefail

if [ $# -ne 3 ]; then
    echo "usage: git.sh ASSAY REPOSITORY|none smoke|full" >&2
    exit 2
fi
assay=$(realpath "$1")
repository=$2
case $3 in
smoke) commits=300 ;;
full) commits=3000 ;;
*)
    echo "git.sh: $3 is neither smoke nor full" >&2
    exit 2
    ;;
esac
runs=3
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if [ "$repository" = none ]; then
    repository=$scratch/repository
    git init --quiet --initial-branch=main "$repository"
    python3 "$here/git_history.py" "$commits" | git -C "$repository" fast-import --quiet
    echo "made a repository of $commits commits" >&2
fi
git -C "$repository" rev-parse --git-dir >/dev/null

# Runs a command without its output; prints seconds and the peak of its memory in kB.
measure()
{
    python3 - "$@" <<'PY'
import resource
import subprocess
import sys
import time

start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
seconds = time.perf_counter() - start
if done.returncode != 0:
    sys.stderr.write(done.stderr)
    sys.exit(1)
print(f"{seconds:.6f} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}")
PY
}

import()
{
    rm -rf "$scratch/workspace"
    "$assay" init "$scratch/workspace" >/dev/null
    measure "$assay" import git "$repository" --workspace "$scratch/workspace" >>"$scratch/import"
}

walk()
{
    measure git -C "$repository" log --first-parent -m --numstat -M50% -l1000 >>"$scratch/walk"
}

patches()
{
    measure git -C "$repository" log --first-parent -m -p -U0 -M50% -l1000 >>"$scratch/patches"
}

for round in $(seq 0 $runs); do
    walk
    import
    patches
    [ "$round" -gt 0 ] || rm "$scratch/walk" "$scratch/import" "$scratch/patches"
done

# On the branch that was read, merges among them.
count=$(git -C "$repository" rev-list --first-parent --count HEAD)

python3 - "$scratch" "$count" <<'PY'
import json
import statistics
import sys

folder, count = sys.argv[1], int(sys.argv[2])


def column(name, which):
    with open(f"{folder}/{name}") as file:
        return [float(line.split()[which]) for line in file]


seconds = {name: statistics.median(column(name, 0)) for name in ("import", "walk", "patches")}
peak = round(max(column("import", 1)) / 1024)
print(f"{count} commits: assay import git {seconds['import']:.3f} s, "
      f"git log --numstat {seconds['walk']:.3f} s, git log -p -U0 {seconds['patches']:.3f} s")
print(json.dumps({"bench": "git_patches", "n": count,
                  "ratio": round(seconds["import"] / seconds["patches"], 2)}))
print(json.dumps({"bench": "git", "n": count,
                  "ratio": round(seconds["import"] / seconds["walk"], 2),
                  "goal": 3, "peak_mb": peak}))
PY
