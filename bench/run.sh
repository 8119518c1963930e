#!/bin/bash
# Runs the benchmarks and prints the last line of each at the end. Exits non-zero only where one
# failed to run: a ratio over its goal is a finding, not a failure.
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
items=200000
[ "$size" = smoke ] || items=10000000
results=
failed=0

run()
{
    echo "== $*" >&2
    local output
    if output=$("$@"); then
        printf '%s\n' "$output"
        results+=$(tail -n 1 <<<"$output")$'\n'
    else
        echo "run.sh: $1 failed" >&2
        failed=1
    fi
}

run "$build/bench/bench_compare" "$items"
run "$here/git.sh" "$build/assay" none "$size"

printf '\n%s' "$results"
exit "$failed"
