# What the tests of plans' answers share.

# A field of the answer's first row, such as comparison.arms.0.items.
field() {
    python3 -c 'import json,sys
value = json.load(open("answer.json"))["rows"][0]
for part in sys.argv[1].split("."):
    value = value[int(part)] if part.isdigit() else value[part]
print(value)' "$1"
}

# Compares into answer.json, which has to be as its schema says.
compares() {
    run assay compare "$@" --format json
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
    printf '%s\n' "$output" > answer.json
    python3 -c 'import json, jsonschema, sys
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))' \
        "$SOURCE/docs/report.schema.json" answer.json
}

# check of the plan desk says where and why.
is_wrong() {
    run assay plan check desk
    [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
    says "$1"
}

# compare says no, and why.
has_no_answer() {
    run assay compare "$1"
    [ "$status" -eq 1 ] || { echo "exit $status: $output"; false; }
    says "$2"
}

# A metric of the measure `score`: a mean without a time to mature.
a_score() {
    cat > w/metrics/score.yaml << 'Y'
metric: score
label: Score
kind: mean
value: score
unit: points
better: higher
material: "1"
Y
}

# 1,200 tickets of 24 people, half of them given AI by item: closed after 100 minutes with AI, 200
# without, give or take; and a satisfaction that AI lowers by 0.2.
a_trial() {
    python3 - << 'P'
import random
draw = random.Random(7)
with open("items.csv", "w") as items, open("trial.csv", "w") as trial, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,size,opened_at,closed_at,state", file=items)
    print("plan,unit_kind,unit,arm,probability", file=trial)
    print("item_id,name,occurred_at,value", file=measures)
    for n in range(1200):
        ai = draw.random() < 0.5
        hour = n % 20
        day = 1 + n % 28
        minutes = int((100 if ai else 200) * draw.uniform(0.5, 1.5))
        close = f"2026-07-{day:02d} {hour + minutes // 60:02d}:{minutes % 60:02d}:00" if hour + minutes // 60 < 24 \
            else f"2026-07-{day + 1:02d} {hour + minutes // 60 - 24:02d}:{minutes % 60:02d}:00"
        print(f"T{n},support.billing,w{n % 24},team{n % 4},{n % 50 + 1},2026-07-{day:02d} {hour:02d}:00:00,{close},done", file=items)
        print(f"drafts,item,T{n},{'ai' if ai else 'no_ai'},0.5", file=trial)
        print(f"T{n},satisfaction,{close},{max(0, min(1, draw.gauss(0.6 if ai else 0.8, 0.1))):.3f}", file=measures)
    print("T9999,other.work,w1,team1,1,2026-11-01 00:00:00,2026-11-02 00:00:00,done", file=items)
P
    imports_together items=items.csv assignments=trial.csv measures=measures.csv
}

# Writes the registry of w anew, as if its lines had been appended on a day.
locked_on() {
    local lines head
    read -r lines head < <(python3 "$SOURCE/tests/cli/backdate.py" w/registry.jsonl "$1")
    "$RUN_SQL" w/assay.duckdb "update about_workspace set value = '$lines' where thing = 'registry_lines'; \
        update about_workspace set value = '$head' where thing = 'registry_head'"
}

# Six plans and a use case without one (six_plans.py), locked before their first item; the last of them
# runs until December. Made once for all tests of the file.
six_plans() {
    local made="$BATS_FILE_TMPDIR/six"
    if [ ! -d "$made" ]; then
        mkdir files
        python3 "$SOURCE/tests/cli/six_plans.py" files
        cp files/plans/*.yaml w/plans/
        for table in items assignments measures usage; do imports $table files/$table.csv; done
        for plan in files/plans/*.yaml; do assay plan lock "$(basename "$plan" .yaml)" > /dev/null; done
        locked_on 2026-06-20
        assay report > /dev/null # facts are there
        cp -a w "$made"
    fi
    rm -rf w
    cp -a "$made" w
}

# Of 24 people one plan, billing-drafts, leaves out eight, and the other, billing-most, four more: each
# may stand beside the change of all, not both beside each other.
near_plans() {
    mkdir files
    python3 "$SOURCE/tests/cli/six_plans.py" files
    awk -F, -v OFS=, 'NR > 1 && $3 ~ /person[0-3]$/ { $4 = "few" } { print }' files/items.csv > items.csv
    imports items items.csv
    imports measures files/measures.csv
    { cat files/assignments.csv; sed -n 's/^billing-drafts,/billing-most,/p' files/assignments.csv; } > trial.csv
    imports assignments trial.csv
    near_plan billing-drafts "few, team0, team1"
    near_plan billing-most "team0, team1"
}

# near_plan NAME TEAMS
near_plan() {
    sed "s/^use_case: .*/&\nscope: {teams: [$2]}/; s/^plan: .*/plan: $1/" files/plans/billing-drafts.yaml \
        > "w/plans/$1.yaml"
}
