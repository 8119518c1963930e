#!/usr/bin/env bats
# Plans: read with places, locked, refused when changed, amended; and the registry that keeps it.

load import_helpers.bash

a_plan() {
    cat > w/plans/drafts.yaml << 'Y'
plan: drafts
use_case: support.billing
question: Do drafts shorten tickets?
design: {kind: randomised, unit: item, probability: 0.5, strata: [team]}
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: cycle_time, improve_by: 10%}
guardrails:
  - {metric: rework_rate, allow: 1pp}
Y
}

# Replaces a line of the plan, then the check has to fail with the text.
wrong() {
    a_plan
    sed -i "$1" w/plans/drafts.yaml
    run assay plan check drafts
    [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
    says "$2"
}

locks() {
    a_plan
    run assay plan lock drafts
    [ "$status" -eq 0 ] || { echo "$output"; false; }
}

head_of() {
    tail -n 1 w/registry.jsonl | sha256sum | cut -c 1-64
}

@test "a plan is checked, and says what it compares and what may not get worse" {
    a_plan
    run assay plan check drafts
    [ "$status" -eq 0 ]
    says "plans/drafts.yaml: fine, not locked"
    says "compares    ai with no_ai in support.billing, randomised"
    says "improves    cycle_time by 10%"
    says "guardrails  rework_rate may get worse by 1pp"
    says "no item of support.billing is here yet"
}

@test "faults are named with line, column and mend" {
    wrong 's/10%/ten/' 'plans/drafts.yaml:6:43: improve_by: "ten" is not an amount; write 10% or 12.5'
    wrong 's/10%/0%/' 'plans/drafts.yaml:6:43: improve_by: it must be over 0'
    wrong 's/10%/100%/' 'cannot improve by so much'
    wrong 's/10%/2pp/' 'plans/drafts.yaml:6:43: improve_by: pp are points of a proportion'
    wrong 's/cycle_time/cycle_tim/' 'plans/drafts.yaml:6:19: metric: there is no metric "cycle_tim"; did you mean cycle_time?'
    wrong 's/cycle_time/rework_rate/' 'rework_rate is named twice'
    wrong 's/strata/stratum/' 'plans/drafts.yaml:4:57: design randomised: there is no key "stratum"; did you mean strata?'
    wrong 's/\[team\]/[teem]/' 'plans/drafts.yaml:4:66'
    wrong 's/randomised/switchback/' 'design switchback: there is no key "probability"'
    wrong 's/0\.5/1.5/' 'probability: the probability of the second arm lies between 0 and 1'
    wrong 's/unit: item/unit: worker/;s/\[team\]/[size]/' 'size is not the same for all items of a worker'
    wrong 's/09-30/06-30/' 'plans/drafts.yaml:5:31: to: the period ends before it begins'
    wrong 's/2026-07-01/2026-07-32/' '"2026-07-32" is no date'
    wrong '1s/drafts/others/' 'the file is named drafts and holds the plan others'
    wrong 's/^question/looks: anytime\nquestion/' 'looking at any time takes the items expected at the end'
    wrong 's/^question/cluster: item\nquestion/' 'errors by item would be too small; write worker'
}

@test "an unknown plan is answered with the nearest" {
    a_plan
    run assay plan check draft
    [ "$status" -eq 2 ]
    says 'there is no plan "draft"; did you mean drafts?'
    run assay plan check ../w/plans/drafts
    [ "$status" -eq 2 ]
}

@test "a locked plan that is changed is refused until the change is said" {
    locks
    says "drafts is locked."
    says "head        $(head_of)"
    run assay plan lock drafts
    [ "$status" -eq 2 ]
    says "drafts is locked already"
    run assay plan amend drafts --reason again
    [ "$status" -eq 2 ]
    says "nothing that drafts rests on has changed"
    sed -i 's/10%/5%/' w/plans/drafts.yaml
    run assay plan check drafts
    [ "$status" -eq 2 ]
    says "plans/drafts.yaml: this was changed after the plan drafts was locked"
    run assay plan show drafts --locked
    says "improve_by: 10%"
    run assay plan amend drafts
    [ "$status" -eq 2 ]
    says "say why the plan changed"
    run assay plan amend drafts --reason "ten was out of reach"
    [ "$status" -eq 0 ]
    run assay plan check drafts
    [ "$status" -eq 0 ]
    says "amended 1"
    run assay registry
    says "amend   drafts: ten was out of reach"
}

@test "a metric or use-case file that changes after the lock is refused too" {
    cp "$SOURCE/builtin/metrics/cycle_time.yaml" w/metrics/
    locks
    printf '# another day\n' >> w/metrics/cycle_time.yaml
    run assay plan check drafts
    [ "$status" -eq 2 ]
    says "metrics/cycle_time.yaml: this was changed"
    cp "$SOURCE/builtin/metrics/cycle_time.yaml" w/metrics/
    printf '%s\n' "- {use_case: a.b, when: \"size > 3\"}" > w/use_cases.yaml
    run assay plan check drafts
    [ "$status" -eq 2 ]
    says "use_cases.yaml: this was changed"
}

@test "the chain can be checked by hand" {
    locks
    [ "$(sed -n 1p w/registry.jsonl | sha256sum | cut -c 1-64)" = \
      "$(sed -n 2p w/registry.jsonl | python3 -c 'import json,sys; print(json.load(sys.stdin)["prev"])')" ]
    [ "$(sha256sum < w/plans/drafts.yaml | cut -c 1-64)" = \
      "$(sed -n 2p w/registry.jsonl | python3 -c 'import json,sys; print(json.load(sys.stdin)["files"]["plans/drafts.yaml"])')" ]
}

@test "a changed byte, swapped lines and a missing line are found" {
    locks
    sed -i 's/10%/5%/' w/plans/drafts.yaml
    assay plan amend drafts --reason "smaller"
    sed -i 's/5%/4%/' w/plans/drafts.yaml
    assay plan amend drafts --reason "smaller still"
    cp w/registry.jsonl whole
    run assay registry verify
    [ "$status" -eq 0 ]
    says "whole: 4 lines"
    run assay registry verify --head "$(sed -n 3p whole | sha256sum | cut -c 1-64)"
    [ "$status" -eq 0 ]
    says "is line 3; 1 after it"
    sed '3s/smaller/Smaller/' whole > w/registry.jsonl
    run assay registry verify
    [ "$status" -eq 1 ]
    says "registry.jsonl:4"
    { sed -n 1p whole; sed -n 3p whole; sed -n 2p whole; sed -n 4p whole; } > w/registry.jsonl
    run assay registry verify
    [ "$status" -eq 1 ]
    says "registry.jsonl:2"
    sed 2d whole > w/registry.jsonl
    run assay registry verify
    [ "$status" -eq 1 ]
    says "registry.jsonl:2"
}

@test "lines cut off at the end are found by the database's count, and by a head that was kept" {
    locks
    kept="$(head_of)"
    sed -i 2d w/registry.jsonl
    run assay registry verify
    [ "$status" -eq 1 ]
    says "broken"
    # Somebody who writes the database's count too is found by the head alone.
    "$RUN_SQL" w/assay.duckdb "update about_workspace set value = '1' where thing = 'registry_lines'; \
        update about_workspace set value = '$(head_of)' where thing = 'registry_head'"
    run assay registry verify
    [ "$status" -eq 0 ]
    run assay registry verify --head "$kept"
    [ "$status" -eq 1 ]
    says "no line has the head that you gave"
    run assay registry verify --head 12
    [ "$status" -eq 2 ]
    says "64 hexadecimal digits"
}

@test "plans are listed, and a broken one does not hide the others" {
    run assay plan
    says "No plans yet"
    locks
    printf 'plan: other\n' > w/plans/other.yaml
    run assay plan list
    [ "$status" -eq 2 ]
    says "support.billing"
    says "locked 20"
    says "plans/other.yaml:1:1"
}

@test "a lock after the first item says so" {
    printf '%s\n' item_id,use_case,worker,opened_at,closed_at \
        T1,support.billing,ann,2026-07-03,2026-07-04 > items.csv
    imports items items.csv
    locks
    says "after the first item: whoever reads the result is told so"
}
