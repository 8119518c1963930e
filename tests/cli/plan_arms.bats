#!/usr/bin/env bats
# Plans of more than two arms: each other beside the baseline, all of them judged together.

load import_helpers.bash
load plan_helpers.bash

# a_plan ARMS FROM TO [LINE]: by worker, of the measure score
a_plan() {
    cat > w/metrics/score.yaml << 'Y'
metric: score
label: Score
kind: mean
value: score
unit: points
better: higher
material: "1"
measures: [score]
Y
    cat > w/plans/desk.yaml << Y
plan: desk
use_case: support.billing
design: {kind: randomised, unit: ${UNIT:-worker}}
arms: [$1]
period: {from: $2, to: $3}
primary: {metric: score, improve_by: 2}
${4:-}
Y
}

# The items of tests/oracle/arms.csv, a day after the other, with the arms of their workers.
oracle_items() {
    python3 - "$SOURCE/tests/oracle/arms.csv" << 'P'
import csv, datetime, sys
with open("items.csv", "w") as items, open("measures.csv", "w") as measures, open("trial.csv", "w") as trial:
    print("item_id,use_case,worker,team,size,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    print("plan,unit_kind,unit,arm,probability", file=trial)
    arms = {}
    for n, row in enumerate(csv.DictReader(open(sys.argv[1]))):
        start = datetime.datetime(2026, 7, 1, 8) + datetime.timedelta(days=n % 90)
        end = start + datetime.timedelta(hours=3)
        print(f"T{n},support.billing,{row['worker']},desk,{row['size']},{start},{end},done", file=items)
        print(f"T{n},score,{end},{row['score']}", file=measures)
        arms[row["worker"]] = row["arm"]
    for worker, arm in arms.items():
        print(f"desk,worker,{worker},{arm},0.25", file=trial)
    print("last,other,nobody,desk,1,2026-11-01 08:00:00,2026-11-01 09:00:00,done", file=items)
P
    imports_together items=items.csv measures=measures.csv assignments=trial.csv
}

# as_oracle KEY: answer.json is what R says
as_oracle() {
    python3 - "$SOURCE/tests/oracle/arms.json" "$1" << 'P'
import json, math, sys
want = json.load(open(sys.argv[1]))[sys.argv[2]]
answer = json.load(open("answer.json"))
together = answer["judged_together"]
assert together["plans"] == 3 and together["selected"] == want["selected"], together
assert math.isclose(together["level"], want["level"], rel_tol=1e-9), together
assert len(answer["rows"]) == 3
for row in answer["rows"]:
    arm, got = row["plan"]["arm"], row["comparison"]
    r = want["arms"].pop(arm)
    assert [a["arm"] for a in got["arms"]] == ["no_ai", arm]
    pairs = [(got["effect"], r["effect"]), (got["df"], r["df"]), (got["p"], r["p"]),
             (got["level"], want["level"]), *zip(got["interval"], r["interval"])]
    for mine, theirs in pairs:
        assert math.isclose(mine, theirs, rel_tol=1e-8), (arm, mine, theirs)
    assert got["selected"] == (r["interval"][0] > 0 or r["interval"][1] < 0)
    [ratio] = [c for c in row["checks"] if c["check"] == "sample_ratio"]
    assert ratio["state"] == "passed" and ratio["p"] == 1, ratio
assert not want["arms"]
P
}

@test "each other arm is told beside the baseline as R tells the pair, and all at one level" {
    rm -rf w
    "$ASSAY" init w --own-data > /dev/null
    oracle_items
    a_plan "no_ai, drafts, search, agent" 2026-07-01 2026-09-30
    compares desk
    as_oracle plain
    a_plan "no_ai, drafts, search, agent" 2026-07-01 2026-09-30 "adjust_for: [ln(size)]"
    compares desk
    as_oracle adjusted
    succeeds compare desk
    says "Judged together, 1 of 3 are selected (98.3 % intervals"
    says "98.33 % interval, judged with the other arms"
    says "search beside no_ai"
}

@test "arms that are too many, alike, or of another design are refused where they stand" {
    a_plan "no_ai, drafts, agent" 2026-07-01 2026-09-30
    succeeds plan check desk
    says "compares    drafts, agent with no_ai in support.billing, randomised"
    for design in "switchback, unit: team, block: 1w, washout: 1d" "staggered, unit: team" \
        "encouragement, unit: worker" "before_after, date: 2026-08-01"; do
        sed -i "s/^design.*/design: {kind: $design}/" w/plans/desk.yaml
        is_wrong "plans/desk.yaml:4:23: arms: a plan of the design ${design%%,*} compares two arms; more are drawn with"
    done
    a_plan "no_ai, drafts, drafts" 2026-07-01 2026-09-30
    is_wrong 'plans/desk.yaml:4:23: arms: two arms are "drafts"'
    a_plan "a, b, c, d, e, f, g, h, i" 2026-07-01 2026-09-30
    is_wrong "plans/desk.yaml:4:32: arms: a plan has at most 8 arms"
    a_plan "no_ai, drafts, agent" 2026-07-01 2026-09-30
    sed -i 's/unit: worker/&, probability: 0.3/' w/plans/desk.yaml
    is_wrong "plans/desk.yaml:3:55: probability: of more than two arms each has an equal share; leave it out"
    a_plan "no_ai, drafts, agent" 2026-07-01 2026-09-30 "looks: anytime
items: 400"
    is_wrong "plans/desk.yaml:7:8: looks: effects of several arms are judged together once"
}

# Days around today, in which units are drawn. upcoming ARMS [LINE]
upcoming() {
    a_plan "$1" "$(date -d '+1 day' +%F)" "$(date -d '+30 days' +%F)" "${2:-}"
}

@test "units are drawn into all arms by the recipe: each block has as many of every arm, in each stratum" {
    for arms in "a, b, c" "a, b, c, d" "a, b, c, d, e, f, g"; do
        count=$(awk -F, '{ print NF }' <<< "$arms")
        size=$((count < 4 ? 2 * count : count))
        rm -rf w
        "$ASSAY" init w > /dev/null
        UNIT=item upcoming "$arms"
        sed -i 's/unit: item/&, strata: [team]/' w/plans/desk.yaml
        assay plan lock desk > /dev/null
        { echo item,team; for i in $(seq 1 $((5 * size + 2))); do printf 'N%d,north\nS%d,south\n' "$i" "$i"; done; } > units.csv
        succeeds assign desk --from units.csv
        stored "select unit, ascii(arm) - ascii('a'), probability from assignment where plan = 'desk' order by unit" > got
        awk 'NR > 1' units.csv | awk -F, '{ printf "%s\titems:%s\n", $2, $1 }' |
            python3 "$SOURCE/tests/cli/draw.py" equal w/secret.key desk "$count" | sort > wanted
        cut -f 1,2 got | sort | diff wanted -
        # Of five whole blocks and two places more: 5 blocks' worth of each arm, and at most one block's more.
        stored "select min(n), max(n), sum(n) from (select count(*) as n from assignment group by arm, unit[7:7])" > balance
        IFS=$'\t' read -r least most all < balance
        each=$((5 * size / count))
        [ "$least" -ge "$each" ] && [ "$most" -le $((each + size / count)) ] && [ "$all" -eq $((2 * (5 * size + 2))) ]
        cut -f 3 got | sort -u | awk -v k="$count" '{ d = $1 - 1 / k; exit !(d * d < 1e-12) }'
        succeeds assign desk --from units.csv
        says "0 of them drawn for desk now; the others keep what they had"
        stored "select unit, ascii(arm) - ascii('a'), probability from assignment where plan = 'desk' order by unit" | diff got -
    done
}

@test "over many plans every unit has each arm as often as any other, by chi-squared" {
    python3 - "$SOURCE/tests/cli/draw.py" << 'P'
import collections, subprocess, sys
with open("key", "wb") as file:
    file.write(bytes(range(32)))
seen, first = collections.Counter(), collections.Counter()
for plan in range(400):
    lines = subprocess.run([sys.executable, sys.argv[1], "equal", "key", f"plan{plan}", "3"], text=True,
                           input="\tu1\n\tu2\n\tu3\n\tu4\n", capture_output=True, check=True).stdout.split("\n")
    for line in filter(None, lines):
        unit, arm = line.split("\t")
        seen[unit, arm] += 1
for unit in ("u1", "u2", "u3", "u4"):
    counts = [seen[unit, arm] for arm in "012"]
    assert sum((n - 400 / 3) ** 2 / (400 / 3) for n in counts) < 13.8, counts  # p .001, 2 df
P
}

# Drawn by assay, then worked on. desk_items EFFECTS [PER_PERSON]: a JSON map of what each arm does
desk_items() {
    python3 - "$1" << 'P'
import csv, datetime, json, random, sys
draw = random.Random(5)
arms = {row["unit"]: row["arm"] for row in csv.DictReader(open("assigned.csv"))}
effect = json.loads(sys.argv[1])
first = datetime.datetime.combine(datetime.date.today(), datetime.time(8)) + datetime.timedelta(days=1)
with open("items.csv", "w") as items, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    n = 0
    for person, arm in sorted(arms.items()):
        own = draw.gauss(50, 3)
        for now in (False, True):
            for _ in range(8):
                n += 1
                start = first + datetime.timedelta(days=draw.randrange(30) - (0 if now else 30), minutes=draw.randrange(300))
                end = start + datetime.timedelta(hours=2)
                print(f"T{n},support.billing,{person},team{n % 2},{start},{end},done", file=items)
                print(f"T{n},score,{end},{own + draw.gauss(0, 4) + now * effect[arm]:.3f}", file=measures)
    late = first + datetime.timedelta(days=60)
    print(f"last,other,p1,team1,{late},{late},done", file=items)
P
    imports items items.csv
    imports measures measures.csv
}

@test "a plan of three arms goes the whole way, from its draft to a report that is published" {
    a_plan x 2026-01-01 2026-01-02
    rm w/plans/desk.yaml
    from=$(date -d '+1 day' +%F)
    to=$(date -d '+30 days' +%F)
    succeeds plan new desk --use-case support.billing --metric score --design randomised --unit worker \
        --arms no_ai,drafts,agent --improve-by 2 --from "$from" --to "$to"
    succeeds plan lock desk
    for i in $(seq 1 60); do echo "p$i"; done > people.txt
    assay assign desk --from people.txt --format csv > assigned.csv 2> /dev/null
    [ "$(cut -d, -f2 assigned.csv | sort | uniq -c | awk '{ printf "%s ", $1 }')" = "20 1 20 20 " ]
    desk_items '{"no_ai": 0, "drafts": 6, "agent": 0.3}'
    succeeds plan power desk
    says "of 3 arms each beside the baseline has 67 % of the plan's workers"
    says "at 97.5 % confidence"
    compares desk
    python3 - << 'P'
import json
answer = json.load(open("answer.json"))
rows = {row["plan"]["arm"]: row for row in answer["rows"]}
assert answer["judged_together"] == {"plans": 2, "selected": 1, "level": 0.975}
assert rows["drafts"]["verdict"]["word"] == "better" and rows["agent"]["verdict"]["word"] != "better"
for row in rows.values():
    # Items of the other arm are neither left out nor missing nor crossed over.
    assert not any(row["comparison"]["excluded"].values()), row["comparison"]["excluded"]
    assert [arm["workers"] for arm in row["comparison"]["arms"]] == [20, 20]
    assert all(check["state"] == "passed" for check in row["checks"])
P
    succeeds compare --all
    says "1 plan"
    says "agent beside no_ai"
    succeeds compare --all --format csv
    [ "$(grep -c ',comparison,randomised,no_ai,.*,\(drafts\|agent\),' <<< "$output")" -eq 2 ]
    succeeds methods desk --format markdown
    says 'each is in one of 3 arms with equal probability'
    says 'the arm `drafts`, and the arm `agent`, each beside `no_ai`, the baseline'
    says '`no_ai` 160 items of 20 people, `drafts` 160 items of 20 people, `agent` 160 items of 20 people'
    succeeds report --from "$from" --to "$to" --publish
    says "drafts beside no_ai"
    name=$(basename w/reports/*.json .json)
    succeeds report --from "$from" --to "$to" --compare-with "$name"
    says "2 of 2 words held"
}

@test "an early look at several arms is one line of the registry" {
    upcoming "no_ai, drafts, agent"
    assay plan lock desk > /dev/null
    for i in $(seq 1 60); do echo "p$i"; done > people.txt
    assay assign desk --from people.txt --format csv > assigned.csv 2> /dev/null
    desk_items '{"no_ai": 0, "drafts": 6, "agent": 0.3}'
    head -n -1 items.csv > early.csv
    rm -rf again && cp -a w again
    "$RUN_SQL" w/assay.duckdb "delete from item where use_case = 'other'" > /dev/null
    sed "s/$(date -d '+30 days' +%F)/$(date -d '+50 days' +%F)/" w/plans/desk.yaml > longer.yaml
    cp longer.yaml w/plans/desk.yaml
    assay plan amend desk --reason longer > /dev/null
    succeeds compare desk --early
    [ "$(grep -c '"kind":"look"' w/registry.jsonl)" -eq 1 ]
    succeeds compare desk --early
    [ "$(grep -c '"kind":"look"' w/registry.jsonl)" -eq 1 ]
}

# small_arm PEOPLE [OTHERS]: the fourth arm has so many people, the others 20 each, or so many; before,
# in and after the plan's period.
small_arm() {
    python3 - "$1" "${2:-20}" << 'P'
import datetime, random, sys
draw = random.Random(8)
few, many = int(sys.argv[1]), int(sys.argv[2])
with open("items.csv", "w") as items, open("measures.csv", "w") as measures, open("trial.csv", "w") as trial:
    print("item_id,use_case,worker,team,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    print("plan,unit_kind,unit,arm,probability", file=trial)
    n = 0
    for arm, people in ("no_ai", many), ("drafts", many), ("search", many), ("agent", few):
        for p in range(people):
            print(f"desk,worker,{arm}{p},{arm},{people / (3 * many + few)}", file=trial)
            for quarter in (4, 7, 10):
                for _ in range(6):
                    n += 1
                    start = datetime.datetime(2026, quarter, 2, 8) + datetime.timedelta(days=draw.randrange(85))
                    print(f"T{n},support.billing,{arm}{p},desk,{start},{start + datetime.timedelta(minutes=draw.randrange(30, 300))},done", file=items)
                    print(f"T{n},score,{start},{draw.gauss(50, 5) + 4 * (arm == 'drafts') * (quarter == 7):.3f}", file=measures)
    print("last,other,x,desk,2027-02-01 08:00:00,2027-02-01 09:00:00,done", file=items)
P
    imports_together items=items.csv measures=measures.csv assignments=trial.csv
    a_plan "no_ai, drafts, search, agent" 2026-07-01 2026-09-30
}

@test "an arm of few people is withheld, and nothing that the others leave over tells of it" {
    small_arm 3
    for question in "compare desk" "compare --all" "report 2026Q3"; do
        # shellcheck disable=SC2086
        succeeds $question --format json
        printf '%s\n' "$output" > answer.json
        python3 - << 'P'
import json
answer = json.load(open("answer.json"))
rows = {row["plan"]["arm"]: row for row in answer["rows"]}
assert rows["agent"]["comparison"].get("withheld") and not rows["agent"]["checks"], rows["agent"]
for arm in "drafts", "search":
    assert rows[arm]["comparison"]["effect"] is not None
for row in rows.values():
    # The whole less the arms that are shown would be the three.
    assert row["change"].get("withheld"), row["change"]
    assert row["items"] is None and row["workers"] is None
    assert all(check["p"] is None for check in row["checks"] if check["check"] == "sample_ratio")
assert "agent" in " ".join(entry["what"] for entry in answer["withheld"] if "comparison" in entry["what"])
assert answer["judged_together"] is None or answer["judged_together"]["plans"] == 2
P
    done
    # In the next quarter it is the time before.
    succeeds report 2026Q4 --format json
    printf '%s\n' "$output" > answer.json
    python3 -c 'import json
[row] = json.load(open("answer.json"))["rows"]
assert row["change"].get("withheld") or row["change"]["items_before"] is None, row["change"]'
    # The same with an arm of enough people tells all of it.
    rm -rf w && "$ASSAY" init w > /dev/null
    small_arm 10
    succeeds report 2026Q3 --format json
    printf '%s\n' "$output" > answer.json
    python3 - << 'P'
import json
answer = json.load(open("answer.json"))
assert answer["judged_together"]["plans"] == 3
for row in answer["rows"]:
    assert row["comparison"]["effect"] is not None and row["change"]["word"] is not None
    assert row["items"] == 420 and row["workers"] == 70
P
    succeeds report 2026Q4 --format json
    printf '%s\n' "$output" > answer.json
    python3 -c 'import json
[row] = json.load(open("answer.json"))["rows"]
assert row["change"]["items_before"] == 420, row["change"]'
    # A stray ticket that nobody drew is in no change, so that the arms and the change both stay.
    { head -n 1 items.csv; echo S1,support.billing,stray,desk,2026-08-03,2026-08-04,done; } > stray.csv
    printf 'item_id,name,occurred_at,value\nS1,score,2026-08-04,50\n' > score.csv
    imports_together items=stray.csv measures=score.csv
    succeeds report 2026Q3 --format json
    printf '%s\n' "$output" > answer.json
    python3 -c 'import json
for row in json.load(open("answer.json"))["rows"]:
    assert row["comparison"]["effect"] is not None
    assert row["change"]["items_now"] == 420 and row["change"]["assigned_only"], row["change"]
    assert row["items"] is None'
}

@test "an arm from which units were lost fails the draw of all arms" {
    small_arm 30 30
    python3 - << 'P'
lines = open("trial.csv").read().split("\n")
kept = [line for line in lines if not (",search" in line and int(line.split(",")[2][6:]) >= 6)]
kept = [line.rsplit(",", 1)[0] + ",0.25" if line.startswith("desk") else line for line in kept]
open("lost.csv", "w").write("\n".join(kept))
P
    rm -rf w && "$ASSAY" init w --own-data > /dev/null
    imports_together items=items.csv measures=measures.csv assignments=lost.csv
    a_plan "no_ai, drafts, search, agent" 2026-07-01 2026-09-30
    compares desk
    python3 - "$SOURCE/tests/oracle/arms.json" << 'P'
import json, math, sys
want = json.load(open(sys.argv[1]))["draw"]
for row in json.load(open("answer.json"))["rows"]:
    [ratio] = [c for c in row["checks"] if c["check"] == "sample_ratio"]
    assert ratio["state"] == "failed" and math.isclose(ratio["p"], want, rel_tol=1e-8), ratio
    assert row["verdict"]["reason"] == "check"
P
}
