#!/usr/bin/env bats
# Effects by group that a plan names before its items: the key by.

load import_helpers.bash
load plan_helpers.bash

# 40 people and their tickets of three kinds, assigned by item: those of "new" are sooner done with AI.
# One ticket each of 18 people is of size 9, three of each kind and arm.
desk() {
    python3 - <<'P'
import datetime, random
draw = random.Random(11)
kinds = ["call", "mail", "new"]
items, arms = [], []
def add(name, person, kind, arm, size):
    start = datetime.datetime(2026, 7, 2, 8) + datetime.timedelta(days=draw.randrange(88), minutes=draw.randrange(400))
    minutes = draw.lognormvariate(5, 0.5) * (0.4 if kind == "new" and arm == "ai" else 1)
    end = start + datetime.timedelta(minutes=round(minutes))
    items.append(f"{name},w{person},team{person % 2},{start},{end},{kind},{size}")
    for plan in ("wide", "narrow"):
        arms.append(f"{plan},item,{name},{arm},0.5")
for person in range(40):
    for i in range(24):
        add(f"{person}/{i}", person, kinds[i % 3], ("no_ai", "ai")[i // 3 % 2], 1)
for odd in range(18):
    add(f"odd/{odd}", odd, kinds[odd % 3], ("no_ai", "ai")[odd // 3 % 2], 9)
items.append("late,w1,team1,2026-11-10 08:00:00,2026-11-10 09:00:00,call,1")
open("items.csv", "w").write("\n".join(["item_id,worker,team,opened_at,closed_at,kind,size", *items, ""]))
open("assignments.csv", "w").write("\n".join(["plan,unit_kind,unit,arm,probability", *arms, ""]))
P
    imports items items.csv --set use_case=help --map attr.kind=kind
    imports assignments assignments.csv
}

# plan NAME LINE...: the rest of it
plan() {
    {
        printf 'plan: %s\nuse_case: help\ndesign: {kind: randomised, unit: item, probability: 0.5}\n' "$1"
        printf 'period: {from: 2026-07-01, to: 2026-09-30}\nprimary: {metric: cycle_time, improve_by: 10%%}\n'
        printf '%s\n' "${@:2}"
    } >"w/plans/$1.yaml"
}

@test "groups that the plan names stand under its row in every answer, others are not planned" {
    desk
    plan wide "by: [attr('kind'), team]"
    run assay plan check wide
    says "by group    attr('kind')"
    assay plan lock wide >/dev/null
    grep -q "by: \[attr('kind'), team\]" w/registry.jsonl
    compares wide --by "case when attr('kind') = 'new' then 'x' else 'y' end"
    python3 - <<'P'
import json
by = json.load(open("answer.json"))["rows"][0]["comparison"]["by"]
assert [(one["by"], one["planned"]) for one in by[:2]] == [("attr('kind')", True), ("team", True)], by
assert len(by) == 3 and not by[2]["planned"], by
cells = {cell["cell"]: cell for cell in by[0]["cells"]}
assert set(cells) == {"call", "mail", "new"} and cells["new"]["different"], cells
assert cells["new"]["effect"] < -0.5 < cells["call"]["effect"], cells
P
    compares wide --by "attr('kind')" # named already
    [ "$(field comparison.by | grep -o "'by':" | wc -l)" -eq 2 ]
    run assay compare wide --by size
    says "By attr('kind') (named by the plan):"
    says "By size (not planned)"
    run assay report 2026Q3
    says "by attr('kind') (named by the plan): call "
    run assay report 2026Q3 --format markdown
    says "By attr('kind') (named by the plan): call "
    run assay compare wide --format csv
    [[ "$output" == *"help,cycle_time,by,attr('kind'),new,"*named_by_plan* ]]
    run assay methods wide
    says "Effects by group. Named by the plan: attr('kind'), team."
    run assay compare 2026Q3 --metric cycle_time --by team
    says "By team (not planned):"
    # What the lock covers.
    sed -i 's/, team\]/]/' w/plans/wide.yaml
    run assay compare wide
    [ "$status" -eq 2 ]
    says "amend"
}

@test "formulas that no plan may name are refused at their line and column" {
    desk
    refused() {
        run assay plan check wide
        [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
        says "plans/wide.yaml:$1"
    }
    plan wide "by: [worker]"
    refused "6:6: by: worker is not available here"
    plan wide "by: [team, model]"
    refused "6:12: by: model comes of the use of AI"
    plan wide "by: [team, team]"
    refused "6:12: by: the same stands before it already"
    plan wide "by: [nothing_like_it]"
    refused "6:6: by: there is no column"
    plan wide "by: team"
    refused "6:5: by: write a list of formulas"
    plan wide "by: [team, role, size, source, use_case]"
    refused "6:32: by: a plan has at most 4 of these"
    plan wide "by: [team]" "looks: anytime" "items: 400"
    refused "6:6: by: effects by group are told once"
    plan wide "by: [team]"
    sed -i 's/^design: .*/design: {kind: before_after, date: 2026-08-01}/' w/plans/wide.yaml
    refused "6:6: by: effects by group are told of arms side by side"
    sed -i '/^by:/d' w/plans/wide.yaml
    run assay compare wide --by team
    [ "$status" -eq 2 ]
    says "--by: effects by group are told of arms side by side"
}

@test "groups of two plans that differ by few people are not both shown" {
    desk
    plan wide "by: [attr('kind')]"
    plan narrow "by: [attr('kind')]" 'scope: {where: "size < 9"}'
    for command in "compare --all" "report 2026Q3"; do
        assay $command --format json >told.json || [ $? -eq 1 ]
        python3 - "$SOURCE/docs/report.schema.json" <<'P'
import json, jsonschema, sys
document = json.load(open("told.json"))
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(document)
rows = [row["comparison"] for row in document["rows"]]
# The arms differ by nine people each, a kind's arms by three.
assert all(row["effect"] is not None for row in rows) and len(rows) == 2, rows
first, second = sorted((row["by"][0] for row in rows), key=lambda by: "reason" in by)
assert len(first["cells"]) == 3 and first["cells"][0]["items"], first
assert second["reason"] == "a small group could be had from it by subtraction", second
assert any("groups of cycle_time" in entry["what"] for entry in document["withheld"]), document["withheld"]
P
        for format in text markdown csv; do
            assay $command --format $format >told.$format || [ $? -eq 1 ]
            [ "$(grep -cE "named by the plan|named_by_plan" told.$format)" -gt 0 ]
        done
        [ "$(grep -c ",by,attr('kind'),new," told.csv)" -eq 1 ]
    done
    # Two formulas of one plan are held against each other alike.
    plan wide "by: [attr('kind'), \"case when size = 9 and attr('kind') = 'new' then 'call' else attr('kind') end\"]"
    compares wide
    [ "$(field comparison.by.1.reason)" = "a small group could be had from it by subtraction" ]
}
