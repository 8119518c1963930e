#!/usr/bin/env bats
# Units are drawn: balanced, stable, not to be guessed, and nobody's name is kept.

load import_helpers.bash

# A plan over days around today, since what is over is not drawn for. a_plan NAME DESIGN
a_plan() {
    cat > "w/plans/$1.yaml" << Y
plan: $1
use_case: support.billing
design: $2
period: {from: $(date -d '-10 days' +%F), to: $(date -d '+120 days' +%F)}
primary: {metric: cycle_time, improve_by: 10%}
Y
}

locked() {
    a_plan "$@"
    assay plan lock "$1" > lock.log 2>&1 || { cat lock.log; false; }
}

assigns() {
    run assay assign "$@"
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
}

refuses() {
    run assay assign "$@"
    [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
}

# PREFIX1 … PREFIXn, one per line: units PREFIX FROM TO
units() {
    seq -f "$1%g" "$2" "$3"
}

@test "arms are those of the recipe, written anew in Python" {
    for p in 0.5 0.37 0.1 0.3333333333333333; do
        name="plan${p//./_}"
        locked "$name" "{kind: randomised, unit: item, probability: $p, strata: [team, size]}"
        { echo item,team,size; for i in $(seq 1 60); do echo "T-$i,team$((i % 2)),$((i % 3))"; done; } > units.csv
        assigns "$name" --from units.csv
        { for i in $(seq 1 60); do printf 'team%d|%d.0\titems:T-%d\n' $((i % 2)) $((i % 3)) "$i"; done; } |
            python3 "$SOURCE/tests/cli/draw.py" arms w/secret.key "$name" "$p" | sort > wanted
        stored "select unit, case arm when 'ai' then 1 else 0 end from assignment
            where plan = '$name' order by unit" | sort > got
        [ "$(wc -l < got)" -eq 60 ]
        diff wanted got
    done
}

@test "each stratum is balanced exactly, also as units arrive over time" {
    locked drafts '{kind: randomised, unit: item, strata: [team]}'
    for batch in 1 2 3 4; do
        { echo item,team; for i in $(units T "$batch"01 "$batch"06); do echo "$i,a"; echo "x$i,b"; done; } > units.csv
        assigns drafts --from units.csv
    done
    [ "$(stored "select team, sum((arm = 'ai')::int), count(*) from (select case when unit like
        'items:x%' then 'b' else 'a' end as team, arm from assignment) group by 1 order by 1")" = \
        $'a\t12\t24\nb\t12\t24' ]
    [ "$(stored "select stratum, units from draw order by 1")" = $'a\t24\nb\t24' ]
}

@test "a unit keeps its arm for ever, and has one row however often it is given" {
    locked drafts '{kind: randomised, unit: item}'
    units T 1 9 > first.txt
    assigns drafts --from first.txt
    stored "select unit, arm from assignment order by 1" > before
    { units T 1 20; units T 1 9; } | sort -R > second.txt
    assigns drafts --from second.txt --format csv
    stored "select unit, arm from assignment where unit in (select 'items:T' || i from range(1, 10) t(i)) order by 1" > after
    diff before after
    [ "$(stored "select count(*), count(distinct unit) from assignment")" = $'20\t20' ]
    assigns drafts T3 T3 items:T3
    says "1 item, 0 of them drawn"
    says "T3    $(stored "select arm from assignment where unit = 'items:T3'")"
}

@test "the order of a list changes nothing" {
    locked drafts '{kind: randomised, unit: item}'
    cp -a w w2
    units T 1 40 > one.txt
    tac one.txt > other.txt
    assigns drafts --from one.txt
    "$ASSAY" assign --workspace w2 drafts --from other.txt > /dev/null 2>&1
    [ "$(stored "select unit, arm from assignment order by 1")" = \
        "$("$RUN_SQL" w2/assay.duckdb "select unit, arm from assignment order by 1")" ]
}

@test "a unit that the data hold is in the stratum that they say" {
    printf 'item_id,use_case,worker,team,opened_at\nT1,support.billing,anna,red,2026-01-05\n' > items.csv
    imports items items.csv
    locked drafts '{kind: randomised, unit: item, strata: [team]}'
    assigns drafts T1
    says_not "note:"
    [ "$(stored "select stratum from draw")" = red ]
    refuses drafts T2
    says '"T2" is not in the data yet, so that nothing says its team'
    printf 'item\nT1\nT2\n' > units.csv
    refuses drafts --from units.csv
    says "units.csv:3: the item of this line is not in the data yet"
    says "add a column named team"
    printf 'item,team\nT1,blue\nT2,blue\n' > units.csv
    assigns drafts --from units.csv
    [ "$(stored "select stratum, units from draw order by 1")" = $'blue\t1\nred\t1' ]
}

@test "people come from a file, are stored as imports do, and their names nowhere" {
    locked offer '{kind: encouragement, unit: worker, probability: 0.25}'
    refuses offer "Anna Antoinette"
    says "write them to a file, one per line: --from FILE"
    printf 'Anna Antoinette\n anna antoinette \nBea Bellatrix\n' > people.txt
    assigns offer --from people.txt
    says "Anna Antoinette"
    says "2 workers, 2 of them drawn"
    printf 'item_id,worker\nT1,Anna Antoinette\nT2,Bea Bellatrix\n' > items.csv
    imports items items.csv
    [ "$(stored "select count(*) from assignment a join item i on i.worker = a.unit")" = 2 ]
    rm people.txt items.csv
    output=
    nowhere Antoinette
    nowhere Bellatrix
}

@test "further names of one person are one unit" {
    printf 'alias,worker\nanna@example.org,anna\n' > people.csv
    imports people people.csv
    locked offer '{kind: encouragement, unit: worker}'
    printf 'anna\nanna@example.org\n' | assay assign offer --from - > out.txt 2> log.txt
    grep -q '1 worker, 1 of them drawn' log.txt
    [ "$(stored 'select count(*) from assignment')" = 1 ]
}

@test "a switchback gives every team both arms in each pair of blocks, half of the teams at a time" {
    locked turns '{kind: switchback, unit: team, block: 1w, washout: 1d}'
    printf 'team\nred\nblue\ngreen\nblack\n' > teams.csv
    assigns turns --from teams.csv
    says "from        to          arm         teams"
    [ "$(stored "select distinct count(*) filter (where arm = 'ai') from assignment group by since")" = 2 ]
    # pairs of the period's blocks, which begin 10 days ago
    [ "$(stored "select count(*) from (
        select unit, (since::date - (current_date - 10)) // 14 as pair,
          count(*) filter (where arm = 'ai') as ai, count(*) as blocks
        from assignment group by all) where blocks = 2 and ai <> 1")" = 0 ]
    [ "$(stored "select count(distinct unit), bool_and(since > now()::timestamp),
        bool_and(until - since <= interval 7 day) from assignment")" = $'4\ttrue\ttrue' ]
    # nothing overlaps, and no time is left between
    [ "$(stored "select count(*) from (select until, lead(since) over (partition by unit order by since)
        as next from assignment) where next <> until")" = 0 ]
    assigns turns red
    says "0 of them drawn"
}

@test "waves are spread evenly within strata, and those of the recipe" {
    locked rollout '{kind: staggered, unit: team, every: month, strata: [role]}'
    { echo team,role; for i in $(seq 1 24); do echo "t$i,r$((i % 2))"; done; } > teams.csv
    assigns rollout --from teams.csv --format csv
    [ "$(stored "select bool_and(since > now()::timestamp), bool_and(until is null), bool_and(arm = 'ai'),
        count(*), bool_and(day(since) = 1) from assignment")" = $'true\ttrue\ttrue\t24\ttrue' ]
    waves="$(stored "select count(distinct since) from assignment")"
    [ "$waves" -ge 3 ]
    stored "select case when substr(unit, 2)::int % 2 = 0 then 'r0' else 'r1' end as role, since,
        count(*) as units from assignment group by all" > spread
    cut -f 1,2 spread | sort | uniq | wc -l | grep -qx $((2 * waves))
    [ "$(cut -f 3 spread | sort -n | tail -n 1)" -le $((12 / waves + 1)) ]
    [ "$(cut -f 3 spread | sort -n | head -n 1)" -ge $((12 / waves)) ]
    stored "select stratum from draw order by 1" > strata
    grep -q "^r0|$waves waves from " strata
    for i in $(seq 1 24); do printf '%s\tt%d\n' "$(sed -n $((i % 2 + 1))p strata)" "$i"; done |
        python3 "$SOURCE/tests/cli/draw.py" waves w/secret.key rollout "$waves" | sort > wanted
    stored "select unit, dense_rank() over (order by since) - 1 from assignment" | sort > got
    diff wanted got
}

@test "each draw is a line of the registry, with counts only" {
    locked drafts '{kind: randomised, unit: item}'
    assigns drafts T1 T2 T3
    assigns drafts T1
    [ "$(grep -c '"kind": *"assign"' w/registry.jsonl)" -eq 1 ]
    absent 'T1' w/registry.jsonl
    run assay registry
    says "assign  drafts: 3 units of the kind item"
    run assay registry verify
    [ "$status" -eq 0 ]
}

@test "what cannot be drawn is refused with the mend" {
    a_plan drafts '{kind: randomised, unit: item}'
    refuses drafts T1
    says "drafts is not locked; a plan is locked before units are drawn for it: assay plan lock drafts"
    assay plan lock drafts > /dev/null 2>&1
    refuses drafts
    says "name the units behind the plan"
    refuses
    says "name a plan and units"
    refuses draft T1
    says 'there is no plan "draft"; did you mean drafts?'
    refuses drafts T1 --from x.csv
    says "not both"
    refuses drafts --from x.csv
    says "x.csv: cannot be read"
    refuses drafts T1 --format xml
    says '"xml" is none of text, csv and json'
    printf 'worker\nanna\n' > people.csv
    refuses drafts --from people.csv
    says "people.csv:1: the plan draws units of the kind item, and no column is named item or unit"
    locked alike '{kind: like_with_like, cells: [team]}'
    refuses alike T1
    says "alike is like_with_like: its arms are found, and nothing is assigned"
    a_plan past '{kind: randomised, unit: item}'
    sed -i 's/^period.*/period: 2026Q1/' w/plans/past.yaml
    assay plan lock past > /dev/null 2>&1
    refuses past T1
    says "the period of past is over"
    sed -i 's/10%/20%/' w/plans/drafts.yaml
    refuses drafts T1
    says "this was changed after the plan drafts was locked"
    [ "$(stored 'select count(*) from assignment')" = 0 ]
}

@test "a draw that fails keeps nothing" {
    locked drafts '{kind: randomised, unit: item}'
    chmod 400 w/registry.jsonl
    if [ -w w/registry.jsonl ]; then skip "this user may write whatever the mode is"; fi
    run assay assign drafts T1
    [ "$status" -ne 0 ]
    chmod 600 w/registry.jsonl
    [ "$(stored 'select count(*) from assignment')" = 0 ]
    [ "$(stored 'select count(*) from draw')" = 0 ]
}

@test "CSV and JSON hold unit and arm" {
    locked drafts '{kind: randomised, unit: item, probability: 0.25}'
    assay assign drafts '=T1' T2 --format csv > out.csv 2> log.txt
    [ "$(head -n 1 out.csv)" = $'unit,arm,from,to,probability\r' ]
    grep -q "^\"'=T1\"," out.csv
    assay assign drafts T2 --format json > out.json 2> log.txt
    python3 - << 'P'
import json
document = json.load(open("out.json"))
row = document["assigned"][0]
assert document["plan"] == "drafts" and document["drawn"] == 0 and row["unit"] == "T2"
assert row["probability"] == {"ai": 0.25, "no_ai": 0.75}[row["arm"]] and row["until"] is None
P
}
