#!/usr/bin/env bats
# Plans like with like of more than two arms: tools or models as found, each beside the baseline. A pair
# is what R and a plan of its two arms say (tests/oracle/found_arms.R).

load import_helpers.bash
load plan_helpers.bash

# a_plan ARMS [NAME] [CELLS]
a_plan() {
    a_score
    local name="${2:-desk}"
    cat > "w/plans/$name.yaml" << Y
plan: $name
use_case: support.billing
design: {kind: like_with_like, cells: [${3:-"attr('kind')"}]}
arms: [$1]
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: score, improve_by: 2}
Y
}

# The items of tests/oracle/found_arms.csv, a day after the other: the first call two minutes after the
# start, another two minutes later.
oracle_items() {
    python3 - "$SOURCE/tests/oracle/found_arms.csv" << 'P'
import csv, datetime, sys
with open("items.csv", "w") as items, open("measures.csv", "w") as measures, open("usage.csv", "w") as usage:
    print("item_id,use_case,worker,team,opened_at,closed_at,state,kind", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    print("usage_id,occurred_at,worker,tool,model,item_id,status", file=usage)
    for n, row in enumerate(csv.DictReader(open(sys.argv[1]))):
        start = datetime.datetime(2026, 7, 1, 8) + datetime.timedelta(days=n % 90)
        end = start + datetime.timedelta(hours=3)
        print(f"T{n},support.billing,{row['worker']},desk,{start},{end},done,{row['kind']}", file=items)
        print(f"T{n},score,{end},{row['score']}", file=measures)
        for i, key in enumerate(("first", "second")):
            if row[key] != "none":
                when = start + datetime.timedelta(minutes=2 + 2 * i)
                print(f"u{n}{i},{when},{row['worker']},t{row[key]},{row[key]},T{n},ok", file=usage)
    for i, when in enumerate(("2026-06-01 08:00:00", "2026-11-02 08:00:00")):
        print(f"e{i},{when},w01,ta,a,,ok", file=usage)
    print("last,other,nobody,desk,2026-11-01 08:00:00,2026-11-01 09:00:00,done,mail", file=items)
P
    imports items items.csv --map attr.kind=kind
    imports measures measures.csv
    imports usage usage.csv
}

# as_oracle KEY: answer.json is what R says
as_oracle() {
    python3 - "$SOURCE/tests/oracle/found_arms.json" "$1" << 'P'
import json, math, os, sys
sys.path.insert(0, os.environ["SOURCE"] + "/examples")
from replicate import student_quantile
want = json.load(open(sys.argv[1]))[sys.argv[2]]
answer = json.load(open("answer.json"))
together = answer["judged_together"]
plans = len(want)
near = lambda a, b: math.isclose(a, b, rel_tol=1e-8)
assert together["plans"] == plans and together["selected"] == 0 and near(together["level"], 1 - .05 / plans), together
assert len(answer["rows"]) == plans
for row in answer["rows"]:
    name, got = row["plan"]["arm"].split("=")[1], row["comparison"]
    r = want.pop(name)
    assert got["design"] == "like_with_like" and got["arms_from"] == row["plan"]["arm"].split("=")[0]
    assert [a["arm"] for a in got["arms"]] == ["no_ai" if sys.argv[2] == "beside_none" else "a", name], got["arms"]
    assert [a["items"] for a in got["arms"]] == r["items"] and [a["workers"] for a in got["arms"]] == r["workers"]
    assert near(got["naive"]["effect"], r["naive"]) and near(got["effect"], r["effect"]), (got["effect"], r)
    assert got["excluded"]["unmatched"] == r["unmatched"] and got["clusters"] == r["clusters"]
    half = (got["interval"][1] - got["interval"][0]) / 2
    assert near(half / student_quantile(got["df"], 1 - (1 - got["level"]) / 2), r["error"]), (half, r)
    # Of the plan's other arms nothing is unclear; of the model that it does not name, all is.
    import csv
    unnamed = sum(i["first"] not in ("none", "a", "b", "c") for i in csv.DictReader(open(os.environ["SOURCE"] + "/tests/oracle/found_arms.csv")))
    none = sum(i["first"] == "none" for i in csv.DictReader(open(os.environ["SOURCE"] + "/tests/oracle/found_arms.csv")))
    assert got["excluded"]["unclear"] == unnamed + (0 if sys.argv[2] == "beside_none" else none), got["excluded"]
    # Longer work meets more calls, so that nothing is concluded beside work without any.
    if sys.argv[2] == "beside_none":
        assert row["verdict"]["reason"] == "as_found" and row["verdict"]["leaning"] is None, row["verdict"]
assert not want
P
}

@test "each model is told beside the baseline as R tells the pair, and all at one level" {
    oracle_items
    a_plan "no_ai, model=a, model=b, model=c"
    compares desk
    as_oracle beside_none
    a_plan "no_ai, tool=ta, tool=tb, tool=tc"
    compares desk
    sed -i 's/"t\([abc]\)"/"\1"/; s/tool=t/tool=/' answer.json
    as_oracle beside_none
    succeeds compare desk
    says "tool=tb beside no_ai"
    says "Judged together, 0 of 3 are selected (98.3 % intervals"
    a_plan "model=a, model=b, model=c"
    compares desk
    as_oracle beside_a
}

@test "a pair says what a plan of its two arms says, but for the level and the items of the other arms" {
    oracle_items
    for baseline in no_ai model=a; do
        a_plan "$baseline, model=b, model=c"
        compares desk
        mv answer.json together.json
        for other in b c; do
            a_plan "$baseline, model=$other" alone
            compares alone
            python3 - "model=$other" << 'P'
import json, math, sys
[pair] = [row for row in json.load(open("together.json"))["rows"] if row["plan"]["arm"] == sys.argv[1]]
[alone] = json.load(open("answer.json"))["rows"]
assert pair["comparison"]["naive"]["effect"] == alone["comparison"]["naive"]["effect"]
for key in "arms", "effect", "df", "cells", "clusters", "errors":
    assert pair["comparison"].get(key) == alone["comparison"].get(key), key
hidden = [row["comparison"]["sensitivity"] for row in (pair, alone)]
assert hidden[0].keys() == hidden[1].keys()
assert all(hidden[0][key] == hidden[1][key] for key in ("strongest", "arm_r2", "outcome_r2")), hidden
assert pair["comparison"]["unadjusted"] == alone["comparison"]["interval"]
unclear = [row["comparison"]["excluded"]["unclear"] for row in (pair, alone)]
assert unclear[0] < unclear[1], unclear
assert pair["change"] == alone["change"] and pair["checks"] == alone["checks"]
P
        done
    done
}

# work OF_AI [EFFECT]: 30 people do easy and hard work; who knows which is hard takes model b for it, which
# is better by so much. OF_AI people have model c, for one item in six.
work() {
    python3 - "$1" "${2:-0}" << 'P'
import datetime, random, sys
draw = random.Random(3)
few, effect = int(sys.argv[1]), float(sys.argv[2])
with open("items.csv", "w") as items, open("measures.csv", "w") as measures, open("usage.csv", "w") as usage:
    print("item_id,use_case,worker,team,opened_at,closed_at,state,kind", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    print("usage_id,occurred_at,worker,tool,model,item_id,status", file=usage)
    n = 0
    for person in range(30):
        for i in range(48):
            n += 1
            hard = draw.random() < 0.5
            model = "c" if person < few and i % 6 == 0 else draw.choices("ab", (1, 3) if hard else (3, 1))[0]
            start = datetime.datetime(2026, 7 - 3 * (i % 2), 1, 8) + datetime.timedelta(days=draw.randrange(88))
            end = start + datetime.timedelta(hours=2)
            score = 50 - 12 * hard + effect * (model == "b") + draw.gauss(0, 2)
            print(f"T{n},support.billing,p{person},desk,{start},{end},done,{'hard' if hard else 'easy'}", file=items)
            print(f"T{n},score,{end},{score:.4f}", file=measures)
            print(f"u{n},{start},p{person},t,{model},T{n},ok", file=usage)
    for i, when in enumerate(("2026-03-01 08:00:00", "2026-11-02 08:00:00")):
        print(f"e{i},{when},p1,t,a,,ok", file=usage)
    print("last,other,nobody,desk,2026-11-01 08:00:00,2026-11-01 09:00:00,done,easy", file=items)
P
    imports items items.csv --map attr.kind=kind
    imports measures measures.csv
    imports usage usage.csv
}

@test "the verdict is that of arms as found, or of the numbers where no hidden difference would overturn them" {
    work 30 6
    a_plan "model=a, model=b, model=c"
    compares desk
    python3 - << 'P'
import json
answer = json.load(open("answer.json"))
rows = {row["plan"]["arm"]: row for row in answer["rows"]}
assert rows["model=b"]["verdict"]["word"] == "better", rows["model=b"]["verdict"]
assert rows["model=b"]["comparison"]["interval"][0] > 4
# What decides nothing counts among all, and never among those that differ.
[c] = [rows["model=c"]]
decides = c["verdict"]["reason"] != "as_found"
differs = c["comparison"]["interval"][0] > 0 or c["comparison"]["interval"][1] < 0
assert answer["judged_together"]["plans"] == 2
assert answer["judged_together"]["selected"] == 1 + (decides and differs), answer["judged_together"]
P
}

@test "a plan of three models goes the whole way, from its draft to a report that is published" {
    work 30 6
    a_score
    succeeds plan new desk --use-case support.billing --metric score --design like_with_like \
        --cells "attr('kind')" --arms model=a,model=b,model=c --improve-by 2 --from 2026-07-01 --to 2026-09-30
    succeeds plan check desk
    says "compares    model=b, model=c with model=a in support.billing, like_with_like"
    succeeds plan lock desk
    succeeds plan list
    says "desk"
    succeeds plan show desk --locked
    says "model=c"
    succeeds plan power desk
    says "of 3 arms each beside the baseline has 67 % of the plan's items"
    says "at 97.5 % confidence"
    succeeds compare --all --format csv
    [ "$(grep -c ',comparison,like_with_like,a,.*,[bc],' <<< "$output")" -eq 2 ] || { echo "$output"; false; }
    succeeds compare --all
    says "1 plan"
    says "model=b beside model=a"
    succeeds methods desk --format markdown
    says 'the arm `model=b`, and the arm `model=c`, each beside `model=a`, the baseline'
    says 'are judged together'
    succeeds report 2026Q3 --publish
    says "model=b beside model=a"
    name=$(basename w/reports/*.json .json)
    succeeds report 2026Q3 --compare-with "$name"
    says "2 of 2 words held"
    succeeds report 2026Q3 --publish --again
    says "model=b beside model=a"
}

@test "an arm of few people is withheld, and nothing that the others leave over tells of it" {
    for people in 3 12; do
        rm -rf w
        new_workspace w
        work "$people" 6
        for arms in "model=a, model=b, model=c" "no_ai, model=a, model=b, model=c"; do
            a_plan "$arms"
            for question in "compare desk" "compare --all" "report 2026Q3"; do
                # shellcheck disable=SC2086
                succeeds $question --format json || true
                printf '%s\n' "$output" > answer.json
                python3 - "$people" << 'P'
import json, sys
answer = json.load(open("answer.json"))
rows = {row["plan"]["arm"]: row for row in answer["rows"]}
few = int(sys.argv[1]) < 5
none = "no_ai" == answer["rows"][0]["plan"]["baseline"]
c = rows["model=c"]["comparison"]
if few or none:
    assert c["effect"] is None if "effect" in c else True, c
else:
    assert c["effect"] is not None and rows["model=b"]["comparison"]["effect"] is not None
for row in rows.values():
    change, comparison = row["change"], row["comparison"]
    # Of all the items some are of a, some of b, and what is left over would be the three people's.
    shown = comparison.get("effect") is not None
    if few and shown:
        assert change.get("withheld"), change
        assert row["items"] is None and row["workers"] is None
P
            done
        done
    done
}

@test "arms that are too many, of two kinds, or of another design are refused where they stand" {
    printf 'item_id,name,value\nT1,score,1\n' > measures.csv
    imports measures measures.csv
    place="plans/desk.yaml:4:7: arms: as found, arms are [no_ai, ai] or, by marks, [unmarked, marked], or tools or models"
    for arms in "no_ai, drafts, agent" "no_ai, ai, model=a" "no_ai, tool=a, model=b" "model=a, no_ai, model=b" \
        "unmarked, marked, model=a" "no_ai, no_ai2, model=a"; do
        a_plan "$arms"
        is_wrong "$place"
    done
    a_plan "no_ai, model=a, model=b, model=b"
    is_wrong 'plans/desk.yaml:4:33: arms: two arms are "model=b"'
    a_plan "model=a, model=b, model=c, model=d, model=e, model=f, model=g, model=h, model=i"
    is_wrong "arms: a plan has at most 8 arms"
    a_plan "no_ai, model=a, model=b"
    for design in "switchback, unit: team, block: 1w, washout: 1d" "staggered, unit: team" \
        "encouragement, unit: worker" "before_after, date: 2026-08-01"; do
        sed -i "s/^design.*/design: {kind: $design}/" w/plans/desk.yaml
        is_wrong "plans/desk.yaml:4:24: arms: a plan of the design ${design%%,*} compares two arms; more are drawn with"
    done
    a_plan "no_ai, model=a, model=b"
    printf 'looks: anytime\nitems: 400\n' >> w/plans/desk.yaml
    is_wrong "plans/desk.yaml:7:8: looks: effects of several arms are judged together once"
    # What AI costs is nothing where there is none.
    a_plan "no_ai, model=a, model=b"
    sed -i 's/metric: score, improve_by: 2/metric: cost_per_completed, improve_by: 10%/' w/plans/desk.yaml
    run assay plan check desk
    echo "$output"
    [ "$status" -eq 2 ]
}

@test "a model that no item was done with is said in its row, and the others are told" {
    oracle_items
    a_plan "no_ai, model=a, model=zeta"
    run assay compare desk
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
    says 'no item was done with a model "zeta"; the data name'
    says "model=a beside no_ai"
    a_plan "no_ai, model=zeta"
    has_no_answer desk 'no item was done with a model "zeta"'
}

@test "one model may be compared with work without AI by flags, too, and what was not asked is said" {
    oracle_items
    a_score
    compares --metric score --use-case support.billing --from 2026-07-01 --to 2026-09-30 --arms no_ai,model=b --like "attr('kind')"
    python3 - "$SOURCE/tests/oracle/found_arms.json" << 'P'
import json, math, sys
want = json.load(open(sys.argv[1]))["beside_none"]["b"]
[row] = json.load(open("answer.json"))["rows"]
assert math.isclose(row["comparison"]["effect"], want["effect"], rel_tol=1e-8)
assert "without AI" in row["sentence"] and "with b" in row["sentence"], row["sentence"]
assert row["without_ai"] is None
P
    asked=(compare --metric score --use-case support.billing --from 2026-07-01 --to 2026-09-30)
    for key in tool model; do
        run assay "${asked[@]}" --by "lower($key)"
        [ "$status" -eq 2 ]
        says "--by: the $key of an item tells arms apart, not groups"
        says "arms: [no_ai, $key=A, $key=B]"
    done
    run assay "${asked[@]}" --arms no_ai,model=a,model=b
    [ "$status" -eq 2 ]
    says "or all at once in a plan: arms: [A, B, C]"
    run assay "${asked[@]}" --arms no_ai,model=zeta
    [ "$status" -eq 2 ]
    says 'no item was done with a model "zeta"; the data name'
}

# Items of four kinds: a call of a, one of b, one that names no model and b later, and both at once.
@test "the first call alone says the model, and of two at one moment not the order of rows" {
    local order
    for order in forwards backwards; do
        rm -rf w && new_workspace w
        python3 - "$order" << 'P'
import datetime, sys
rows = []
with open("items.csv", "w") as items:
    print("item_id,use_case,worker,opened_at,closed_at,state", file=items)
    for n in range(400):
        start = datetime.datetime(2026, 7, 1, 8) + datetime.timedelta(hours=4 * n)
        print(f"T{n},support.billing,w{n % 20},{start},{start + datetime.timedelta(hours=3)},done", file=items)
        for i, (minute, model) in enumerate([[(5, "a")], [(5, "b")], [(5, ""), (60, "b")], [(5, "a"), (5, "b")]][n % 4]):
            rows.append(f"u{n}-{i},{start + datetime.timedelta(minutes=minute)},w{n % 20},{model},T{n},ok")
with open("usage.csv", "w") as usage:
    print("usage_id,occurred_at,worker,model,item_id,status", *rows[::1 if sys.argv[1] == "forwards" else -1], sep="\n", file=usage)
P
        imports items items.csv
        imports usage usage.csv
        assay status > /dev/null
        stored "select item_id, coalesce(model, 'none') from facts order by item_id" > "$order"
    done
    cmp forwards backwards
    [ "$(stored "select string_agg(distinct coalesce(model, 'none'), ' ') from facts where split_part(item_id, 'T', 2)::int % 4 = 2")" = none ]
    [ "$(stored "select string_agg(distinct model, ' ' order by model) from facts where split_part(item_id, 'T', 2)::int % 4 < 2")" = "a b" ]
    [ "$(stored "select count(*) from facts where model in ('a', 'b')")" -eq 300 ]
}
