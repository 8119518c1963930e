#!/usr/bin/env bats
# The demo's data: the same seed gives the same bytes, and nothing is known after the export.

files="tickets.csv usage.csv satisfaction.csv measures.csv trial.csv truth.json"

sums() {
    (cd "$1" && sha256sum $files)
}

@test "the same seed gives the same bytes" {
    "$SUPPORT_DESK" "$BATS_TEST_TMPDIR/one"
    "$SUPPORT_DESK" --seed 1 "$BATS_TEST_TMPDIR/two"
    [ "$(sums "$BATS_TEST_TMPDIR/one")" = "$(sums "$BATS_TEST_TMPDIR/two")" ]
}

@test "another seed gives another desk with the same truth" {
    "$SUPPORT_DESK" "$BATS_TEST_TMPDIR/one"
    "$SUPPORT_DESK" --seed 2 "$BATS_TEST_TMPDIR/two"
    for file in tickets.csv usage.csv satisfaction.csv measures.csv trial.csv; do
        ! cmp -s "$BATS_TEST_TMPDIR/one/$file" "$BATS_TEST_TMPDIR/two/$file" || false
    done
    cmp "$BATS_TEST_TMPDIR/one/truth.json" "$BATS_TEST_TMPDIR/two/truth.json"
}

@test "no time in any file is later than the export" {
    "$SUPPORT_DESK" "$BATS_TEST_TMPDIR/desk"
    latest="$(grep -hoE '2026-[0-9]{2}-[0-9]{2} [0-9:]{8}' "$BATS_TEST_TMPDIR"/desk/*.csv | sort | tail -1)"
    [ "$latest" = "2026-10-01 02:00:00" ]
}

@test "Returns meets no AI" {
    "$SUPPORT_DESK" "$BATS_TEST_TMPDIR/desk"
    cd "$BATS_TEST_TMPDIR/desk"
    run awk -F, 'NR == FNR { group[$1] = $2; next } group[$7] == "Returns" || group[substr($8, 2)] == "Returns"' \
        tickets.csv usage.csv
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "every trial ticket is a Billing ticket of the third quarter, given before work starts" {
    "$SUPPORT_DESK" "$BATS_TEST_TMPDIR/desk"
    cd "$BATS_TEST_TMPDIR/desk"
    run awk -F, 'NR == FNR { group[$1] = $2; created[$1] = $5; next }
        FNR > 1 && (group[$3] != "Billing" || created[$3] < "2026-07-01" || $5 > created[$3])' \
        tickets.csv trial.csv
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "a wrong argument is named, and nothing is written" {
    run "$SUPPORT_DESK" --seed -3 "$BATS_TEST_TMPDIR/none"
    [ "$status" -eq 2 ]
    [[ "$output" == *"--seed: write a whole number"* ]]
    [ ! -e "$BATS_TEST_TMPDIR/none" ]
    run "$SUPPORT_DESK"
    [ "$status" -eq 2 ]
    run "$SUPPORT_DESK" "$BATS_TEST_TMPDIR/none" --seed
    [ "$status" -eq 2 ]
    run "$SUPPORT_DESK" /dev/null/desk
    [ "$status" -eq 2 ]
}
