#!/usr/bin/env bats
# Published reports: kept once, in the registry, as they were; and what of them still holds.

load import_helpers.bash

# A trial of 24 people in two teams: with AI faster by a fifth. Facts are there.
a_quarter() {
    local made="$BATS_FILE_TMPDIR/quarter"
    if [ ! -d "$made" ]; then
        python3 - << 'P'
import datetime, random
draw = random.Random(11)
items, trial = open("items.csv", "w"), open("trial.csv", "w")
print("item_id,use_case,worker,team,opened_at,started_at,closed_at,state", file=items)
print("plan,unit_kind,unit,arm,probability", file=trial)
for n in range(1440):
    ai = n >= 720 and draw.random() < 0.5
    start = datetime.datetime(2026, 4 if n < 720 else 7, 1) + datetime.timedelta(minutes=draw.randrange(80 * 1440))
    end = start + datetime.timedelta(minutes=60 * draw.lognormvariate(0, 0.4) * (0.8 if ai else 1))
    print(f"T{n},support.billing,w{n % 24},team{n % 2},{start},{start},{end.replace(microsecond=0)},done", file=items)
    if n >= 720:
        print(f"drafts,item,T{n},{'ai' if ai else 'no_ai'},0.5", file=trial)
print("last,other,w1,team1,2026-10-20 08:00:00,2026-10-20 08:00:00,2026-10-20 09:00:00,done", file=items)
P
        imports items items.csv
        imports assignments trial.csv
        cat > w/plans/drafts.yaml << 'Y'
plan: drafts
use_case: support.billing
design: {kind: randomised, unit: item, probability: 0.5}
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: time_to_complete, improve_by: 10%}
Y
        assay plan lock drafts > /dev/null
        assay report > /dev/null
        cp -a w "$made"
    fi
    rm -rf w
    cp -a "$made" w
}

@test "a published report is what readers see, once, with a line of the registry" {
    a_quarter
    assay report --format json > shown.json
    succeeds report --publish
    says "published: reports/2026Q3.json"
    says "AI's part"
    [ "$(stat -c %a w/reports/2026Q3.json)" = 600 ]
    python3 - << 'P'
import hashlib, json
line = json.loads(open("w/registry.jsonl").readlines()[-1])
kept = open("w/reports/2026Q3.json", "rb").read()
assert line["kind"] == "publish" and line["file"] == "reports/2026Q3.json", line
assert line["sha256"] == hashlib.sha256(kept).hexdigest()
shown, kept = json.load(open("shown.json")), json.loads(kept)
assert line["data_version"] == shown["assay"]["data_version"]
for document in shown, kept:
    del document["assay"]["generated"]
assert shown == kept
P
    before="$(sha256sum w/reports/2026Q3.json)"
    run assay report --publish
    [ "$status" -eq 2 ]
    says "reports/2026Q3.json: a report of this period was published already"
    succeeds report --publish --again
    says "published: reports/2026Q3-2.json"
    [ "$(sha256sum w/reports/2026Q3.json)" = "$before" ]
    succeeds report --list
    [ "$(grep -c "as it was published" <<< "$output")" -eq 2 ]
    succeeds registry
    says "publish reports/2026Q3-2.json"
    succeeds registry verify
    says "reports 2 of 2 as they were published"
    # No publishing is taken back with its line.
    cp w/registry.jsonl whole
    count="$(wc -l < whole)"
    sed -i '$d' w/registry.jsonl
    run assay registry verify
    [ "$status" -eq 1 ]
    says "the registry has $((count - 1)) lines, and had $count; restore it from a backup"
    run assay report --list
    [ "$status" -eq 2 ]
    cp whole w/registry.jsonl
    run assay report --again
    [ "$status" -eq 2 ]
    run assay report 2026Q3 --list
    [ "$status" -eq 2 ]
}

@test "a report that was changed or is gone is found, and nothing is compared with it" {
    a_quarter
    succeeds report --publish
    cp w/reports/2026Q3.json kept.json
    sed -i 's/"better"/"worse"/' w/reports/2026Q3.json
    run assay registry verify
    [ "$status" -eq 1 ]
    says "broken: reports/2026Q3.json: this is not the file that was published (line 3)"
    run assay report --list
    [ "$status" -eq 1 ]
    says "CHANGED"
    run assay report --compare-with 2026Q3
    [ "$status" -eq 2 ]
    says "this is not the file that was published"
    rm w/reports/2026Q3.json
    run assay registry verify
    [ "$status" -eq 1 ]
    says "the file is not here"
    # Its name stays taken.
    run assay report --publish
    [ "$status" -eq 2 ]
    cp kept.json w/reports/2026Q3.json
    succeeds registry verify
    run assay report --compare-with 2026Q2
    [ "$status" -eq 2 ]
    says 'no report "2026Q2" was published; did you mean 2026Q3?'
}

@test "killed before the line nothing was published, killed after it the next command completes it" {
    a_quarter
    [ -n "$KEPT_WRITES_LIBRARY" ] || skip "a sanitized program cannot be watched"
    count="$(wc -l < w/registry.jsonl)"
    KEPT_WRITES="$dir/kept" KEPT_WRITES_ABORT=registry.jsonl LD_PRELOAD="$KEPT_WRITES_LIBRARY" \
        run assay report --publish
    [ "$status" -ge 128 ]
    [ "$(wc -l < w/registry.jsonl)" -eq "$count" ]
    [ ! -e w/reports/2026Q3.json ]
    [ -e w/reports/2026Q3.json.unnamed ]
    succeeds registry verify
    succeeds report --list
    says "No report was published yet"
    succeeds report --publish
    succeeds registry verify
    # As it lies between the line and the name.
    mv w/reports/2026Q3.json w/reports/2026Q3.json.unnamed
    succeeds report --list
    says "as it was published"
    [ -e w/reports/2026Q3.json ]
    [ ! -e w/reports/2026Q3.json.unnamed ]
    succeeds registry verify
}

@test "where nothing can be written nothing is published, and it says so" {
    a_quarter
    count="$(wc -l < w/registry.jsonl)"
    # A disk that is full: no file may grow.
    run bash -c "ulimit -f 0; trap '' XFSZ; exec \"\$ASSAY\" report --publish --workspace w > /dev/null"
    [ "$status" -eq 2 ] || { echo "$status $output"; false; }
    [ "$(wc -l < w/registry.jsonl)" -eq "$count" ]
    [ -z "$(ls w/reports)" ] || { ls w/reports; false; }
    # A folder that is a file.
    rm -r w/reports
    printf x > w/reports
    run assay report --publish
    [ "$status" -eq 2 ]
    says "w/reports"
    [ "$(wc -l < w/registry.jsonl)" -eq "$count" ]
    rm w/reports
    succeeds report --publish
    succeeds registry verify
}

@test "two that publish at once take two names, or one of them is told" {
    a_quarter
    for i in 1 2 3 4; do assay report --publish --again > "out$i" 2>&1 & done
    wait
    cat out?
    succeeds registry verify
    says "reports 4 of 4"
    [ "$(ls w/reports | sort | tr '\n' ' ')" = "2026Q3-2.json 2026Q3-3.json 2026Q3-4.json 2026Q3.json " ]
}

@test "what held of a published report is said, and what may have changed the rest" {
    a_quarter
    succeeds report --publish
    succeeds report --compare-with 2026Q3
    says "Against 2026Q3 as published on 20"
    says "1 of 1 words held"
    # Another amount, amended; and more data that turn the effect round.
    sed -i 's/10%/70%/' w/plans/drafts.yaml
    assay plan amend drafts --reason "ten was too little" > /dev/null
    succeeds report --compare-with 2026Q3 --format json
    printf '%s\n' "$output" > now.json
    python3 - "$SOURCE/docs/report.schema.json" << 'P'
import json, jsonschema, sys
document = json.load(open("now.json"))
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(document)
entry, = document["compared_with"]["entries"]
assert (entry["then"], entry["now"], entry["held"]) == ("better", "no_material_change", False), entry
assert entry["why"] == ["the plan was amended", "another margin"], entry
P
    succeeds report --compare-with 2026Q3
    says "support.billing (drafts): better, now no change; since then: the plan was amended"
    succeeds report --compare-with 2026Q3 --format markdown
    says "0 of 1 words held"
    printf '%s\n' item_id,use_case,worker,team,opened_at,started_at,closed_at,state \
        "X1,support.billing,w1,team1,2026-08-01,2026-08-01,2026-08-02,done" > more.csv
    imports items more.csv
    sed -i 's/^min_group: .*/min_group: 10/' w/assay.yaml
    assay plan amend drafts --reason "larger groups" > /dev/null
    succeeds report --compare-with 2026Q3 --format json
    printf '%s\n' "$output" > now.json
    python3 - << 'P'
import json
entry, = json.load(open("now.json"))["compared_with"]["entries"]
assert {"data were imported or forgotten", "min_group was changed", "the plan was amended"} <= set(entry["why"]), entry
# Words and settings only: nothing to subtract.
assert set(entry) == {"use_case", "metric", "plan", "arm", "of", "then", "now", "held", "why"}
P
}

@test "what two published reports would tell of few people by subtraction is not in the second" {
    a_quarter
    succeeds report --publish
    # Three tickets of one person come late.
    { echo item_id,use_case,worker,team,opened_at,started_at,closed_at,state
      for n in 1 2 3; do
          printf 'L%s,support.billing,w3,team1,2026-08-0%s,2026-08-0%s 00:00,2026-08-0%s 09:00,done\n' $n $n $n $n
      done; } > late.csv
    { echo plan,unit_kind,unit,arm,probability; for n in 1 2 3; do echo "drafts,item,L$n,ai,0.5"; done; } > late_trial.csv
    imports items late.csv
    imports assignments late_trial.csv
    succeeds report 2026Q3 --publish --again
    says_not "AI's part"
    # Neither goes without a word.
    tr -s '\n ' ' ' <<< "$output" > said
    for what in change comparison "how many items and people"; do
        grep -qF "Withheld: $what of time_to_complete, support.billing (a small group could be had from it and the report 2026Q3 by subtraction)" said
    done
    python3 - << 'P'
import json
first, second = (json.load(open(f"w/reports/{name}.json"))["rows"] for name in ("2026Q3", "2026Q3-2"))
(one,), (other,) = first, second
assert one["comparison"]["effect"] is not None and one["change"]["word"]
assert other["comparison"].get("withheld") and other["change"].get("withheld"), other
assert other["items"] is None and other["workers"] is None and other["verdict"]["word"] == "withheld"
P
    # Unchanged data are published again as they were.
    rm -r w
    a_quarter
    succeeds report --publish
    succeeds report --publish --again
    python3 - << 'P'
import json
first, second = (json.load(open(f"w/reports/{name}.json"))["rows"] for name in ("2026Q3", "2026Q3-2"))
assert first == second
P
}

@test "a stray ticket of one person takes no answer from a trial, and is in no change, now or later" {
    a_quarter
    succeeds report 2026Q3 --format json
    printf '%s\n' "$output" > before.json
    # One ticket that nobody drew an arm for, as slow as no other; and the quarter after.
    { echo item_id,use_case,worker,team,opened_at,started_at,closed_at,state
      echo "S1,support.billing,w3,team1,2026-08-01 00:00,2026-08-01 00:00,2026-08-21 09:00,done"
      for n in $(seq 240); do
          printf 'N%s,support.billing,w%s,team%s,2026-10-%02d 08:00,2026-10-%02d 08:00,2026-10-%02d 1%s:%02d,done\n' \
              $n $((n % 24)) $((n % 2)) $((1 + n % 18)) $((1 + n % 18)) $((1 + n % 18)) $((n % 7)) $((n % 60))
      done; } > stray.csv
    imports items stray.csv
    for asked in "report 2026Q3" "compare drafts" "compare 2026Q3 --metric time_to_complete --use-case support.billing" \
        "compare 2026Q3 --metric cycle_time --use-case support.billing" "report --from 2026-10-01 --to 2026-10-20 --against 2026Q3"; do
        succeeds $asked --format json
        printf '%s\n' "$output" > "${asked// /_}.json"
    done
    python3 - "$SOURCE/docs/report.schema.json" << 'P'
import glob, json, jsonschema, sys
def rows(name):
    document = json.load(open(name))
    jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(document)
    return document["rows"]
was, = rows("before.json")
now, = rows("report_2026Q3.json")
for key in "arms", "effect", "interval":
    assert now["comparison"][key] == was["comparison"][key], key
assert now["verdict"]["word"] == was["verdict"]["word"] == "better"
# The change is that of before the ticket came, whichever document tells it.
for name in "report_2026Q3.json", "compare_drafts.json", "compare_2026Q3_--metric_time_to_complete_--use-case_support.billing.json":
    change = rows(name)[0]["change"]
    assert change["assigned_only"] and not was["change"]["assigned_only"]
    for key in "before", "now", "effect", "interval", "items_now", "workers_now":
        assert change[key] == was["change"][key], (name, key, change[key], was["change"][key])
arms = sum(arm["items"] for arm in was["comparison"]["arms"])
for name in glob.glob("*_*.json"):
    for row in rows(name):
        for change in [row["change"], *(also["change"] for also in row["also"])]:
            assert change.get("withheld") or change["items_now"] in (None, arms, 240) , (name, change)
            assert change.get("withheld") or change["items_before"] in (None, arms, 720), (name, change)
        assert row["items"] in (None, 240, arms), (name, row["items"])
later, = rows("report_--from_2026-10-01_--to_2026-10-20_--against_2026Q3.json")
assert later["change"]["assigned_only"] and later["change"]["items_before"] == arms
P
    succeeds report 2026Q3
    tr -s '\n ' ' ' <<< "$output" | grep -q "of the items that were assigned"
}

@test "a quarter that nobody named is not published where nothing lies in it" {
    python3 - << 'P'
out = open("few.csv", "w")
print("item_id,use_case,worker,started_at,closed_at,state", file=out)
for n in range(20):
    print(f"T{n},x,w{n},2026-07-{n + 1:02d} 08:00,2026-07-{n + 1:02d} 09:00,done", file=out)
P
    imports items few.csv
    run "$ASSAY" report --workspace w --publish
    [ "$status" -eq 2 ]
    says "there is nothing to report of 2026Q2, which was taken since no period was named"
    [ ! -e w/reports/2026Q2.json ]
    run "$ASSAY" report 2026Q2 --workspace w --publish
    [ "$status" -eq 0 ]
    [ -e w/reports/2026Q2.json ]
}

# Twenty people in three quarters, twelve items of each, with a value each; all are mature.
# late.csv: one item more of the second quarter, of somebody who has no other.
three_quarters() {
    local made="$BATS_FILE_TMPDIR/three"
    if [ ! -d "$made" ]; then
        mkdir "$made"
        python3 - << 'P'
import csv, datetime, random
draw = random.Random(1)
items = ["item_id,use_case,worker,team,opened_at,started_at,closed_at,state".split(",")]
values = ["item_id,name,occurred_at,value".split(",")]
def add(month, name, person, use_case="help"):
    start = datetime.datetime(2026, month, 1) + datetime.timedelta(days=draw.randrange(29), minutes=500 + draw.randrange(300))
    end = start + datetime.timedelta(minutes=draw.randrange(20, 300))
    items.append([name, use_case, person, "team0", start, start, end, "done"])
    values.append([name, "quality", end, round(draw.random(), 3)])
for person in range(20):
    for month in range(1, 10):
        for n in range(4):
            add(month, f"T{person}-{month}-{n}", f"p{person}")
def write(name, rows):
    csv.writer(open(name, "w")).writerows(rows)
write("values.csv", values)
items.append(["last", "other", "p1", "team0", "2026-10-20 08:00", "2026-10-20 08:00", "2026-10-20 09:00", "done"])
write("items.csv", items)
late = "2026-05-03 08:50"
write("late.csv", [items[0], ["LATE", "help", "late", "team0", "2026-05-03 08:00", "2026-05-03 08:00", late, "done"]])
write("late_values.csv", [values[0], ["LATE", "quality", late, 0.123]])
# One of each person: many people's.
write("many.csv", [items[0]] + [[f"M{n}", "help", f"p{n}", "team0", "2026-05-03 08:00", "2026-05-03 08:00", late, "done"] for n in range(20)])
write("many_values.csv", [values[0]] + [[f"M{n}", "quality", late, 0.5] for n in range(20)])
# One value of the second quarter that was another.
name, measure, when, value = next(row for row in values if row[0] == "T3-5-0")
write("corrected.csv", [values[0], [name, measure, when, round(value / 2, 3)]])
P
        imports items items.csv
        imports measures values.csv
        cp -a w ./*.csv "$made"
        # What somebody does who has the reports, and nothing else.
        cat > "$made/reader.py" << 'P'
import json
def rows(name):
    return json.load(open(f"w/reports/{name}.json"))["rows"]
def change(name, metric="quality_score"):
    return next(of["change"] for row in rows(name) for of in [row, *row["also"]] if of["metric"]["name"] == metric)
def count(change, period):
    return change.get(f"items_{period}")
def total(change, period): # None: not to be had
    items, value = count(change, period), change.get(period)
    return None if items is None or value is None else items * value
def withheld(name):
    return {(entry["what"], entry["why"]) for entry in json.load(open(f"w/reports/{name}.json"))["withheld"]}
def subtraction(name):
    return f"a small group could be had from it and the report {name} by subtraction"
P
    fi
    rm -rf w
    cp -a "$made/." .
}

@test "the next quarter's report does not tell of one late item of this quarter, nor the other way round" {
    for order in "2026Q2 2026Q3" "2026Q3 2026Q2"; do
        three_quarters
        read -r first second <<< "$order"
        succeeds report "$first" --publish
        imports items late.csv
        imports measures late_values.csv
        succeeds report "$second" --publish
        python3 - "$first" "$second" << 'P'
import sys
from reader import *
first, second = sys.argv[1:]
then, now = change("2026Q2"), change("2026Q3")
told = total(then, "now"), total(now, "before")
assert None in told, f"the late item's value is 0.123: {told[1] - told[0]}"
assert count(change(first), "now") == 240
# Its two digits, those of the number that is known, tell nothing of one item.
later = change(second)
assert later["word"] and later["now"] == float(f"{later['now']:.1e}")
assert ("counts and all digits but two of the change of quality_score, help", subtraction(first)) in withheld(second), withheld(second)
P
    done
    # Twenty days, which two digits would tell of, take the change of times out.
    three_quarters
    succeeds report 2026Q2 --publish
    sed -i 's/2026-05-03 08:50/2026-05-23 08:50/' late.csv late_values.csv
    imports items late.csv
    imports measures late_values.csv
    succeeds report 2026Q3 --publish
    python3 - << 'P'
from reader import *
assert change("2026Q3", "time_to_complete").get("withheld"), change("2026Q3", "time_to_complete")
assert change("2026Q3")["word"]
P
    # Nothing new, and many people's items: both are told.
    for late in "" many; do
        three_quarters
        succeeds report 2026Q2 --publish
        [ -z "$late" ] || { imports items many.csv; imports measures many_values.csv; }
        succeeds report 2026Q3 --publish
        python3 - "$late" << 'P'
import sys
from reader import *
assert withheld("2026Q3") == set(), withheld("2026Q3")
assert count(change("2026Q3"), "before") == (260 if sys.argv[1] else 240)
P
    done
}

# come_late PREFIX PEOPLE ITEMS VALUE: late items of the second quarter, so many of each of so many people
come_late() {
    python3 - "$@" << 'P'
import csv, sys
prefix, people, count, value = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
items = ["item_id,use_case,worker,team,opened_at,started_at,closed_at,state".split(",")]
values = ["item_id,name,occurred_at,value".split(",")]
for n in range(people * count):
    items.append([f"{prefix}{n}", "help", f"p{n % people}", "team0", "2026-05-03 08:00", "2026-05-03 08:00", "2026-05-03 08:50", "done"])
    values.append([f"{prefix}{n}", "quality", "2026-05-03 08:50", value])
csv.writer(open("come.csv", "w")).writerows(items)
csv.writer(open("come_values.csv", "w")).writerows(values)
P
    imports items come.csv
    imports measures come_values.csv
}

@test "a difference of fifty late items is one person's, or many people's" {
    for people in 1 10; do
        three_quarters
        succeeds report 2026Q2 --publish
        come_late L $people $((50 / people)) 0.9
        succeeds report 2026Q2 --publish --again
        python3 - $people << 'P'
import sys
from reader import *
first, again = change("2026Q2"), change("2026Q2-2")
told = total(first, "now"), total(again, "now")
if sys.argv[1] == "1":
    assert None in told, f"one person's mean is 0.9: {(told[1] - told[0]) / 50}"
    assert ("change of quality_score, help", subtraction("2026Q2")) in withheld("2026Q2-2")
else:
    assert abs((told[1] - told[0]) / 50 - 0.9) < 1e-6 and withheld("2026Q2-2") == set(), withheld("2026Q2-2")
P
    done
    # Ten people's, and one of them has nearly all.
    three_quarters
    succeeds report 2026Q2 --publish
    come_late L 1 60 0.9
    come_late M 10 1 0.5
    succeeds report 2026Q2 --publish --again
    python3 - << 'P'
from reader import *
told = total(change("2026Q2"), "now"), total(change("2026Q2-2"), "now")
assert None in told, f"one person's mean is 0.9: {(told[1] - told[0]) / 70}"
P
}

@test "somebody who was forgotten stands between two reports" {
    three_quarters
    come_late L 1 50 0.9
    succeeds report 2026Q2 --publish
    echo p0 > leavers.txt
    assay forget --worker-file leavers.txt > /dev/null
    assay report > /dev/null
    # Nothing is left of the person here either.
    run "$RUN_SQL" w/assay.duckdb "select count(*) from published_work where worker not in (select worker from facts where worker is not null)"
    [ "$output" = 0 ]
    succeeds report 2026Q2 --publish --again
    python3 - << 'P'
from reader import *
told = total(change("2026Q2"), "now"), total(change("2026Q2-2"), "now")
assert None in told, f"62 items of one person: {told[0] - told[1]}"
assert ("change of quality_score, help", subtraction("2026Q2")) in withheld("2026Q2-2")
P
}

@test "values that were corrected are told where they are many people's" {
    for people in 7 12; do
        three_quarters
        succeeds report 2026Q2 --publish
        python3 - $people << 'P'
import csv, sys
values = list(csv.reader(open("values.csv")))
wanted = {f"T{person}-5-0" for person in range(int(sys.argv[1]))}
csv.writer(open("corrections.csv", "w")).writerows(
    [values[0]] + [[name, measure, when, 1 - float(value)] for name, measure, when, value in values[1:] if name in wanted])
P
        imports measures corrections.csv
        succeeds report 2026Q2 --publish --again
        python3 - $people << 'P'
import sys
from reader import *
first, again = change("2026Q2"), change("2026Q2-2")
if sys.argv[1] == "7":
    assert again.get("withheld"), f"seven people's: {total(first, 'now') - total(again, 'now')}"
else:
    assert count(again, "now") == count(first, "now") == 240 and again["now"] != first["now"]
    assert withheld("2026Q2-2") == set(), withheld("2026Q2-2")
P
    done
}

@test "one value that was corrected is not told by the same counts with another mean" {
    three_quarters
    succeeds report 2026Q2 --publish
    imports measures corrected.csv
    succeeds report 2026Q2 --publish --again
    succeeds report 2026Q3 --publish
    python3 - << 'P'
import csv
from reader import *
was = next(float(row[3]) for row in csv.reader(open("values.csv")) if row[0] == "T3-5-0")
then, again, later = change("2026Q2"), change("2026Q2-2"), change("2026Q3")
half = was - round(was / 2, 3)
assert total(again, "now") is None, f"the value fell by {half}: {total(then, 'now') - total(again, 'now')}"
assert ("change of quality_score, help", subtraction("2026Q2")) in withheld("2026Q2-2")
assert change("2026Q2-2", "time_to_complete") == change("2026Q2", "time_to_complete")
# As the earlier period of another one, where a value may be another for other reasons: two digits.
assert total(later, "before") is None, f"the value fell by {half}: {total(then, 'now') - total(later, 'before')}"
assert later["before"] == float(f"{later['before']:.1e}") and later["word"]
assert ("counts and all digits but two of the change of quality_score, help", subtraction("2026Q2")) in withheld("2026Q3")
P
}

# Of the third quarter: arms of everybody's 240 items, and five items of one person that have none.
# expected.csv: what everybody's items were expected to take, by which a plan can leave five out.
arms_of_240() {
    python3 - << 'P'
import csv, random
draw = random.Random(3)
items = list(csv.DictReader(open("items.csv")))
third = [item for item in items if item["item_id"].split("-")[1:2] and item["item_id"].split("-")[1] in "789"]
def write(name, head, rows):
    csv.writer(open(name, "w")).writerows([head.split(",")] + rows)
five = [[f"F{n}", "help", "late", "team0", f"2026-08-0{n} 08:00", f"2026-08-0{n} 08:00", f"2026-08-0{n} 09:00", "done"] for n in range(1, 6)]
value = "item_id,name,occurred_at,value"
arm = "plan,unit_kind,unit,arm,probability"
write("five.csv", ",".join(items[0]), five)
write("five_values.csv", value, [[row[0], "quality", row[6], 0.123] for row in five])
write("five_arms.csv", arm, [["trial", "item", row[0], "ai", 0.5] for row in five])
write("five_expected.csv", value, [[row[0], "predicted_minutes", row[4], 30] for row in five])
write("arms.csv", arm, [["trial", "item", item["item_id"], draw.choice(["ai", "no_ai"]), 0.5] for item in third])
write("expected.csv", value, [[item["item_id"], "predicted_minutes", item["opened_at"], 30] for item in third])
P
    cat > w/plans/trial.yaml << 'Y'
plan: trial
use_case: help
design: {kind: randomised, unit: item}
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: quality_score, improve_by: 2pp}
Y
    imports items five.csv
    imports measures five_values.csv
}

# What a reader makes of the change of one report and the arms of another: CHANGE ARMS
change_less_arms() {
    python3 - "$@" << 'P'
import sys
from reader import *
whole = total(change(sys.argv[1]), "now")
arms = [row["comparison"].get("arms") for row in rows(sys.argv[2]) if row["plan"]]
assert len(arms) < 2
if whole is not None and arms and arms[0]:
    of_arms = sum(arm["items"] * arm["value"] for arm in arms[0])
    sys.exit(f"five items of one person, of 0.123 each: {(whole - of_arms) / 5}")
P
}

@test "a change of one report and the arms of another do not tell of the one who is in no arm" {
    three_quarters
    arms_of_240
    mv w/plans/trial.yaml .
    succeeds report 2026Q3 --publish
    mv trial.yaml w/plans
    imports assignments arms.csv
    succeeds report 2026Q3 --publish --again
    change_less_arms 2026Q3 2026Q3-2
    python3 - << 'P'
from reader import *
assert count(change("2026Q3"), "now") == 245
assert ("comparison of quality_score, help", subtraction("2026Q3")) in withheld("2026Q3-2"), withheld("2026Q3-2")
P
}

@test "nor do the arms of one report and the change of a later one" {
    three_quarters
    arms_of_240
    echo "scope: {where: predicted_minutes > 1}" >> w/plans/trial.yaml
    imports assignments arms.csv
    imports assignments five_arms.csv
    imports measures expected.csv
    succeeds report 2026Q3 --publish
    imports measures five_expected.csv
    succeeds report 2026Q3 --publish --again
    change_less_arms 2026Q3-2 2026Q3
    python3 - << 'P'
from reader import *
row, = [row for row in rows("2026Q3") if row["plan"]]
assert sum(arm["items"] for arm in row["comparison"]["arms"]) == 240
assert ("change of quality_score, help", subtraction("2026Q3")) in withheld("2026Q3-2"), withheld("2026Q3-2")
P
}

@test "a group is held against the group of an earlier report" {
    python3 - << 'P'
import csv, datetime, random
draw = random.Random(5)
tables = {kind: ([], [], []) for kind in ("first", "many", "late")}
def add(kind, person, name, value=None, arm=None):
    items, values, arms = tables[kind]
    start = datetime.datetime(2026, 7, 1) + datetime.timedelta(days=draw.randrange(80), minutes=500 + draw.randrange(300))
    end = start + datetime.timedelta(minutes=draw.randrange(20, 300))
    items.append([name, "help", f"p{person}", "team0", "x" if person < 9 else "y", start, start, end, "done"])
    values.append([name, "score", end, value or round(5 + draw.gauss(0, 1), 3)])
    arms.append(["trial", "item", name, arm or draw.choice(["ai", "no_ai"]), 0.5])
for person in range(22):
    for n in range(20):
        add("first", person, f"T{person}-{n}")
# Thirteen people's items in either arm, all in group y; and one of one person, in group x.
for person in range(9, 22):
    for arm in "ai", "no_ai":
        add("many", person, f"M{person}-{arm}", None, arm)
add("late", 3, "L", 9.876, "ai")
tables["first"][0].append(["last", "other", "p1", "team0", "x", "2026-10-20", "2026-10-20", "2026-10-20", "done"])
for kind, three in tables.items():
    for name, head, rows in zip(("items", "values", "arms"), ("item_id,use_case,worker,team,role,opened_at,started_at,closed_at,state",
            "item_id,name,occurred_at,value", "plan,unit_kind,unit,arm,probability"), three):
        csv.writer(open(f"{kind}_{name}.csv", "w")).writerows([head.split(",")] + rows)
P
    come() {
        imports items "$1_items.csv"
        imports measures "$1_values.csv"
        imports assignments "$1_arms.csv"
    }
    cat > w/metrics/score.yaml << 'Y'
metric: score
label: Score
unit: points
kind: mean
better: higher
value: score
material: "1"
Y
    cat > w/plans/trial.yaml << 'Y'
plan: trial
use_case: help
design: {kind: randomised, unit: item}
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: score, improve_by: "1"}
by: [role]
Y
    come first
    succeeds report 2026Q3 --publish
    come many
    come late
    succeeds report 2026Q3 --publish --again
    says "Withheld: groups of score"
    python3 - << 'P'
import json
def trial(name):
    return next(row["comparison"] for row in json.load(open(name))["rows"] if row["plan"])
then, now = trial("w/reports/2026Q3.json"), trial("w/reports/2026Q3-2.json")
def arms(of):
    return [arm["items"] for arm in of["arms"]]
assert [b - a for a, b in zip(arms(then), arms(now))] == [13, 14]
assert then["by"][0]["cells"][0]["items"]
assert "cells" not in now["by"][0], [cell["items"] for of in (then, now) for cell in of["by"][0]["cells"]]
P
}

@test "a guardrail's value that was corrected alone is not told by its effect before and after" {
    for people in 1 12; do
        three_quarters
        arms_of_240
        cat > w/plans/trial.yaml << 'Y'
plan: trial
use_case: help
design: {kind: randomised, unit: item}
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: time_to_complete, improve_by: 10%}
guardrails: [{metric: quality_score, allow: 2pp}]
Y
        imports assignments arms.csv
        succeeds report 2026Q3 --publish
        python3 - $people << 'P'
import csv, sys
values = list(csv.reader(open("values.csv")))
people = int(sys.argv[1])
wanted = {f"T{person}-8-{n}" for person in range(people) for n in range(1 if people == 1 else 4)}
csv.writer(open("corrections.csv", "w")).writerows(
    [values[0]] + [[name, measure, when, round(float(value) / 2, 3)] for name, measure, when, value in values[1:] if name in wanted])
P
        imports measures corrections.csv
        succeeds report 2026Q3 --publish --again
        python3 - $people << 'P'
import sys
from reader import *
def guardrail(name):
    row, = [row for row in rows(name) if row["plan"]]
    return (row["guardrails"] or [{}])[0].get("effect"), row
(then, first), (now, second) = guardrail("2026Q3"), guardrail("2026Q3-2")
assert then is not None
if sys.argv[1] == "1":
    # The difference, times the items of the arm, is what one person's value fell by.
    assert now is None, f"one value fell by {abs(now - then) * first['comparison']['arms'][0]['items']:.3f}, or so"
    assert ("comparison of time_to_complete, help", subtraction("2026Q3")) in withheld("2026Q3-2")
else:
    assert now != then and second["comparison"]["effect"] == first["comparison"]["effect"]
P
    done
}

# Twenty people in the first half year, twelve items of each a month, but in April five people only.
few_in_april() {
    python3 - << 'P'
import csv, datetime, random
draw = random.Random(4)
items = ["item_id,use_case,worker,team,opened_at,started_at,closed_at,state".split(",")]
values = ["item_id,name,occurred_at,value".split(",")]
for month in range(1, 8):
    for person in range(5 if month == 4 else 20):
        for n in range(12):
            start = datetime.datetime(2026, month, 1) + datetime.timedelta(days=draw.randrange(27), minutes=500 + draw.randrange(300))
            end = start + datetime.timedelta(minutes=draw.randrange(20, 300))
            items.append([f"T{person}-{month}-{n}", "help", f"p{person}", "team0", start, start, end, "done"])
            values.append([f"T{person}-{month}-{n}", "quality", end, 0.123 if month == 4 else round(draw.random(), 3)])
items.append(["last", "other", "p1", "team0", "2026-10-20 08:00", "2026-10-20 08:00", "2026-10-20 09:00", "done"])
csv.writer(open("months.csv", "w")).writerows(items)
csv.writer(open("months_values.csv", "w")).writerows(values)
P
    imports items months.csv
    imports measures months_values.csv
    cat > reader.py << 'P'
import json
# Of each number of days that any report shows: its items and their sum.
def days(*names):
    out = {}
    for name in names:
        document = json.load(open(f"w/reports/{name}.json"))
        period, against = document["period"], document["period"]["against"]
        for row in document["rows"]:
            for of in [row, *row["also"]]:
                change = of["change"]
                if of["metric"]["name"] != "quality_score" or change.get("items_now") is None:
                    continue
                for which, span in ("before", against), ("now", period):
                    out[span["from"], span["to"]] = change[f"items_{which}"], change[f"items_{which}"] * change[which]
    return out
# Whatever of April can be had by adding and subtracting.
def april(*names):
    known = days(*names)
    while True:
        more = dict(known)
        for (a, b), one in known.items():
            for (c, d), other in known.items():
                if a == c and d < b:
                    more[d, b] = one[0] - other[0], one[1] - other[1]
                if b == d and a < c:
                    more[a, c] = one[0] - other[0], one[1] - other[1]
                if b == c:
                    more[a, d] = one[0] + other[0], one[1] + other[1]
        if more.keys() == known.keys():
            return known.get(("2026-04-01", "2026-05-01"))
        known = more
def withheld(name):
    return [entry["why"] for entry in json.load(open(f"w/reports/{name}.json"))["withheld"] if "change of quality_score" in entry["what"]]
P
}

@test "what a quarter less its months leaves is of enough people, in whichever order they come" {
    may="report --from 2026-05-01 --to 2026-05-31 --against 2026Q1 --publish"
    june="report --from 2026-06-01 --to 2026-06-30 --against 2026Q1 --publish"
    quarter="report 2026Q2 --publish"
    for order in "may june quarter" "quarter may june" "june quarter may"; do
        rm -rf w
        assay init w > /dev/null
        few_in_april
        for name in $order; do succeeds ${!name}; done
        python3 - "$order" << 'P'
import sys
from reader import *
names = {"may": "2026-05-01_2026-05-31", "june": "2026-06-01_2026-06-30", "quarter": "2026Q2"}
got = april(*names.values())
assert got is None, f"{sys.argv[1]}: the {got[0]} items of five people in April have the mean {got[1] / got[0]:.3f}"
order = [names[name] for name in sys.argv[1].split()]
# The last of the three, and it alone.
assert [bool(withheld(name)) for name in order] == [False, False, True], [withheld(name) for name in order]
assert "with others, by subtraction" in withheld(order[-1])[0]
P
    done
}

@test "months of many people and their quarter are all told" {
    three_quarters
    for month in 04 05 06; do
        succeeds report --from 2026-$month-01 --to 2026-$month-28 --publish
    done
    succeeds report 2026Q2 --publish
    python3 - << 'P'
import glob, json
for name in glob.glob("w/reports/*.json"):
    document = json.load(open(name))
    assert [entry for entry in document["withheld"] if "help" in entry["what"]] == [], (name, document["withheld"])
P
}
