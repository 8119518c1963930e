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

# Prints, runs and succeeds.
succeeds() {
    run assay "$@"
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
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
        grep -qF "Withheld: $what of time_to_complete, support.billing (a small group could be had from it and an earlier report by subtraction)" said
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
