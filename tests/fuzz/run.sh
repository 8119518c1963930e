#!/bin/sh
# run.sh SECONDS: builds the fuzz targets with clang and runs each for so long over a copy of its seed
# corpus. Fails at the first crash; the input that caused it stays in build-fuzz/.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}

if [ ! -f build-fuzz/build.ninja ]; then
    CC=clang meson setup build-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false \
        -Dbuildtype=debugoptimized >/dev/null
fi
targets=$(cd tests/fuzz && ls fuzz_*.c | sed 's/\.c$//')
# shellcheck disable=SC2086
ninja -C build-fuzz --quiet $(for t in $targets; do echo "tests/fuzz/$t"; done)
for target in $targets; do
    corpus=build-fuzz/corpus/$target
    mkdir -p "$corpus"
    # libfyaml itself loses memory on some quoted texts; what is ours is checked by the unit tests.
    leaks=1
    [ "$target" = fuzz_yaml ] && leaks=0
    log=build-fuzz/$target.log
    if ! ASAN_OPTIONS=detect_leaks=$leaks "build-fuzz/tests/fuzz/$target" \
        -max_total_time="$seconds" -max_len=8192 -print_final_stats=1 \
        -artifact_prefix=build-fuzz/ "$corpus" "tests/fuzz/corpus/${target#fuzz_}" >"$log" 2>&1; then
        tail -40 "$log"
        echo "$target: failed"
        exit 1
    fi
    echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs, no failure"
done
