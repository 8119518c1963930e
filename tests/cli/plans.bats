#!/usr/bin/env bats
# Plans: read with places, locked, refused when changed, amended; and the registry that keeps it.

load import_helpers.bash
load plan_helpers.bash

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
    wrong 's/strata/stratum/' 'plans/drafts.yaml:4:58: design randomised: there is no key "stratum"; did you mean strata?'
    wrong 's/\[team\]/[teem]/' 'plans/drafts.yaml:4:67'
    wrong 's/randomised/switchback/' 'design switchback: there is no key "probability"'
    wrong 's/0\.5/1.5/' 'probability: the probability of the second arm lies between 0 and 1'
    wrong 's/unit: item/unit: worker/;s/\[team\]/[size]/' 'size is not the same for all items of a worker'
    wrong 's/09-30/06-30/' 'plans/drafts.yaml:5:32: to: the period ends before it begins'
    wrong 's/2026-07-01/2026-07-32/' '"2026-07-32" is no date'
    wrong '1s/drafts/others/' 'the file is named drafts and holds the plan others'
    wrong 's/^question/looks: anytime\nquestion/' 'looking at any time takes the items expected at the end'
    wrong 's/^question/cluster: item\nquestion/' 'errors by item would be too small; write worker'
}

# Writes the line and checks: the plan has to fail at the line's number and column, with the text.
refuses_what_comes_after() {
    a_plan
    echo "  - {metric: satisfaction, allow: 2pp}" >> w/plans/drafts.yaml
    sed -i 's/cycle_time, improve_by: 10%/score, improve_by: 1/' w/plans/drafts.yaml
    echo "$1" >> w/plans/drafts.yaml
    run assay plan check drafts
    [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
    says "plans/drafts.yaml:10:$2: "
    says "$3"
}

@test "what comes after the arm is no covariate, scope or stratum" {
    a_score
    echo "measures: [score]" >> w/metrics/score.yaml
    refuses_what_comes_after 'adjust_for: [score]' 14 "score is what score is made of"
    refuses_what_comes_after 'adjust_for: [size, "size * score"]' 28 "score is what score is made of"
    refuses_what_comes_after "adjust_for: [\"measure('score')\"]" 15 "score is what score is made of"
    refuses_what_comes_after 'adjust_for: [satisfaction]' 14 "satisfaction is what satisfaction is made of"
    refuses_what_comes_after 'adjust_for: [reworked]' 14 "reworked is what rework_rate is made of"
    refuses_what_comes_after 'adjust_for: [minutes(closed_at - opened_at)]' 22 "closed_at is what rework_rate is made of"
    refuses_what_comes_after 'adjust_for: [review_minutes]' 14 "known only of work that was done"
    refuses_what_comes_after 'adjust_for: [calls]' 14 "calls comes of the use of AI"
    refuses_what_comes_after 'adjust_for: [ln(usd + 1)]' 17 "usd comes of the use of AI"
    refuses_what_comes_after 'scope: {where: "size > 3 and score > 49"}' 30 "score is what score is made of"
    refuses_what_comes_after 'scope: {where: covered}' 16 "known only of work that was done"
    refuses_what_comes_after "scope: {where: \"state = 'done'\"}" 17 "state is what rework_rate is made of"
    refuses_what_comes_after 'scope: {where: "steps > 1"}' 17 "known only of work that was done"
    wrong 's/strata: \[team\]/strata: [tool]/' "drafts.yaml:4:67: strata: tool comes of the use of AI"
    # What was known before may be taken, also where a metric is made of it among others.
    a_plan
    sed -i 's/^value: .*/value: score \/ size/' w/metrics/score.yaml
    sed -i 's/cycle_time, improve_by: 10%/score, improve_by: 1/' w/plans/drafts.yaml
    echo "adjust_for: [size, ln(predicted_minutes), \"attr('priority') = 'high'\"]" >> w/plans/drafts.yaml
    echo 'scope: {where: "size > 3 and opened_at is not null"}' >> w/plans/drafts.yaml
    run assay plan check drafts
    [ "$status" -eq 0 ] || { echo "$output"; false; }
    sed -i 's/^value: .*/value: size/' w/metrics/score.yaml
    run assay plan lock drafts
    [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
    says "size is what score is made of"
}

# unanswerable SED TEXT: of the plan that sed makes of a_plan, check, lock, power and compare say one text.
unanswerable() {
    a_plan
    sed -i "$1" w/plans/drafts.yaml
    for does in "plan check" "plan lock" "plan power" compare; do
        # shellcheck disable=SC2086
        run assay $does drafts
        [ "$status" -eq 2 ] || { echo "$1, $does, exit $status: $output"; false; }
        says "$2"
    done
    absent '"kind":"lock"' w/registry.jsonl
}

# answerable SED: the plan that sed makes of a_plan is fine.
answerable() {
    a_plan
    sed -i "$1" w/plans/drafts.yaml
    run assay plan check drafts
    [ "$status" -eq 0 ] || { echo "$1, exit $status: $output"; false; }
}

# designed DESIGN: the line of sed that gives a_plan that design, and no guardrail.
designed() {
    echo "/^guardrails/,\$d;s/^design: .*/design: $1/"
}

@test "keys that no data could answer are refused before anything is locked" {
    before_after="$(designed '{kind: before_after, date: 2026-08-01}')"
    like_with_like="$(designed '{kind: like_with_like, cells: [team]}')"
    staggered="$(designed '{kind: staggered, unit: team}')"
    switchback="$(designed '{kind: switchback, unit: team, block: 1w, washout: 1d}')"
    of_score='s/cycle_time, improve_by: 10%/score, improve_by: 1/'
    a_score
    echo "measures: [score]" >> w/metrics/score.yaml
    unanswerable "$before_after;s/08-01}/08-01, season: year}/;s/^period: .*/period: {from: 2025-07-01, to: 2026-09-30}/" \
        "plans/drafts.yaml:4:56: season: the plan's period is longer than a year, so that the year before would be part of it; leave season out, or write a shorter period"
    for design in "$before_after" "$staggered"; do
        unanswerable "$design;s/^question.*/looks: anytime\nitems: 4000/" \
            "plans/drafts.yaml:3:8: looks: what is estimated grows with the period here, so that no interval holds at all looks together; write looks: end"
    done
    unanswerable "$before_after;s/^question.*/cluster: team/" \
        "plans/drafts.yaml:3:10: cluster: errors of the design before_after are by person here, not by team; leave cluster out"
    unanswerable "$staggered;s/unit: team/unit: worker/;s/^question.*/cluster: team/" \
        "plans/drafts.yaml:3:10: cluster: errors of the design staggered are by person here, not by team; leave cluster out"
    unanswerable "$switchback;$of_score;s/^question.*/adjust_for: [size]\ninteract: true/" \
        "plans/drafts.yaml:4:11: interact: slopes of each arm's own have no room beside the effects of teams and periods; leave interact out"
    unanswerable "$switchback;s/block: 1w/block: 92d/" \
        "plans/drafts.yaml:4:47: block: the plan's period holds one block, so that no team has blocks of both arms"
    unanswerable "$staggered;s/from: 2026-07-01/from: 2026-09-01/" \
        "plans/drafts.yaml:5:9: period: it lies in one month, so that there is none before a start; write a longer period, or design: {every: week}"
    unanswerable "$like_with_like;s/^question.*/arms: [ai, no_ai]/" \
        "plans/drafts.yaml:3:7: arms: as found, arms are [no_ai, ai] or, by marks, [unmarked, marked]"
    unanswerable 's/^question.*/arms: ["no_ai, or little", ai]/' "plans/drafts.yaml:3:7: arms: an arm's name holds no comma"
    # What stands beside each of them is fine.
    for design in "s/x/x/" "s/unit: item/unit: worker/" "$like_with_like"; do
        answerable "$design;s/^question.*/cluster: team/"
    done
    answerable "$switchback;$of_score;s/block: 1w/block: 91d/;s/^question.*/cluster: team\nlooks: anytime\nitems: 4000\nadjust_for: [size]/"
    answerable "$of_score;s/^question.*/adjust_for: [size]\ninteract: true/"
    answerable "$staggered;s/from: 2026-07-01/from: 2026-08-31/"
    answerable "$staggered;s/from: 2026-07-01/from: 2026-09-01/;s/unit: team/unit: team, every: week/"
    answerable "$staggered;s/^question.*/arms: ['no_ai, or little', ai]/"
    for arms in no_ai,ai unmarked,marked tool=a,tool=b model=a,model=b; do
        answerable "$like_with_like;s/^question.*/arms: [$arms]/"
    done
}

@test "covariates and metrics that no data could answer are refused before anything is locked" {
    like_with_like="$(designed '{kind: like_with_like, cells: [team]}')"
    staggered='s/^design: .*/design: {kind: staggered, unit: team}/'
    of_p90='s/cycle_time, improve_by: 10%/p90, improve_by: 1/'
    of_score='s/cycle_time, improve_by: 10%/score, improve_by: 1/'
    of_cost='s/cycle_time/cost_per_completed/'
    a_score
    echo "measures: [score]" >> w/metrics/score.yaml
    sed 's/^metric: .*/metric: p90/;s/kind: mean/kind: quantile\nquantile: 0.9/' w/metrics/score.yaml > w/metrics/p90.yaml
    unanswerable "$staggered;$of_p90" \
        "plans/drafts.yaml:6:19: metric: a quantile of each unit and period has no honest change: too few items lie beyond it; plan a mean"
    unanswerable "$staggered;s/rework_rate, allow: 1pp/p90, allow: 1/" \
        "plans/drafts.yaml:8:14: metric: a quantile of each unit and period has no honest change"
    unanswerable "s/rework_rate, allow: 1pp/cost_per_completed, allow: 5%/" \
        "plans/drafts.yaml:8:14: metric: what AI costs is 0 without it, so the two can't be told apart by that"
    unanswerable "$of_cost" "plans/drafts.yaml:6:19: metric: what AI costs is 0 without it"
    unanswerable "$like_with_like;$of_cost;s/^question.*/arms: [tool=a, tool=b]/" \
        "plans/drafts.yaml:6:19: metric: what grows with time can't be compared as found: longer work meets AI more often; take another metric, or assign the arms"
    unanswerable "$like_with_like;s/^question.*/landmark: 30d\nhorizon: 30d/" \
        "plans/drafts.yaml:3:11: landmark: it lies beyond the horizon of cycle_time, so that no time is left to count; write an earlier one"
    unanswerable "$of_score;s/^question.*/adjust_for: [size, ln(size), size]/" \
        "plans/drafts.yaml:3:30: adjust_for: the same stands before it already; leave one of them out"
    unanswerable "$of_score;s/^question.*/adjust_for: [1 + 1]/" \
        "plans/drafts.yaml:3:14: adjust_for: it names nothing of an item, so that it is the same for every item; leave it out"
    many="$(python3 -c 'print(", ".join(f"size + {n}" for n in range(32)))')"
    unanswerable "$of_score;s/^question.*/adjust_for: [$many]\ninteract: true/" \
        "plans/drafts.yaml:4:11: interact: 32 covariates with slopes of each arm's own: at most 31 can be had; leave interact out"
    # What stands beside each of them is fine.
    answerable "$staggered"
    answerable "$of_p90"
    answerable "$of_cost;s/^question.*/arms: [one, other]/"
    answerable "$like_with_like;s/^question.*/landmark: 29d\nhorizon: 30d/"
    answerable "$of_score;s/^question.*/adjust_for: [size, ln(size)]/"
    answerable "$of_score;s/^question.*/adjust_for: [${many%, size + 31}]\ninteract: true/"
}

@test "a plan that was locked by a version that took it is listed and shown, and refused with its mend" {
    a_trial
    a_plan
    sed -i "$(designed '{kind: before_after, date: 2026-07-15}')" w/plans/drafts.yaml
    assay plan lock drafts
    sed -i 's/07-15}/07-15, season: year}/;s/^period: .*/period: {from: 2025-07-01, to: 2026-09-30}/' w/plans/drafts.yaml
    python3 - << 'P'
import hashlib, json
lines = [json.loads(line) for line in open("w/registry.jsonl")]
text = open("w/plans/drafts.yaml").read()
lines[1]["text"] = text
lines[1]["files"]["plans/drafts.yaml"] = hashlib.sha256(text.encode()).hexdigest()
open("w/registry.jsonl", "w").write("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
P
    locked_on 2026-06-01
    assay registry verify
    run assay plan list
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
    says "locked 2026-06-01, cannot be answered: assay plan check drafts"
    run assay plan show drafts
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
    says "# plans/drafts.yaml: locked 2026-06-01"
    says "season: year"
    assay plan show drafts --locked > locked.yaml
    cmp w/plans/drafts.yaml locked.yaml
    for does in "plan check" compare; do
        # shellcheck disable=SC2086
        run assay $does drafts
        [ "$status" -eq 2 ] || { echo "$does, exit $status: $output"; false; }
        says "plans/drafts.yaml:4:56: season: the plan's period is longer than a year"
    done
    # Among others it has a row that says so.
    for does in "compare --all" "report 2026Q3"; do
        # shellcheck disable=SC2086
        assay $does --format json > answer.json || [ "$?" -eq 1 ]
        [ "$(field plan.name)" = drafts ]
        [ "$(field comparison.effect)" = None ]
        [[ "$(field comparison.reason)" == "plans/drafts.yaml:4:56: season: the plan's period is longer than a year"* ]] \
            || { field comparison; false; }
    done
    sed -i 's/, season: year//' w/plans/drafts.yaml
    assay plan amend drafts --reason "no season is taken off"
    compares drafts
}

@test "a low confidence is said, and one that tells nothing refused" {
    a_plan
    echo 'confidence: 0.5' >> w/plans/drafts.yaml
    run assay plan check drafts
    [ "$status" -eq 2 ]
    says "plans/drafts.yaml:9:13: confidence: an interval that misses the truth more often than once in five"
    sed -i 's/confidence: .*/confidence: 0.85/' w/plans/drafts.yaml
    run assay plan check drafts
    [ "$status" -eq 0 ]
    says "confidence 0.85: about 15 of 100 such intervals miss the truth"
    sed -i 's/confidence: .*/confidence: 0.9/' w/plans/drafts.yaml
    run assay plan check drafts
    [ "$status" -eq 0 ]
    ! [[ "$output" == *"intervals miss"* ]]
}

@test "an unknown plan is answered with the nearest" {
    a_plan
    run assay plan check draft
    [ "$status" -eq 2 ]
    says 'there is no plan "draft"; did you mean drafts?'
    run assay plan check ../w/plans/drafts
    [ "$status" -eq 2 ]
    run assay compare nothing_like_it
    [ "$status" -eq 2 ]
    says '`assay plan list` shows those that are'
    printf 'just text\n' > w/plans/drafts.yaml
    run assay plan check drafts
    says "plans/drafts.yaml:1:1: a plan is a map; write plan: its-name"
}

@test "a locked plan that is changed is refused until the change is said" {
    locks
    says "drafts is locked."
    says "head        $(head_of)"
    says "Keep the head where others see it (a ticket, a mail): it alone shows later that nobody
wrote the registry anew: assay registry verify --head HEAD"
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

@test "a reason that is no text is refused, and nothing is amended" {
    locks
    sed -i 's/10%/5%/' w/plans/drafts.yaml
    before="$(sha256sum < w/registry.jsonl)"
    run assay plan amend drafts --reason "$(printf 'caf\xe9 closed')"
    [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
    says "--reason: this is not UTF-8 text"
    [ "$(sha256sum < w/registry.jsonl)" = "$before" ]
    run assay plan check drafts
    [ "$status" -eq 2 ]
    run assay plan amend drafts --reason "café closed"
    [ "$status" -eq 0 ]
    run assay registry
    says "amend   drafts: café closed"
}

# reported FILE: the report's row of drafts has no number, and says that FILE was changed after the lock.
reported() {
    for does in "compare --all" "report 2026Q3"; do
        # shellcheck disable=SC2086
        assay $does --format json > answer.json || [ "$?" -eq 1 ]
        [ "$(field plan.name)" = drafts ]
        [ "$(field comparison.effect)" = None ]
        [[ "$(field comparison.reason)" == "$1: this was changed after the plan drafts was locked"* ]] \
            || { field comparison; false; }
    done
}

@test "a metric or use-case file that changes after the lock is refused too" {
    a_trial
    cp "$SOURCE/builtin/metrics/cycle_time.yaml" w/metrics/
    locks
    compares drafts
    printf '# another day\n' >> w/metrics/cycle_time.yaml
    for does in "plan check" compare; do
        # shellcheck disable=SC2086
        run assay $does drafts
        [ "$status" -eq 2 ] || { echo "$does, exit $status: $output"; false; }
        says "metrics/cycle_time.yaml: this was changed after the plan drafts was locked"
    done
    reported metrics/cycle_time.yaml
    cp "$SOURCE/builtin/metrics/cycle_time.yaml" w/metrics/
    printf '%s\n' "- {use_case: a.b, when: \"size > 3\"}" > w/use_cases.yaml
    for does in "plan check" compare; do
        # shellcheck disable=SC2086
        run assay $does drafts
        [ "$status" -eq 2 ] || { echo "$does, exit $status: $output"; false; }
        says "use_cases.yaml: this was changed after the plan drafts was locked"
    done
    reported use_cases.yaml
}

@test "a plan that runs says of --early what is kept: nothing, before the lock" {
    export COLUMNS=300
    a_plan
    sed -i 's/^period: .*/period: {from: 2026-07-01, to: 2099-12-31}/' w/plans/drafts.yaml
    run assay compare drafts
    [ "$status" -eq 1 ]
    says "nothing keeps that somebody looked, since the plan is not locked: assay plan lock drafts first"
    says_not "the registry keeps"
    assay plan lock drafts
    run assay compare drafts
    says "and the registry keeps that somebody looked"
}

@test "a plan that assigned units whose items are not here is not told to assign" {
    export COLUMNS=300
    a_plan
    printf '%s\n' plan,unit_kind,unit,arm drafts,item,T1,ai drafts,item,T2,no_ai > arms.csv
    imports assignments arms.csv
    printf '%s\n' item_id,use_case,worker,opened_at,closed_at,state \
        T9,support.billing,w1,2026-07-03,2026-10-04,done > items.csv
    imports items items.csv
    has_no_answer drafts "is of a unit that was assigned by the plan drafts; import those items"
}

@test "a plan that was locked and has no file is named by all that ask for it, and a change by the list" {
    locks
    run assay plan list
    says_not "changed since"
    sed -i 's/10%/5%/' w/plans/drafts.yaml
    run assay plan list
    [ "$status" -eq 0 ]
    says "changed since: assay plan check drafts"
    sed 's/^plan: drafts/plan: draft/' w/plans/drafts.yaml > w/plans/draft.yaml
    rm w/plans/drafts.yaml
    for does in "plan show drafts" "plan check drafts" "plan power drafts" "compare drafts" "methods drafts" "assign drafts T1"; do
        # shellcheck disable=SC2086
        run assay $does
        [ "$status" -eq 2 ]
        says "plan drafts: it was locked on $(date -u +%F), and plans/drafts.yaml is gone; put back what was locked: assay plan show drafts --locked"
        says_not "did you mean"
    done
}

@test "a flag of another verb is refused by its name" {
    a_plan
    for given in "plan check drafts --template foo" "plan show drafts --reason y" "plan lock drafts --weeks 7" \
        "plan power drafts --metric nope" "plan amend drafts --locked" "plan new other --power 0.9" "plan --locked"; do
        # shellcheck disable=SC2086
        run assay $given
        [ "$status" -eq 2 ]
        [[ "$output" == "assay: --"*": plan "*" does not take it; it goes with plan "* ]] || { echo "$output"; false; }
    done
    says "--locked: plan list does not take it; it goes with plan show"
    [ ! -e w/plans/other.yaml ]
    run assay plan check drafts --wait
    [ "$status" -eq 0 ]
    run assay status extra
    [ "$status" -eq 2 ]
    says "status takes no words"
}

@test "a guardrail that nothing can break is refused, and a scope of nobody is told" {
    wrong 's/1pp/9999pp/' 'plans/drafts.yaml:8:34: allow: rework_rate cannot get worse by so much'
    a_trial
    a_plan
    echo 'scope: {teams: [team1, Nope]}' >> w/plans/drafts.yaml
    run assay plan check drafts
    [ "$status" -eq 0 ]
    says "note        fewer than 8 people of the team Nope in scope have an item of support.billing"
    # Six people are of each team: who is told so is not told that there are any.
    says "note        fewer than 8 people of the team team1 in scope have an item of support.billing"
    sed -i '/^scope/d' w/plans/drafts.yaml
    run assay plan check drafts
    says_not "in scope"
}

@test "a lock covers the time zone, and where weeks begin of a plan that counts by them" {
    a_plan drafts
    assay plan lock drafts
    sed -i 's/timezone: [^ ]*/timezone: Pacific\/Auckland/; s/week_starts: monday/week_starts: sunday/' w/assay.yaml
    for does in "plan check" compare; do
        # shellcheck disable=SC2086
        run assay $does drafts
        [ "$status" -eq 2 ]
        says "timezone: this was changed after the plan drafts was locked; put it back (it was Etc/UTC in assay.yaml)"
    done
    assay plan amend drafts --reason "we moved"
    assay plan check drafts
    sed -i 's/timezone: [^ ]*/timezone: Etc\/UTC/' w/assay.yaml
    run assay plan check drafts
    [ "$status" -eq 2 ]
    sed -i 's/timezone: [^ ]*/timezone: Pacific\/Auckland/; s/week_starts: sunday/week_starts: monday/' w/assay.yaml
    assay plan check drafts
    sed -i 's/^design: .*/design: {kind: staggered, unit: team, every: week}/' w/plans/drafts.yaml
    assay plan amend drafts --reason "by weeks"
    sed -i 's/week_starts: monday/week_starts: sunday/' w/assay.yaml
    run assay plan check drafts
    [ "$status" -eq 2 ]
    says "week_starts: this was changed"
}

@test "a lock of a version that did not hold the time zone still verifies, and opens" {
    a_plan drafts
    assay plan lock drafts
    sed -i 's/"timezone":"Etc\/UTC","week_starts":"monday",//' w/registry.jsonl
    absent '"timezone":' w/registry.jsonl
    locked_on 2026-06-01
    assay registry verify
    sed -i 's/timezone: [^ ]*/timezone: Europe\/Berlin/' w/assay.yaml
    assay plan check drafts
    run assay plan amend drafts --reason none
    [ "$status" -eq 2 ]
    says "nothing that drafts rests on has changed"
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
    says "after the first item"
    says "whoever reads the result is told so"
}

@test "a plan is answered with its arms, its margin and its guardrails, and a broken one has its price" {
    a_trial
    a_plan
    sed -i 's/rework_rate, allow: 1pp/satisfaction, allow: 2pp/' w/plans/drafts.yaml
    compares drafts
    [ "$(field plan.name)" = drafts ]
    [ "$(field plan.locked)" = None ]
    [ "$(field comparison.plan)" = drafts ]
    [ "$(field verdict.margin_from)" = plan ]
    [ "$(field verdict.margin)" = 0.1 ]
    [ "$(field guardrails.0.state)" = broken ]
    [ "$(field verdict.word)" = trade_off ]
    # Within teams, from the files themselves: times on the mix of the second arm, satisfaction as
    # dummies weigh it.
    python3 - << 'P'
import csv, json
from datetime import datetime
row = json.load(open("answer.json"))["rows"][0]
arm = {r["unit"]: r["arm"] for r in csv.DictReader(open("trial.csv"))}
team = {r["item_id"]: r["team"] for r in csv.DictReader(open("items.csv"))}
at = lambda text: datetime.fromisoformat(text)
def by_team(rows):
    cells = {}
    for item, value in rows:
        cells.setdefault(team[item], {"ai": [], "no_ai": []})[arm[item]].append(value)
    return cells.values()
mean = lambda values: sum(values) / len(values)
minutes = by_team((r["item_id"], (at(r["closed_at"]) - at(r["opened_at"])).total_seconds() / 60)
                  for r in csv.DictReader(open("items.csv")) if r["item_id"] in arm)
of = {a: sum(len(c["ai"]) * mean(c[a]) for c in minutes) for a in ("ai", "no_ai")}
assert abs(row["comparison"]["effect"] - (of["ai"] / of["no_ai"] - 1)) < 1e-9, row["comparison"]
scores = by_team((r["item_id"], float(r["value"])) for r in csv.DictReader(open("measures.csv")))
weight = lambda c: 1 / (1 / len(c["ai"]) + 1 / len(c["no_ai"]))
effect = sum(weight(c) * (mean(c["ai"]) - mean(c["no_ai"])) for c in scores) / sum(map(weight, scores))
guard = row["guardrails"][0]
assert abs(guard["effect"] - effect) < 1e-9, guard
assert guard["interval"][1] < -guard["allow"] == -0.02, guard
P
    run assay compare drafts
    says "better with AI, at a price"
    says "Guardrail Customer satisfaction: broken"
    says "a plan that is not locked"
}

@test "without the guardrail the same trial is better by what was planned" {
    a_trial
    a_plan
    sed -i '/guardrails/,$d' w/plans/drafts.yaml
    compares drafts
    [ "$(field verdict.word)" = better ]
    [ "$(field verdict.target_met)" = True ]
    sed -i 's/10%/70%/' w/plans/drafts.yaml
    compares drafts
    [ "$(field verdict.margin)" = 0.7 ]
    [ "$(field verdict.word)" = no_material_change ]
}

@test "the scope of a plan decides which items take part" {
    a_trial
    a_plan
    sed -i '/guardrails/,$d' w/plans/drafts.yaml
    echo 'scope: {teams: [team0, team1], where: size > 10}' >> w/plans/drafts.yaml
    compares drafts
    python3 - << 'P'
import csv, json
row = json.load(open("answer.json"))["rows"][0]
arm = {r["unit"]: r["arm"] for r in csv.DictReader(open("trial.csv"))}
in_scope = [r for r in csv.DictReader(open("items.csv"))
            if r["item_id"] in arm and r["team"] in ("team0", "team1") and int(r["size"]) > 10]
shown = {a["arm"]: a["items"] for a in row["comparison"]["arms"]}
assert shown == {a: sum(arm[r["item_id"]] == a for r in in_scope) for a in ("ai", "no_ai")}, shown
P
}

@test "before its period ends a plan has no numbers, unless somebody looks on record" {
    a_trial
    a_plan
    sed -i '/guardrails/,$d;s/2026-09-30/2026-12-31/' w/plans/drafts.yaml
    assay plan lock drafts
    run assay compare drafts
    [ "$status" -eq 1 ]
    says "the plan's period goes to 2026-12-31, and the data do not yet"
    says_not "p 0"
    compares drafts --early
    [ "$(field plan.looked_early)" = True ]
    compares drafts --early
    [ "$(grep -c '"kind":"look"' w/registry.jsonl)" -eq 1 ]
    run assay registry
    says "look    drafts, before the period's end"
    # It cannot be taken back with its line.
    sed -i '$d' w/registry.jsonl
    run assay registry verify
    [ "$status" -eq 1 ]
    says "broken: w/registry.jsonl: the registry has 2 lines, and had 3; restore it from a backup"
    run assay compare drafts --early
    [ "$status" -eq 2 ]
    says "the registry has 2 lines, and had 3"
}

@test "a look that finds the database in use is taken, and noted by the next that writes" {
    a_trial
    a_plan
    sed -i '/guardrails/,$d;s/2026-09-30/2026-12-31/' w/plans/drafts.yaml
    assay plan lock drafts
    noted() { "$RUN_SQL" w/assay.duckdb "select value from about_workspace where thing = 'registry_lines'"; }
    exec 8< w/lock
    flock --shared 8 # another that reads
    compares drafts --early
    [ "$(wc -l < w/registry.jsonl)" -eq 3 ]
    [ "$(noted)" = 2 ]
    exec 8<&-
    imports items items.csv
    [ "$(noted)" = 3 ]
}

# The trial in a workspace of its own, with the plans that are here.
again() {
    mv w/plans plans.kept
    rm -r w
    new_workspace w
    rmdir w/plans
    mv plans.kept w/plans
    imports items items.csv
    imports assignments trial.csv
}

@test "who is shown no number has not looked, and a quiet last day is no missing day" {
    a_trial
    a_plan
    sed -i '/guardrails/,$d;s/2026-09-30/2026-12-31/' w/plans/drafts.yaml
    sed 's/^plan: drafts/plan: others/' w/plans/drafts.yaml > w/plans/others.yaml
    assay plan lock others
    run assay compare others --early
    [ "$status" -eq 1 ]
    [ "$(grep -c '"kind":"look"' w/registry.jsonl)" -eq 0 ]
    # Tickets come on every day until the 28th at night: that day is over, the next is not there.
    sed -i '/T9999/d' items.csv
    again
    sed -i 's/2026-12-31/2026-07-29/' w/plans/drafts.yaml
    has_no_answer drafts "the plan's period goes to 2026-07-29, and the data do not yet"
    sed -i 's/2026-07-29/2026-07-28/' w/plans/drafts.yaml
    compares drafts
    [ "$(field plan.ended)" = True ]
    [ "$(field plan.looked_early)" = False ]
    # A week in which nothing happens makes longer silences usual.
    sed -i '/2026-07-1[0-4]/d' items.csv
    sed -i 's/2026-07-28/2026-08-01/' w/plans/drafts.yaml
    again
    compares drafts
    [ "$(field plan.ended)" = True ]
}

@test "a locked plan whose file is removed is named by the list and the report" {
    a_trial
    a_plan
    assay plan lock drafts
    cp w/plans/drafts.yaml kept.yaml
    rm w/plans/drafts.yaml
    run assay plan list
    [ "$status" -eq 0 ]
    says "drafts"
    says "and its file is gone: assay plan show drafts --locked"
    run assay report 2026Q3 --format json
    says '"what": "the plan drafts"'
    says "and plans/drafts.yaml is gone; put back what was locked"
    # What was locked is there, word for word, and put back it answers.
    assay plan show drafts --locked > w/plans/drafts.yaml
    cmp w/plans/drafts.yaml kept.yaml
    compares drafts
    run assay report 2026Q3 --format json
    says_not "is gone"
}

@test "a plan's arms are its own: another's assignment, or none, answers nothing" {
    a_trial
    a_plan
    sed -i '/guardrails/,$d' w/plans/drafts.yaml
    sed 's/^plan: drafts/plan: others/' w/plans/drafts.yaml > w/plans/others.yaml
    run assay compare others
    [ "$status" -eq 1 ]
    says "was assigned by the plan"
    run assay compare drafts --metric rework_rate
    [ "$status" -eq 2 ]
    says "the plan drafts decides that"
    sed -i 's/{kind: randomised.*/{kind: staggered, unit: team}/' w/plans/others.yaml
    run assay compare others
    [ "$status" -eq 1 ]
    says "nothing says from when on each team has it"
}

@test "a like_with_like plan stays as found, however clear its numbers are" {
    a_trial
    a_plan
    sed -i '/guardrails/,$d;s/{kind: randomised.*/{kind: like_with_like, cells: [team]}/' w/plans/drafts.yaml
    sed -i 's/cycle_time/satisfaction/;s/10%/2pp/' w/plans/drafts.yaml
    awk -F, 'NR == 1 { print "usage_id,occurred_at,grain,worker,tool,item_id,status"; next }
        $4 == "ai" { n = substr($3, 2)
            printf "U%d,2026-07-%02d %02d:00:30,call,w%d,aid,%s,ok\n", n, 1 + n % 28, n % 20, n % 24, $3 }' \
        trial.csv > usage.csv
    printf '%s\n' "U-first,2026-06-01 00:00:00,call,w0,aid,,ok" "U-last,2026-11-30 00:00:00,call,w0,aid,,ok" >> usage.csv
    imports usage usage.csv
    run assay compare drafts --format json
    printf '%s\n' "$output" > answer.json
    [ "$(field verdict.word)" = unproven ]
    [ "$(field verdict.reason)" = as_found ]
}

@test "what rests on few people is withheld of a plan and of its guardrails" {
    a_trial
    a_plan
    # Only five people's tickets have a satisfaction.
    sed -i 's/rework_rate, allow: 1pp/quality_score, allow: 2pp/' w/plans/drafts.yaml
    awk -F, 'NR == 1 || (substr($1, 2) % 24) < 5 { sub(/satisfaction/, "quality"); print }' measures.csv > quality.csv
    imports measures quality.csv
    compares drafts
    [ "$(field guardrails.0.interval)" = "[None, None]" ]
    [ "$(field guardrails.0.effect)" = None ]
    [ "$(field guardrails.0.state)" = open ]
    [ "$(field guardrails.0.reason)" = "fewer than 8 workers" ]
    [ "$(field guardrails.0.items_needed)" = None ]
    [ "$(field guardrails.0.needed_reason)" = None ]
    [ "$(field verdict.word)" = unproven ]
    # And a plan of few people has nothing at all.
    echo 'scope: {teams: [team0], where: size < 2}' >> w/plans/drafts.yaml
    run assay compare drafts --format json
    printf '%s\n' "$output" > answer.json
    [ "$(field comparison.effect)" = None ]
    [ "$(field guardrails)" = "[]" ]
    [ "$(field plan.first_item_day)" = None ]
}

@test "assignments without a kind of unit are of the plan's, and no name of a person is kept" {
    assay plan new pilot --use-case help --metric cycle_time --design randomised --unit worker \
        --from 2026-07-01 --to 2026-09-30
    cat > trial.csv << 'C'
plan,unit,arm,probability
pilot,jane.planted,ai,0.5
pilot,joe.planted@mail.example,no_ai,0.5
elsewhere,ann.planted@mail.example,ai,0.5
C
    run assay import assignments trial.csv
    says "trial.csv:4: unit: an address of a person; write worker as unit_kind"
    says "read 3 · accepted 2 · rejected 1"
    run "$RUN_SQL" w/assay.duckdb "select distinct unit_kind from assignment"
    says "worker"
    printf 'plan,unit_kind,unit,arm,probability\npilot,item,T1,ai,0.5\n' > items.csv
    run assay import assignments items.csv
    says "items.csv:2: unit_kind: item, where the plan draws by worker"
    ! LC_ALL=C grep -rqa "planted" w
}
