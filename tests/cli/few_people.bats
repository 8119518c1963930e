#!/usr/bin/env bats
# What is withheld for few people does not tell what became of their work: the same work with one
# outcome or another gives the same outputs, to the byte, and others once enough people are behind it.

load import_helpers.bash
load plan_helpers.bash

# desk KIND FEW VALUES: a workspace, in the folder of that name
desk() {
    local folder="$1-$2-$3" table
    python3 "$SOURCE/tests/cli/few_people.py" make "$folder" "$@"
    cp -a w "$folder/w"
    cd "$folder"
    a_score
    cp metrics/*.yaml w/metrics/
    [ ! -e plans/trial.yaml ] || cp plans/trial.yaml w/plans/
    for table in items measures usage assignments; do
        [ "$(grep -c '' $table.csv)" -eq 1 ] || imports $table $table.csv
    done
}

# What differs without the outcomes: when it was made.
without_times() {
    sed -E 's/"generated": "[^"]*"/"generated": ""/; s/"registry_head": "[^"]*"/"registry_head": ""/; s/^(registry|Registry).*//; s/[0-9a-f]{64}/HASH/g'
}

# tells KIND FEW VALUES COMMAND...: into KIND-FEW-VALUES.told, what each command says
tells() {
    local kind="$1" few="$2" values="$3" command code
    shift 3
    ( desk "$kind" "$few" "$values"
      for command in "$@"; do
          echo "== assay $command"
          code=0
          assay $command 2>&1 || code=$?
          echo "exit $code"
          find w/reports -name "*.json" -exec cat {} + 2> /dev/null || true
      done | without_times > "../$kind-$few-$values.told" )
}

# hides KIND COMMAND...: few people's outcomes do not show, and those of more do
hides() {
    local kind="$1" values
    shift
    for values in 1 2; do
        tells "$kind" 7 $values "$@"
        tells "$kind" 16 $values "$@"
    done
    diff "$kind-7-1.told" "$kind-7-2.told"
    [ "$(grep -c '^exit [01]$' "$kind-7-1.told")" -eq $# ] || { cat "$kind-7-1.told"; false; }
    # Each command would have told.
    python3 - "$kind" $# << 'P'
import sys
kind, commands = sys.argv[1], int(sys.argv[2])
told = [open(f"{kind}-16-{values}.told").read().split("== assay ")[1:] for values in (1, 2)]
assert len(told[0]) == commands
for one, other in zip(*told):
    assert one != other, "the same whatever came of it: " + one
P
}

ALL=("compare trial --format json" "compare trial --explain" "report --from 2026-07-06 --to 2026-09-27 --format json")

@test "a trial of few people" {
    hides randomised "${ALL[@]}" "compare trial --format csv" "compare trial --format markdown" \
        "compare --all --format json" "compare --metric score --use-case help --from 2026-07-06 --to 2026-09-27 --format json"
}

@test "turns that few people worked in" {
    hides switchback "${ALL[@]}"
}

@test "a rollout to few people" {
    hides staggered "${ALL[@]}"
}

@test "an offer to few people" {
    hides encouragement "${ALL[@]}"
}

@test "AI in the hands of few people, like with like" {
    hides like_with_like "${ALL[@]}" \
        "compare --metric score --use-case help --from 2026-07-06 --to 2026-09-27 --format json"
}

@test "few people after the day" {
    hides before_after "${ALL[@]}"
}

@test "a share of few people's work with AI" {
    hides dose "compare --metric score --use-case help --from 2026-07-06 --to 2026-09-27 --dose --format json" \
        "compare --metric score --use-case help --from 2026-07-06 --to 2026-09-27 --dose"
}

@test "the power of a plan on few people's past" {
    hides past "plan power trial" "plan power trial --format json" "plan power trial --format csv" \
        "plan power trial --format markdown"
}

@test "how long the work of few people takes: means up to a horizon, and the rate of finishing" {
    hides randomised.time "compare trial --format json" "compare trial --format csv" "compare trial"
    # Enough people have a rate, so that there is something to hide.
    grep -q 'log_rank_p' randomised.time-16-1.told
    ! grep -q 'log_rank_p\|hazard_ratio\|Rate of finishing' randomised.time-7-1.told
    hides strata.time "compare trial --format json"
    grep -q 'log_rank_p' strata.time-16-1.told
}

@test "what the work of few people costs, and its median" {
    hides randomised.ratio "compare trial --format json" "compare trial"
    hides randomised.quantile "compare trial --format json" "compare trial"
}

@test "what few people gave up, left open or have no outcome of, and guardrails on their work" {
    hides randomised.guarded "compare trial --format json" "compare trial --format csv" "compare trial"
    grep -q '"own_quantile"' randomised.guarded-16-1.told
    grep -q 'given_up' randomised.guarded-16-1.told
}

@test "a report on few people that is published" {
    hides randomised "report 2026Q3 --publish" "report 2026Q3 --publish --again"
}

@test "the methods section says nothing of outcomes" {
    for values in 1 2; do tells randomised 16 $values "methods trial"; done
    diff randomised-16-1.told randomised-16-2.told
    grep -q '^exit 0$' randomised-16-1.told
}

# part_hides KIND PART ARGUMENTS...: that part of the comparison is the same where few are behind it
part_hides() {
    local kind="$1" part="$2" few values
    shift 2
    for few in 7 16; do
        for values in 1 2; do
            ( desk "$kind" $few $values
              assay compare "$@" --format json > answer.json || [ $? -eq 1 ]
              python3 "$SOURCE/tests/cli/few_people.py" part answer.json "$part" > ../part-$few-$values )
        done
    done
    diff part-7-1 part-7-2
    run diff part-16-1 part-16-2
    [ "$status" -eq 1 ]
}

@test "what few people expected" {
    part_hides expected perception --metric time_to_complete --use-case help --from 2026-07-06 --to 2026-09-27
}

# Few people have the role, and the others are many: the whole is told, the group is not.
@test "a group of few people beside many" {
    part_hides by by trial
}

# hides_odd KIND VALUES...: nor does it show whether there is an outcome at all, or an odd one
hides_odd() {
    local kind="$1" values
    local commands=("${ALL[@]}" "compare --all --format json" "compare --all" "compare trial --format csv")
    shift
    tells "$kind" 7 1 "${commands[@]}"
    for values; do
        tells "$kind" 7 "$values" "${commands[@]}"
        diff "$kind-7-1.told" "$kind-7-$values.told"
    done
    # With enough people behind it, it would have.
    tells "$kind" 16 1 "${commands[@]}"
    tells "$kind" 16 "$values" "${commands[@]}"
    run diff "$kind-16-1.told" "$kind-16-$values.told"
    [ "$status" -eq 1 ]
}

@test "whether few people's work has an outcome, or an odd one: a mean" {
    hides_odd randomised open same huge missing
}

@test "whether few people's work has an outcome, or an odd one: a ratio" {
    hides_odd randomised.per_size missing same zero
}

@test "whether few people's work has an outcome, or an odd one: a median" {
    hides_odd randomised.quantile missing same huge
}
