#!/bin/bash
# Runs the benchmarks and prints their lines of JSON once more at the end. Exits non-zero only where
# one failed to run: a ratio over its goal is a finding, not a failure. The full size takes an hour
# and 20 GB below the folder for temporary files.
#
#   run.sh BUILD smoke|full
set -uo pipefail

if [ $# -ne 2 ] || { [ "$2" != smoke ] && [ "$2" != full ]; }; then
    echo "usage: run.sh BUILD smoke|full" >&2
    exit 2
fi
build=$1
size=$2
here=$(cd "$(dirname "$0")" && pwd)
if [ "$size" = smoke ]; then
    usage=100000 items=50000 calls=200000 compared=(100000 200000) memory=(100000 300000)
    kinds=200000 seconds=1
else
    usage=5000000 items=2000000 calls=10000000 compared=(1000000 10000000 50000000)
    memory=(1000000 10000000 50000000) kinds=10000000 seconds=5
fi
results=
failed=0

run()
{
    echo "== $*" >&2
    local output
    if output=$("$@"); then
        printf '%s\n' "$output"
        results+=$(grep '^{' <<<"$output")$'\n'
    else
        echo "run.sh: $1 failed" >&2
        failed=1
    fi
}

import=("$here/import.py" "$build/assay" "$build/tests/run_sql")
run "${import[@]}" usage "$usage"
run "${import[@]}" items "$items"
run "${import[@]}" memory "${memory[@]}"
run "$build/bench/bench_facts" "$calls"
run "$build/bench/bench_compare" "${compared[@]}"
run "$build/bench/bench_kinds" "$kinds"
run "$build/bench/bench_designs" "$kinds"
run "$build/bench/bench_stats" "$seconds"
run "$here/git.sh" "$build/assay" none "$size"

printf '\n%s' "$results"
exit "$failed"
