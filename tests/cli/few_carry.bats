#!/usr/bin/env bats
# A number that few people carry nearly alone is not shown, however many are counted behind it. The test
# is the reader's arithmetic: what the document says of the few, and whether it follows their values.

load import_helpers.bash
load plan_helpers.bash

# solves KIND FEW VALUE: into $output, what a reader finds of the mean of the few
solves() {
    local folder="$1-$2-$3" table
    python3 "$SOURCE/tests/cli/few_carry.py" make "$folder" "$@"
    cp -a w "$folder/w"
    ( cd "$folder"
      a_score
      sed -i 's/material: .*/material: "0.1"/' w/metrics/score.yaml
      [ ! -e plans/trial.yaml ] || cp plans/trial.yaml w/plans/
      for table in items measures usage assignments; do
          [ "$(grep -c '' $table.csv)" -eq 1 ] || imports $table $table.csv > /dev/null
      done
      assay report --from 2026-07-01 --to 2026-09-30 --format json > answer.json || [ $? -eq 1 ] )
    run python3 "$SOURCE/tests/cli/few_carry.py" solve "$folder/answer.json" "$1"
    [ "$status" -eq 0 ]
}

# hides KIND FEW
hides() {
    local value
    for value in 0.111 0.999; do
        solves "$1" "$2" "$value"
        [ "$output" = nothing ] || { echo "$2 of $1 with $value: $output"; false; }
    done
    diff <(told "$1" "$2" 0.111) <(told "$1" "$2" 0.999)
}

told() {
    python3 "$SOURCE/tests/cli/few_carry.py" answer "$1-$2-$3/answer.json" "$1"
}

# shows KIND FEW: the few are not known from it to a fifth of what values range over
shows() {
    solves "$1" "$2" 0.999
    python3 -c 'import sys; sys.exit(abs(float(sys.argv[1]) - 0.999) < 0.2)' "$output"
}

@test "after a reorganisation" {
    hides reorganised 1
    hides reorganised 2
    hides reorganised 4
    solves reorganised 12 0.111
    [ "$output" != nothing ]
}

@test "like with like" {
    hides found 1
    hides found 2
    solves found 12 0.111
    [ "$output" != nothing ]
}

@test "a trial within strata" {
    hides strata 1
    hides strata 2
    solves strata 12 0.111
    [ "$output" != nothing ]
}

@test "a desk on which one does nearly all" {
    hides desk 1
    hides desk 7
}

@test "a desk on which one does a third" {
    shows third 1
}
