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

@test "values that hold the sign between them are strata of their own, as the recipe says" {
    # shellcheck disable=SC1003
    one='DESK\a|b' other='|c' third='DESK\a' fourth='b||c'
    locked single '{kind: randomised, unit: item, strata: [team]}'
    { echo item,team; for i in $(seq 1 40); do echo "S$i,$one"; done; } > units.csv
    assigns single --from units.csv
    for i in $(seq 1 40); do printf '%s\titems:S%d\n' "$one" "$i"; done |
        python3 "$SOURCE/tests/cli/draw.py" arms w/secret.key single 0.5 | sort > wanted
    stored "select unit, case arm when 'ai' then 1 else 0 end from assignment where plan = 'single'" | sort > got
    diff wanted got
    [ "$(wc -l < got)" -eq 40 ]
    [ "$(stored "select stratum from draw")" = "$one" ]
    locked double '{kind: randomised, unit: item, strata: [team, role]}'
    { echo item,team,role; for i in $(seq 1 40); do echo "D$i,$one,$other"; echo "E$i,$third,$fourth"; done; } > units.csv
    assigns double --from units.csv
    for i in $(seq 1 40); do
        printf '%s\titems:D%d\n' 'DESK\\a\|b|\|c' "$i"
        printf '%s\titems:E%d\n' 'DESK\\a|b\|\|c' "$i"
    done | python3 "$SOURCE/tests/cli/draw.py" arms w/secret.key double 0.5 | sort > wanted
    stored "select unit, case arm when 'ai' then 1 else 0 end from assignment where plan = 'double'" | sort > got
    diff wanted got
    [ "$(wc -l < got)" -eq 80 ]
    [ "$(stored "select count(distinct stratum) from draw")" -eq 3 ]
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
    # Without the times, in which T1 is the beginning of an hour.
    sed 's/"at":"[^"]*"//' w/registry.jsonl > lines
    absent 'T1' lines
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

@test "a name of blanks that only Unicode knows is refused by its line" {
    locked people '{kind: randomised, unit: worker}'
    printf 'anna\n\u00a0\nbea\n' > names.csv
    refuses people --from names.csv
    says "names.csv:2: this line names no unit"
    [ "$(stored 'select count(*) from assignment')" = 0 ]
}

@test "an item that was done before it is drawn is said to take no part" {
    locked drafts '{kind: randomised, unit: item}'
    printf '%s\n' item_id,use_case,worker,opened_at,closed_at,state \
        "T1,support.billing,w1,$(date -d '-3 days' +%F),$(date -d '-2 days' +%F),done" \
        "T2,support.billing,w1,$(date -d '-3 days' +%F),,open" > items.csv
    imports items items.csv
    assigns drafts T1 T2 T3
    says "note: 1 of them was done before it was drawn, so that no arm could change what came out"
    says "1 of them is in no item of the workspace yet"
}

@test "the commands of the help go together" {
    assay plan new billing-replies --template support_reply --use-case support.billing
    assay plan lock billing-replies
    assay assign --help | sed -n '/Example/,/^$/p' | grep billing-replies\\\|printf > commands
    [ "$(wc -l < commands)" -eq 3 ]
    cd w
    assay() { "$ASSAY" "$@"; }
    # shellcheck source=/dev/null
    . ../commands
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

# 48 people of 20 items each, opened from two days ago on and done in the weeks to come; the metric
# is the quality. With AI, GONE of ten poor items have none. work UNTIL GONE
work() {
    python3 - "$1" "$2" << 'P'
import csv, datetime, random, sys
random.seed(7)
until, gone = sys.argv[1], int(sys.argv[2])
arms = {row["unit"]: row["arm"] for row in csv.DictReader(open("arms.csv"))}
start = datetime.datetime.combine(datetime.date.today() - datetime.timedelta(days=2), datetime.time())
with open("done.csv", "w") as file:
    out = csv.writer(file)
    out.writerow(["item_id", "use_case", "worker", "team", "size", "opened_at", "closed_at", "state",
                  "updated_at", "measure.quality"])
    for i in range(960):
        quality = random.random()
        lost = arms[f"T{i}"] == "ai" and quality < 0.3 and random.randrange(10) < gone
        out.writerow([f"T{i}", "support.billing", f"w{i % 48}", f"t{i % 3}", 10,
                      start + datetime.timedelta(minutes=3 * i),
                      start + datetime.timedelta(days=4, minutes=7 * i),
                      "abandoned" if lost else "done", until, "" if lost else f"{quality:.6f}"])
P
}

# drawn_and_done GONE [PATTERN]: rows of that pattern are given up, without an outcome
drawn_and_done() {
    a_plan drafts '{kind: randomised, unit: item, strata: [team]}'
    sed -i 's/metric: cycle_time, improve_by: 10%/metric: quality_score, improve_by: 2pp/' w/plans/drafts.yaml
    assay plan lock drafts > /dev/null 2>&1
    { echo item,team; for i in $(seq 0 959); do echo "T$i,t$((i % 3))"; done; } > units.csv
    assay assign drafts --from units.csv --format csv 2> /dev/null | tr -d '\r' > arms.csv
    work "$(date -d '+130 days' +%F)" "$1"
    if [ -n "$2" ]; then sed -i -E "/$2/"' s/(.*),done,(.*),[0-9.]*\r?$/\1,abandoned,\2,/' done.csv; fi
    imports items done.csv
    printf 'item_id,use_case,worker,opened_at,updated_at\nend,other,w0,%s,%s\n' \
        "$(date -d '+125 days' +%F)" "$(date -d '+125 days' +%F)" > end.csv
    imports items end.csv
}

@test "from a plan to its answer: locked, drawn, done, compared" {
    drawn_and_done 0
    output="$(assay compare drafts --early | tr '\n' ' ' | tr -s ' ')"
    says "as assigned: randomised"
    says "Of the items drawn, without an outcome: 0.0 % not given AI, 0.0 % given AI; given up: 0.0 %"
    says "Checks passed: sample_ratio, units_twice, assigned_late"
    says_not "Who is missing"
    assay compare drafts --early --format json > out.json
    python3 - << 'P'
import csv, json
row = json.load(open("out.json"))["rows"][0]
arms = {r["unit"]: r["arm"] for r in csv.DictReader(open("arms.csv"))}
values = {"ai": [], "no_ai": []}
for item in csv.DictReader(open("done.csv")):
    values[arms[item["item_id"]]].append(float(item["measure.quality"]))
shown = {a["arm"]: a for a in row["comparison"]["arms"]}
assert {a: len(v) for a, v in values.items()} == {a: shown[a]["items"] for a in shown} == {"ai": 480, "no_ai": 480}
for arm, list_ in values.items():
    assert abs(shown[arm]["value"] - sum(list_) / len(list_)) < 1e-9
assert row["comparison"]["excluded"]["assigned_late"] == 0
P
}

@test "items without an outcome are shown first, bounded, and said to turn the sign" {
    drawn_and_done 8
    assay compare drafts --early > out.txt
    tr '\n' ' ' < out.txt | tr -s ' ' > text
    grep -q "Of the items drawn, without an outcome: 0.0 % not given AI, .* % given AI (p < 0.0001 if they were one share); given up" text
    grep -q "Who is missing: of items that would have an outcome in either arm, .*, the difference lies between .*Lee 2009). Even its sign hangs on who is missing" text
    [ "$(grep -n 'Of the items drawn' out.txt | cut -d: -f1)" -lt "$(grep -n 'people    value' out.txt | cut -d: -f1)" ]
    assay compare drafts --early --format json > out.json
    # Lee's bounds from the rows: the lowest, and the highest, of as large a share of the arm with more
    python3 - << 'P'
import csv, json
row = json.load(open("out.json"))["rows"][0]
bounds = row["comparison"]["opt_outs"]["bounds"]
arms = {r["unit"]: r["arm"] for r in csv.DictReader(open("arms.csv"))}
values = {"ai": [], "no_ai": []}
for item in csv.DictReader(open("done.csv")):
    if item["measure.quality"]:
        values[arms[item["item_id"]]].append(float(item["measure.quality"]))
keep = len(values["ai"])  # of 480 in each arm
control = sorted(values["no_ai"])
mean = lambda list_: sum(list_) / len(list_)
wanted = [mean(values["ai"]) - mean(control[-keep:]), mean(values["ai"]) - mean(control[:keep])]
assert all(abs(a - b) < 1e-9 for a, b in zip(bounds["bounds"], wanted)), (bounds, wanted)
assert wanted[0] < 0 < wanted[1] and mean(values["ai"]) - mean(control) > 0
assert bounds["trimmed_arm"] == "no_ai" and not bounds["sign_known"]
assert abs(row["comparison"]["opt_outs"]["arms"][1]["missing"] - (1 - keep / 480)) < 1e-12
P
}

@test "what few people have no outcome of is shown in no format" {
    drawn_and_done 0 ',w(1|2|3),'
    assay compare drafts --early | tr '\n' ' ' | tr -s ' ' > text
    assay compare drafts --early --format json > out.json
    grep -q "without an outcome: not shown, for few people are behind it" text
    python3 - << 'P'
import json
of = json.load(open("out.json"))["rows"][0]["comparison"]["opt_outs"]
assert all(arm["missing"] is None and arm["given_up"] is None for arm in of["arms"]), of
assert of["missing_p"] is None and of["given_up_p"] is None and "_" not in of
assert "bounds" not in of["bounds"]
P
}
