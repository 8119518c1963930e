#!/bin/sh
# run.sh [SECONDS]: builds the fuzz targets with clang and runs each for so long over a copy of its
# seed corpus; without a number all together take an hour. A table of executions stands at the end.
# A target that fails does not keep the others from running, but the whole fails; its log and the
# input that caused it stay in build-fuzz/.
set -eu
cd "$(dirname "$0")/../.."
targets=$(cd tests/fuzz && ls fuzz_*.c | sed 's/\.c$//')
seconds=${1:-$((3600 / $(echo "$targets" | wc -l)))}

if [ ! -f build-fuzz/build.ninja ]; then
    CC=clang meson setup build-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false \
        -Dbuildtype=debugoptimized >/dev/null
fi
# shellcheck disable=SC2086
ninja -C build-fuzz --quiet $(for t in $targets; do echo "tests/fuzz/$t"; done)

table=
failed=0
for target in $targets; do
    name=${target#fuzz_}
    corpus=build-fuzz/corpus/$target
    mkdir -p "$corpus"
    # libfyaml itself loses memory on some quoted texts; what is ours is checked by the unit tests.
    leaks=1
    case $name in yaml | metric | plan | settings | use_cases) leaks=0 ;; esac
    log=build-fuzz/$target.log
    verdict="no failure"
    if ! ASAN_OPTIONS=detect_leaks=$leaks "build-fuzz/tests/fuzz/$target" \
        -max_total_time="$seconds" -max_len=8192 -print_final_stats=1 \
        -artifact_prefix="build-fuzz/$target-" "$corpus" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
        tail -40 "$log"
        verdict="failed: $log"
        failed=1
    fi
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    table="$table$(printf '%-12s %12s   %s' "$name" "${executions:--}" "$verdict")
"
done
printf '%-12s %12s   %s\n%s' target executions "$seconds s each" "$table"
exit "$failed"
