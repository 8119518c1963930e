#!/usr/bin/env bats
# The effect by cell: compare --by.

load workspace_helpers.bash
export COLUMNS=1000 LC_ALL=C.UTF-8

# A trial by item of 40 people; of each kind of work 12 items a person. The kinds differ in effect;
# of "rare" and "odd" three and six people have items. PEOPLE: of the kind "odd".
load() {
    python3 - "${1:-6}" <<'PY'
import csv, random, sys
draw = random.Random(3)
effects = {"bugs": 0, "docs": 0, "tests": 0, "new": -0.4, "rare": 0, "odd": 0}
odd = int(sys.argv[1])
items, arms, scores = [], [], []
for person in range(40):
    for kind, effect in effects.items():
        if (kind == "rare" and person >= 3) or (kind == "odd" and person >= odd):
            continue
        for i in range(12):
            name, arm = f"{kind}-{person}-{i}", i % 2
            items.append([name, f"person {person}", "2026-07-02", "2026-07-03", kind])
            arms.append(["trial", "item", name, "ai" if arm else "no_ai", 0.5])
            scores.append([name, "quality", min(1, max(0, 0.6 + effect * arm + draw.gauss(0, 0.1)))])
def write(path, head, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
write("../items.csv", ["item_id", "worker", "opened_at", "closed_at", "kind"], items)
write("../arms.csv", ["plan", "unit_kind", "unit", "arm", "probability"], arms)
write("../scores.csv", ["item_id", "name", "value"], scores)
PY
    "$ASSAY" import items ../items.csv --set use_case=x --map attr.kind=kind >/dev/null 2>&1
    "$ASSAY" import measures ../scores.csv >/dev/null 2>&1
    "$ASSAY" import assignments ../arms.csv >/dev/null 2>&1
}

by() {
    "$ASSAY" compare 2026Q3 --metric quality_score --by "$@"
}

@test "the effect of each kind of work is its own difference, and the one that differs is named" {
    load 12
    by "attr('kind')" --format json >../got.json
    valid ../got.json
    python3 - <<'PY'
import csv, json
by = json.load(open("../got.json"))["rows"][0]["comparison"]["by"]
arms = {row["unit"]: row["arm"] for row in csv.DictReader(open("../arms.csv"))}
values, people = {}, {}
for row in csv.DictReader(open("../scores.csv")):
    kind, person, _ = row["item_id"].split("-")
    values.setdefault((kind, arms[row["item_id"]]), []).append(float(row["value"]))
    people.setdefault(kind, set()).add(person)
cells = {cell["cell"]: cell for cell in by["cells"]}
# "rare" is of three people, so another joins it: the smallest, "odd".
assert set(cells) == {"bugs", "docs", "new", "tests", "others"}, cells.keys()
def mean(kinds, arm):
    all_values = [v for kind in kinds for v in values[kind, arm]]
    return sum(all_values) / len(all_values)
for name, cell in cells.items():
    kinds = ["rare", "odd"] if name == "others" else [name]
    want = mean(kinds, "ai") - mean(kinds, "no_ai")
    assert abs(cell["effect"] - want) < 1e-9, (name, cell, want)
    assert cell["interval"][0] < want < cell["interval"][1]
    assert cell["items"] == [sum(len(values[k, arm]) for k in kinds) for arm in ("no_ai", "ai")]
    assert cell["workers"] == [len(set().union(*(people[k] for k in kinds)))] * 2
    assert cell["different"] == (cell["p"] <= 0.05)
    low, high = sorted([cell["effect"], by["mean"]["effect"]])
    assert low - 1e-12 <= cell["shrunken"]["effect"] <= high + 1e-12
    assert abs(cell["shrunken"]["effect"] - by["mean"]["effect"]
               - cell["own"] * (cell["effect"] - by["mean"]["effect"])) < 1e-8
assert cells["new"]["different"] and cells["new"]["p"] < 1e-6
# tau by Paule and Mandel: sum w (y - mu)^2 = K - 1 with variances as shrinkage tells them.
assert by["between"] > 0.1 and by["prediction"][0] < by["mean"]["interval"][0]
PY
    by "attr('kind')" >../text
    grep -qE "^    new +−.* shrunken −.* different" ../text
    by "attr('kind')" --format markdown | grep -q "shrunken"
    by "attr('kind')" --format csv >../csv
    grep -q "^x,quality_score,by,attr('kind'),new," ../csv
    python3 -c 'import csv
rows = list(csv.reader(open("../csv", newline="")))
assert all(len(row) == len(rows[0]) for row in rows), rows'
}

@test "small groups are put together, and with another where they are few together" {
    load 4 # rare and odd are of four people together
    for format in text json markdown csv; do by "attr('kind')" --format $format >../out.$format; done
    valid ../out.json
    absent -wE "rare|odd" ../out.text ../out.markdown ../out.csv
    python3 - <<'PY'
import json
comparison = json.load(open("../out.json"))["rows"][0]["comparison"]
cells = comparison["by"]["cells"]
assert len(cells) == 4 and cells[-1]["others"], [cell["cell"] for cell in cells]
least = 8
for cell in cells:
    assert min(cell["workers"]) >= least
# Of the whole nothing is left over that is not shown.
for arm in (0, 1):
    assert sum(cell["items"][arm] for cell in cells) == comparison["arms"][arm]["items"]
PY
}

@test "one group, all too small, and groups with one arm each have no answer but a reason" {
    load
    by "1 = 1" --format json >../got.json
    valid ../got.json
    grep -q "there are no two groups with 8 people in each arm" ../got.json
    sed -i 's/^min_group: .*/min_group: 39/' assay.yaml
    by "team" | grep -q "nothing to compare"
    by "case when attr('kind') = 'rare' then 1 else 2 end" | grep -q "nothing to compare"
}

@test "people, times, ratios and covariates are refused with a reason" {
    load
    refused() {
        run "$ASSAY" compare 2026Q3 "${@:2}"
        [ "$status" -eq 2 ] || { echo "$output"; false; }
        [[ "$output" == *"$1"* ]] || { echo "$output"; false; }
    }
    refused "--by" --metric quality_score --by worker
    refused '--by:1:1: there is no column or measure "nothing_like_it"' --metric quality_score --by nothing_like_it
    refused "--by: times" --metric cycle_time --by team
    refused "--by: " --metric cost_per_completed --by team
    refused "leave --adjust out" --metric quality_score --by team --adjust "ln(2)"
}
