#!/usr/bin/env bats
# Plans over nearly the same items: no two numbers of a document tell, by subtraction, of few people.

load import_helpers.bash

# desk SEED: a workspace with near plans, and its documents
desk() {
    python3 "$SOURCE/tests/cli/near_plans.py" make "$1" "$1"
    cp -a w "$1/w"
    cp "$1"/plans/*.yaml "$1/w/plans/"
    cd "$1"
    imports items tickets.csv --set use_case=help --map attr.kind=kind
    for table in usage measures; do imports $table $table.csv; done
    [ "$(grep -c "" assignments.csv)" -eq 1 ] || imports assignments assignments.csv
    for format in json csv; do
        assay compare --all --format $format > all.$format || [ $? -eq 1 ]
        assay report --from 2026-07-01 --to 2026-09-30 --format $format > report.$format || [ $? -eq 1 ]
    done
    for plan in one two three; do
        [ ! -e w/plans/$plan.yaml ] || assay compare $plan --format json > plan-$plan.json || [ $? -eq 1 ]
    done
    cd ..
}

@test "of plans over nearly the same items no two counts, in all or of an arm, differ by few people" {
    counts=0
    for seed in 2 6 7 10; do
        desk $seed
        for document in $seed/all.* $seed/report.* $seed/plan-*.json; do
            known=$(python3 "$SOURCE/tests/cli/near_plans.py" attack $seed $document)
            counts=$((counts + ${known%% *}))
        done
    done
    [ "$counts" -gt 60 ] || { echo "only $counts counts to attack"; false; }
}

@test "the attack finds what would be shown of few people if nothing were withheld" {
    # Own data withhold nothing; all else is as in the test above.
    sed -i 's/^own_data: .*/own_data: true/; s/^min_group: .*/min_group: 1/' w/assay.yaml
    desk 6
    for document in all.json all.csv report.json report.csv; do
        run python3 "$SOURCE/tests/cli/near_plans.py" attack 6 6/$document
        [ "$status" -eq 1 ]
        says "people make"
    done
}

@test "no check tells how many items of few people have no outcome" {
    # Nine people; of seven, half of the items with AI were never rated. What else counts these is taken out.
    python3 - <<'P'
import random
draw = random.Random(3)
items, rated, arms = [], [], []
for person in range(9):
    for i in range(30):
        name, day, arm = f"{person}/{i}", f"2026-0{7 + i % 3}-{1 + i % 28:02}", ("no_ai", "ai")[i % 2]
        items.append(f"{name},w{person},{day} 08:00:00,{day} 09:00:00")
        arms.append(f"trial,item,{name},{arm},0.5")
        if arm == "no_ai" or person >= 7 or i % 4 == 3:
            rated.append(f"{name},quality,{draw.random():.3f}")
items.append("late,w8,2026-10-20 08:00:00,2026-10-20 09:00:00")
for name, header, lines in (("items", "item_id,worker,opened_at,closed_at", items),
                            ("measures", "item_id,name,value", rated),
                            ("assignments", "plan,unit_kind,unit,arm,probability", arms)):
    open(name + ".csv", "w").write("\n".join([header, *lines, ""]))
P
    imports items items.csv --set use_case=help
    for table in measures assignments; do imports $table $table.csv; done
    cat > w/plans/trial.yaml <<'Y'
plan: trial
use_case: help
design: {kind: randomised, unit: item, probability: 0.5}
period: {from: 2026-07-01, to: 2026-09-30}
primary: {metric: quality_score, improve_by: 2pp}
Y
    for command in "compare trial" "compare --all" "report --from 2026-07-01 --to 2026-09-30"; do
        assay $command --format json > told.json || [ $? -eq 1 ]
        python3 - <<'P'
import json
row = json.load(open("told.json"))["rows"][0]
assert row["items"] is None and row["comparison"]["excluded"]["missing"] is None
check = next(check for check in row["checks"] if check["check"] == "missing_outcomes")
assert check["state"] == "failed" and check["p"] is None, check
assert not any(letter.isdigit() for letter in check["sentence"]), check
P
    done
}
