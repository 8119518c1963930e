#!/usr/bin/env bats
# Plans written from templates, from flags, and from questions on a terminal.

load import_helpers.bash

templates() {
    ls "$SOURCE/builtin/plans" | sed 's/\.yaml$//'
}

# 30 tickets each of ten people, with satisfaction but no errors; a use case of one person beside.
some_tickets() {
    {
        echo item_id,use_case,worker,team,opened_at,closed_at,state
        for n in $(seq 1 300); do
            printf 'T%d,support.billing,w%d,team%d,2026-07-%02d 08:00:00,2026-07-%02d 10:%02d:00,done\n' \
                "$n" $((n % 10)) $((n % 2)) $((n % 28 + 1)) $((n % 28 + 1)) $((n % 60))
        done
        echo S1,secret.project,w1,team1,2026-07-02 08:00:00,2026-07-02 10:00:00,done
    } > items.csv
    {
        echo item_id,name,occurred_at,value
        for n in $(seq 1 300); do echo "T$n,satisfaction,2026-07-30 08:00:00,0.$((n % 9 + 1))"; done
    } > measures.csv
    imports items items.csv
    imports measures measures.csv
}

@test "every template is listed and writes a plan that its check finds fine" {
    run assay plan new --template list
    [ "$status" -eq 0 ]
    for name in $(templates); do
        says "$name "
    done
    [ "$(awk 'length > 100' <<< "$output")" = "" ]
    [ "$(templates | wc -l)" -ge 6 ]
    for name in $(templates); do
        run assay plan new "p-$name" --template "$name"
        [ "$status" -eq 0 ] || { echo "$output"; false; }
        says "plans/p-$name.yaml: written"
        says "assay plan lock p-$name"
        says "is here yet; a rule makes it"
        run assay plan check "p-$name"
        [ "$status" -eq 0 ] || { echo "$output"; false; }
        says "plans/p-$name.yaml: fine, not locked"
        [ "$(awk 'length > 110' "w/plans/p-$name.yaml")" = "" ]
    done
}

@test "each template is of a metric of which its design tells all that it can" {
    local name
    for name in $(templates); do
        assay plan new "p-$name" --template "$name"
        run assay methods "p-$name"
        [ "$status" -eq 0 ] || { echo "$output"; false; }
        output="$(tr '\n' ' ' <<< "$output" | tr -s ' ')"
        says_not "so that there is none here"
        says_not "for means and proportions only"
        case "$output" in
        *Switchback*) says "is checked (carry_over)"; says "a level for each team and each period" ;;
        *Encouragement*) says "two-stage least squares" ;;
        esac
    done
}

@test "the period is the quarter that begins next" {
    assay plan new next --template support_reply
    python3 - << 'P'
import datetime, re
today = datetime.date.today()
quarter = (today.month - 1) // 3
first = datetime.date(today.year + (quarter == 3), (quarter + 1) % 4 * 3 + 1, 1)
after = datetime.date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
last = after - datetime.timedelta(days=1)
assert f"period: {{from: {first}, to: {last}}}" in open("w/plans/next.yaml").read()
P
}

@test "of a period that is over nobody is told to lock before the first item" {
    run assay plan new late --template support_reply --from 2020-01-01 --to 2020-03-31
    says "assay plan lock late       its period is over, so that nobody can say it was planned before"
    run assay plan check late
    says "note        its period is over: assay assign draws nothing for it"
    run assay plan new next --template support_reply
    says "assay plan lock next       before the first item"
    run assay plan check next
    says_not "its period is over"
}

@test "a plan that is there is never overwritten" {
    assay plan new mine --template support_reply
    echo "# my own words" >> w/plans/mine.yaml
    run assay plan new mine --template code_review
    [ "$status" -eq 2 ]
    says "plans/mine.yaml: it is there already"
    grep -q "my own words" w/plans/mine.yaml
    [ "$(ls -A w/plans)" = mine.yaml ]
}

@test "flags take the place of what the template says, and another design of all its words" {
    run assay plan new mine --template support_reply --use-case support.billing --improve-by 20% \
        --guardrail satisfaction:1pp --design like_with_like --cells 'team, coalesce(size, 0)' \
        --from 2027-01-04 --adjust-for size
    [ "$status" -eq 2 ]
    says "--adjust-for: adjust_for: cycle_time is a duration, which is not adjusted"
    [ ! -e w/plans/mine.yaml ]
    run assay plan new mine --template support_reply --use-case support.billing --improve-by 20% \
        --guardrail satisfaction:1pp --design like_with_like --cells 'team, coalesce(size, 0)' \
        --from 2027-01-04 --question 'Is it "better": yes, or # no?'
    [ "$status" -eq 0 ] || { echo "$output"; false; }
    grep -Fqx 'design: {kind: like_with_like, cells: [team, "coalesce(size, 0)"]}' w/plans/mine.yaml
    grep -Fqx 'period: {from: 2027-01-04, to: 2027-04-04}' w/plans/mine.yaml
    grep -Fqx 'primary: {metric: cycle_time, improve_by: 20%}' w/plans/mine.yaml
    grep -Fqx '  - {metric: satisfaction, allow: 1pp}' w/plans/mine.yaml
    grep -Fqx 'question: "Is it \"better\": yes, or # no?"' w/plans/mine.yaml
    absent rework_rate,.allow w/plans/mine.yaml
    # A guardrail of the template that is to improve now is no guardrail, and the amount is its own.
    run assay plan new other --template support_reply --metric rework_rate
    [ "$status" -eq 0 ]
    grep -Fqx 'primary: {metric: rework_rate, improve_by: 1pp}' w/plans/other.yaml
    absent 'metric: rework_rate, allow' w/plans/other.yaml
}

# plan new x FLAGS... fails with the text and writes nothing.
new_fails() {
    local wanted="$1"
    shift
    run assay plan new x "$@" < /dev/null
    [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
    says "$wanted"
    [ ! -e w/plans/x.yaml ]
}

@test "without a terminal what is missing or wrong is named by its flag" {
    new_fails "assay: --use-case: the plan needs it"
    new_fails "assay: --metric: the plan needs it" --use-case a.b
    new_fails "assay: --design: the plan needs it" --use-case a.b --metric cycle_time
    new_fails "assay: --unit: the plan needs it" --use-case a.b --metric cycle_time --design randomised
    new_fails "assay: --washout: the plan needs it" --use-case a.b --metric cycle_time \
        --design switchback --unit team --block 1w
    new_fails "assay: --date: the plan needs it" --use-case a.b --metric cycle_time --design before_after
    new_fails "assay: --cells: the plan needs it" --use-case a.b --metric cycle_time --design like_with_like
    new_fails 'assay: --template: there is no template "suport_reply"; did you mean support_reply?' \
        --template suport_reply
    new_fails 'assay: --improve-by: improve_by: "ten" is not an amount' --template support_reply --improve-by ten
    new_fails 'assay: --guardrail: metric: there is no metric "satisfactio"; did you mean satisfaction?' \
        --template support_reply --guardrail satisfactio:2pp
    new_fails 'assay: --guardrail: "ten" is no guardrail; write METRIC:AMOUNT' --template support_reply --guardrail ten
    new_fails 'assay: --use-case: ' --template support_reply --use-case 'Support Billing'
    new_fails 'assay: --probability: ' --template support_reply --probability 2
    new_fails 'assay: --unit: ' --template support_reply --unit person
    new_fails 'assay: --strata: ' --template support_reply --strata teem
    new_fails 'assay: --adjust-for: ' --template support_reply --adjust-for sizes
    new_fails 'assay: --to: ' --template support_reply --from 2027-02-01 --to 2027-01-01
    new_fails 'assay: --from: "2026-13-01" is no day of the calendar' --template support_reply --from 2026-13-01
    new_fails 'assay: --to: "soon" is no day of the calendar' --template support_reply --to soon
    new_fails 'assay: --block: the plan needs it; give the flag' --template support_reply --design switchback --unit team
    says_not "or begin from a template"
    run assay plan new ../x --template support_reply
    [ "$status" -eq 2 ]
    says 'is no name for a plan'
    run assay plan new 2027 --template support_reply
    [ "$status" -eq 2 ]
}

@test "what no data could answer is neither written nor suggested" {
    common=(--use-case support.billing --metric cycle_time --from 2026-07-01 --to 2026-09-30)
    for design in "staggered --unit team" "before_after --date 2026-08-15"; do
        # shellcheck disable=SC2086
        run assay plan new drafts "${common[@]}" --design $design --looks anytime --items 4000
        [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
        says "assay: --looks: looks: what is estimated grows with the period here"
        [ ! -e w/plans/drafts.yaml ]
        # shellcheck disable=SC2086
        assay plan new drafts "${common[@]}" --design $design
        absent "anytime" w/plans/drafts.yaml
        rm w/plans/drafts.yaml
    done
    # Every line that is there to be taken can be taken.
    for design in "randomised --unit item" "randomised --unit team" "encouragement --unit worker" \
        "switchback --unit team --block 1w --washout 1d" "staggered --unit team" "staggered --unit worker" \
        "like_with_like --cells team" "before_after --date 2026-08-15"; do
        # shellcheck disable=SC2086
        assay plan new drafts --use-case support.billing --metric rework_rate --improve-by 1pp \
            --from 2026-07-01 --to 2026-09-30 --design $design
        sed -i -E '/rework_rate, allow/d;s/^# ((arms|scope|adjust_for|interact|cluster|looks|items|horizon|confidence): )/\1/' \
            w/plans/drafts.yaml
        run assay plan check drafts
        [ "$status" -eq 0 ] || { echo "$design, exit $status: $output"; cat w/plans/drafts.yaml; false; }
        rm w/plans/drafts.yaml
    done
}

@test "it says which use cases are here, and which metrics have no values, and names no small one" {
    some_tickets
    run assay plan new mine --template support_reply
    says "no item of support.reply is here yet"
    says "use cases that are here: support.billing"
    says_not "secret.project"
    run assay plan new first --template first_draft_email --use-case support.billing
    [ "$status" -eq 0 ]
    says "error_rate: fewer than 8 people have a value of it in support.billing"
    says_not "satisfaction: fewer"
    says_not "time_to_complete: fewer"
}

# Answers as if typed on a terminal, one to each question; what was shown is in $output.
types() {
    run python3 - "$ASSAY" plan new --workspace w "$@" << 'P'
import os, pty, sys
answers = iter(open("answers").read().split("\n"))
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
shown, asked = "", 0
while True:
    try:
        some = os.read(terminal, 4096)
    except OSError:
        break
    if not some:
        break
    shown += some.decode()
    while asked < shown.count("]: "):
        os.write(terminal, (next(answers, "") + "\n").encode())
        asked += 1
print(shown.replace("\r", ""))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
P
}

@test "on a terminal it asks, shows the choices, and takes what stands in brackets" {
    some_tickets
    # Everything: no template, the only use case, the second metric, then Enter.
    printf '\n\n2\n' > answers
    types asked
    [ "$status" -eq 0 ] || { echo "$output"; false; }
    says "Which use case? [support.billing]"
    says "Which template?"
    says "plans/asked.yaml: written"
    grep -Fqx 'use_case: support.billing' w/plans/asked.yaml
    grep -Fqx 'design: {kind: randomised, unit: item, probability: 0.5}' w/plans/asked.yaml
    grep -Fqx 'primary: {metric: cycle_time, improve_by: 10%}' w/plans/asked.yaml
    grep -Fqx '  - {metric: rework_rate, allow: 1pp}' w/plans/asked.yaml
    run assay plan check asked
    [ "$status" -eq 0 ]
    # A template by its number.
    rm w/plans/asked.yaml
    printf '2\n' > answers
    types asked
    [ "$status" -eq 0 ] || { echo "$output"; false; }
    grep -Fq 'from the template code_review' w/plans/asked.yaml
    grep -Fqx 'design: {kind: switchback, unit: team, block: 1w, washout: 1d}' w/plans/asked.yaml
    grep -Fqx 'use_case: support.billing' w/plans/asked.yaml
    # What is no answer is asked again, and the quarter ends with its last day.
    rm w/plans/asked.yaml
    printf 'suport_reply\n7\nSupport\n\nspeed\n\n\n\n\n\n\nsoon\n2027-04-01\n\n' > answers
    types asked
    [ "$status" -eq 0 ] || { echo "$output"; false; }
    says "that is none of them; write its number or its name"
    says "write parts of lower-case letters with dots between: support.billing"
    says "write it like 2027-01-31"
    grep -Fqx 'period: {from: 2027-04-01, to: 2027-06-30}' w/plans/asked.yaml
    # An end of the answers writes nothing.
    rm w/plans/asked.yaml
    printf '\004' > answers
    types asked
    [ "$status" -eq 2 ]
    says "no more answers; nothing was written"
    [ ! -e w/plans/asked.yaml ]
    # Where nothing is missing nothing is asked.
    : > answers
    types asked --template support_reply
    [ "$status" -eq 0 ]
    says_not "]: "
}

@test "check names the use case that was meant, and says that its count is of all of it" {
    some_tickets
    assay plan new near --template support_reply --use-case support.biling --from 2026-07-01 --to 2026-07-31
    run assay plan check near
    says "no item of support.biling is here yet; did you mean support.billing?"
    assay plan new small --template support_reply --use-case secret.project --from 2026-07-01 --to 2026-07-31
    sed -i 's/secret.project/secret.projects/' w/plans/small.yaml
    run assay plan check small
    says_not "did you mean"
    assay plan new part --template support_reply --use-case support.billing --from 2026-07-01 --to 2026-07-31
    echo 'scope: {teams: [team1]}' >> w/plans/part.yaml
    run assay plan check part
    says "300 in the period, in its scope or not"
}

@test "a change may be planned less that of the year before" {
    local flags=(--use-case a.b --metric cycle_time --design before_after --date 2026-08-01 --from 2026-07-01 --to 2026-08-31)
    assay plan new yearly "${flags[@]}" --season year
    grep -Fqx 'design: {kind: before_after, date: 2026-08-01, season: year}' w/plans/yearly.yaml
    new_fails "assay: --season: season: \"month\" is none of the words; write year" "${flags[@]}" --season month
}
