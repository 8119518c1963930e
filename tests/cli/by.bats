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
by = json.load(open("../got.json"))["rows"][0]["comparison"]["by"][0]
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
assert all(len(row) == len(rows[0]) for row in rows), rows
level = rows[0].index("level")
assert all(row[level] == "0.95" for row in rows if row[2] == "by"), rows'
}

@test "small groups are put together, and with another where they are few together" {
    load 4 # rare and odd are of four people together
    for format in text json markdown csv; do by "attr('kind')" --format $format >../out.$format; done
    valid ../out.json
    absent -wE "rare|odd" ../out.text ../out.markdown ../out.csv
    python3 - <<'PY'
import json
comparison = json.load(open("../out.json"))["rows"][0]["comparison"]
cells = comparison["by"][0]["cells"]
assert len(cells) == 4 and cells[-1]["others"], [cell["cell"] for cell in cells]
least = 8
for cell in cells:
    assert min(cell["workers"]) >= least
# Of the whole nothing is left over that is not shown.
for arm in (0, 1):
    assert sum(cell["items"][arm] for cell in cells) == comparison["arms"][arm]["items"]
PY
}

@test "training is that of who did the item, as it was at the item's start" {
    load 12
    python3 - <<'PY'
import csv
with open("../people.csv", "w", newline="") as file:
    write = csv.writer(file)
    write.writerow(["worker", "since", "team", "training"])
    for person in range(40):
        write.writerow([f"person {person}", "2026-01-01", "A", "yes" if person % 3 else "no"])
        write.writerow([f"person {person}", "2026-08-01", "A", "yes"])
PY
    "$ASSAY" import memberships ../people.csv --map attr.training=training >/dev/null 2>&1
    by "person('training')" --format json >../got.json
    valid ../got.json
    python3 - <<'PY'
import csv, json
cells = {c["cell"]: c for c in json.load(open("../got.json"))["rows"][0]["comparison"]["by"][0]["cells"]}
arms = {row["unit"]: row["arm"] for row in csv.DictReader(open("../arms.csv"))}
values = {}
for row in csv.DictReader(open("../scores.csv")):
    trained = "yes" if int(row["item_id"].split("-")[1]) % 3 else "no"
    values.setdefault((trained, arms[row["item_id"]]), []).append(float(row["value"]))
mean = {key: sum(v) / len(v) for key, v in values.items()}
assert set(cells) == {"yes", "no"}, cells.keys()
for name, cell in cells.items():
    assert abs(cell["effect"] - (mean[name, "ai"] - mean[name, "no_ai"])) < 1e-9, (name, cell)
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

@test "people and covariates are refused with a reason" {
    load
    refused() {
        run "$ASSAY" compare 2026Q3 "${@:2}"
        [ "$status" -eq 2 ] || { echo "$output"; false; }
        [[ "$output" == *"$1"* ]] || { echo "$output"; false; }
    }
    refused "--by" --metric quality_score --by worker
    refused '--by:1:1: there is no column or measure "nothing_like_it"; write one of ' --metric quality_score --by nothing_like_it
    [[ "$output" == *"attr('NAME') of what an import calls attr.NAME"* ]]
    refused "leave --adjust out" --metric quality_score --by team --adjust "ln(2)"
}

# ---- Times, ratios and quantiles ------------------------------------------------------------------

# The items of tests/oracle/by_cells.csv, of which only those whose kind matches KINDS.
# ARMS: assigned; use, as found by calls, with all items done; or none, which are done, too.
oracle_items() {
    python3 - "${1:-.}" "${2:-assigned}" <<'PY'
import csv, datetime, json, os, re, sys
kinds, arms_from = sys.argv[1:]
items, arms, measures, calls = [], [], [], []
stamp = datetime.datetime.fromisoformat
for n, row in enumerate(csv.DictReader(open(os.environ["SOURCE"] + "/tests/oracle/by_cells.csv"))):
    if not re.fullmatch(kinds.replace(".", ".*"), row["kind"]):
        continue
    opened = stamp(row["opened"])
    closed = opened + datetime.timedelta(minutes=int(row["minutes"])) if row["minutes"] else ""
    if arms_from != "assigned": # all has an outcome
        closed = closed or opened + datetime.timedelta(days=40)
        row["state"] = "done"
    team = f"team {int(row['worker'][1:]) % 3}"
    items.append([n, row["worker"], team, opened, opened, closed, row["state"], row["kind"]])
    arms.append(["trial", "item", n, "ai" if row["arm"] == "1" else "no_ai", 0.5])
    measures += [[n, name, row[name]] for name in ("cost", "units", "score")]
    if row["arm"] == "1":
        calls.append({"usage_id": f"c{n}", "occurred_at": str(opened + datetime.timedelta(minutes=2)),
                      "worker": row["worker"], "tool": "chat", "item_id": str(n)})
# All that is open is seen for longer than the horizon.
items.append(["late", "p01", "team 1", "2026-11-20", "2026-11-20", "2026-11-21", "done", "bugs"])
for worker in {item[1] for item in items}:
    for day in "2026-01-01", "2026-11-21":
        calls.append({"usage_id": f"{worker} {day}", "occurred_at": day, "worker": worker, "tool": "chat"})
def write(path, head, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
write("../items.csv", ["item_id", "worker", "team", "opened_at", "started_at", "closed_at", "state", "kind"],
      items)
write("../measures.csv", ["item_id", "name", "value"], measures)
write("../arms.csv", ["plan", "unit_kind", "unit", "arm", "probability"], arms)
with open("../calls.jsonl", "w") as file:
    file.writelines(json.dumps(call) + "\n" for call in calls)
PY
    "$ASSAY" import items ../items.csv --set use_case=x --map attr.kind=kind >/dev/null 2>&1
    "$ASSAY" import measures ../measures.csv >/dev/null 2>&1
    case "${2:-assigned}" in
    assigned) "$ASSAY" import assignments ../arms.csv >/dev/null 2>&1 ;;
    use) "$ASSAY" import usage ../calls.jsonl >/dev/null 2>&1 ;;
    esac
    printf '%s\n' 'metric: unit_cost' 'kind: ratio' 'numerator: cost' 'denominator: units' \
        'unit: USD' 'better: lower' 'material: 10%' >metrics/unit_cost.yaml
    printf '%s\n' 'metric: high_score' 'kind: quantile' 'value: score' 'quantile: 0.8' \
        'better: higher' 'material: 10%' >metrics/high_score.yaml
}

# ORACLE METRIC: all numbers of the answer are the oracle's.
agrees() {
    "$ASSAY" compare 2026Q3 --metric "$2" --by "attr('kind')" --format json >../got.json
    valid ../got.json
    python3 - "$1" <<'PY'
import json, os, sys
by = json.load(open("../got.json"))["rows"][0]["comparison"]["by"][0]
want = json.load(open(os.environ["SOURCE"] + "/tests/oracle/by_cells.json"))[sys.argv[1]]
def near(what, a, b, within=1e-7):
    for x, y in zip(a, b) if isinstance(b, list) else [(a, b)]:
        assert abs(x - y) <= within * max(1, abs(y)), (what, a, b)
assert [cell["cell"] for cell in by["cells"]] == [cell["cell"] for cell in want["cells"]], by["cells"]
for cell, one in zip(by["cells"], want["cells"]):
    near(one["cell"], cell["effect"], one["effect"])
    near(one["cell"], cell["interval"], one["interval"])
    near(one["cell"], cell["shrunken"]["effect"], one["shrunken"], 1e-5)
    near(one["cell"], cell["shrunken"]["interval"], one["shrunken_interval"], 1e-4)
    near(one["cell"], cell["own"], one["own"], 1e-4)
    near(one["cell"], cell["p"], one["p"], 1e-6)
near("mean", by["mean"]["effect"], want["mean"], 1e-5)
near("mean", by["mean"]["interval"], want["mean_interval"], 1e-4)
near("prediction", by["prediction"], want["prediction"], 1e-4)
near("between", by["between"], want["between"], 1e-4)
near("between", by["between_paule_mandel"], want["between_paule_mandel"], 1e-4)
near("p", by["p"], want["p"], 1e-6)
assert (by["horizon_days"] == 30) == (sys.argv[1] == "time"), by["horizon_days"]
PY
}

@test "effects of times, ratios and quantiles by group are those of survival, metafor and deletion by hand" {
    oracle_items
    agrees time time_to_complete
    agrees ratio unit_cost
    agrees quantile high_score
    "$ASSAY" compare 2026Q3 --metric time_to_complete --by "attr('kind')" >../text
    grep -qE "^    new +−.* shrunken −.* different" ../text || { cat ../text; false; }
}

@test "as found, a group's effect is what compare says of that group's items alone" {
    oracle_items . use
    like() {
        "$ASSAY" compare 2026Q3 --metric "$1" --like team --format json "${@:2}" >../got.json || [ $? -eq 1 ]
        valid ../got.json
    }
    for metric in "time_to_complete --landmark 1h" unit_cost high_score; do
        # shellcheck disable=SC2086
        like $metric --by "attr('kind')"
        cp ../got.json "../by-${metric%% *}.json"
    done
    for kind in docs; do
        "$ASSAY" init "../only-$kind" --timezone UTC >/dev/null
        cd "../only-$kind"
        oracle_items "$kind" use
        for metric in "time_to_complete --landmark 1h" unit_cost high_score; do
            # shellcheck disable=SC2086
            like $metric
            python3 - "$kind" "../by-${metric%% *}.json" <<'PY'
import json, sys
alone = json.load(open("../got.json"))["rows"][0]["comparison"]
whole = json.load(open(sys.argv[2]))["rows"][0]["comparison"]
assert alone["design"] == whole["design"] == "like_with_like" and whole["cells"] == "team", whole["design"]
cell, = [cell for cell in whole["by"][0]["cells"] if cell["cell"] == sys.argv[1]]
assert abs(cell["effect"] - alone["effect"]) < 1e-9, (cell, alone["effect"])
# In another group few people's items were done before the landmark: then none is counted.
assert cell["items"] in ([arm["items"] for arm in alone["arms"]], None), (cell, alone["arms"])
assert (cell["items"] is None) == ("time" in sys.argv[2]), cell
if "high_score" not in sys.argv[2]: # as a share its interval is another than that of its logarithm
    assert all(abs(a - b) < 1e-9 for a, b in zip(cell["interval"], alone["interval"])), (cell, alone)
assert not cell["interval"][0] == alone["naive"]["interval"][0]
PY
        done
    done
}

@test "times of all groups end where those of one are no longer seen, and that is said" {
    oracle_items
    # In "new" work that opened late is open and seen for some weeks; elsewhere some of it for months.
    python3 - <<'PY'
import csv, datetime
stamp = datetime.datetime.fromisoformat
rows = list(csv.DictReader(open("../items.csv")))
for row in rows:
    if row["item_id"] == "late":
        row.update(opened_at="2026-10-15", started_at="2026-10-15", closed_at="2026-10-16")
    elif row["opened_at"] > "2026-09-20" if row["kind"] == "new" else row["opened_at"] < "2026-07-08":
        row.update(closed_at="", state="open")
    elif not "2026" < row["closed_at"] < "2026-10-16":
        row.update(closed_at=str(stamp(row["opened_at"]) + datetime.timedelta(days=3)), state="done")
with open("../items.csv", "w", newline="") as file:
    out = csv.DictWriter(file, rows[0])
    out.writeheader()
    out.writerows(rows)
PY
    "$ASSAY" init ../later --timezone UTC >/dev/null
    cd ../later
    "$ASSAY" import items ../items.csv --set use_case=x --map attr.kind=kind >/dev/null 2>&1
    "$ASSAY" import assignments ../arms.csv >/dev/null 2>&1
    "$ASSAY" compare 2026Q3 --metric time_to_complete --by "attr('kind')" --format json >../got.json
    valid ../got.json
    python3 - <<'PY'
import csv, datetime, json
comparison = json.load(open("../got.json"))["rows"][0]["comparison"]
by = comparison["by"][0]
horizon = by["horizon_days"]
assert 15 <= horizon < comparison["horizon_days"], (horizon, comparison["horizon_days"])
stamp = datetime.datetime.fromisoformat
arms = {row["unit"]: row["arm"] for row in csv.DictReader(open("../arms.csv"))}
def mean_until(kind, arm, end):
    """Kaplan and Meier, by hand."""
    items = []
    for row in csv.DictReader(open("../items.csv")):
        if row["kind"] == kind and arms.get(row["item_id"]) == arm:
            last = stamp(row["closed_at"] or "2026-10-16")
            items.append((round((last - stamp(row["opened_at"])).total_seconds() / 60), row["state"] == "done"))
    left, alive, area, before = len(items), 1, 0, 0
    for time in sorted({time for time, done in items if done and time <= end}):
        area += alive * (time - before)
        before = time
        at_risk = sum(t >= time for t, _ in items)
        alive *= 1 - sum(t == time and done for t, done in items) / at_risk
    return area + alive * (end - before)
for cell in by["cells"]:
    means = [mean_until(cell["cell"], arm, horizon * 1440) for arm in ("no_ai", "ai")]
    assert abs(cell["effect"] - (means[1] / means[0] - 1)) < 1e-9, (cell, means)
PY
    "$ASSAY" compare 2026Q3 --metric time_to_complete --by "attr('kind')" >../text
    tr -s '\n ' ' ' <../text | grep -q "Times count up to .* here, as far as those of every group are seen" ||
        { cat ../text; false; }
}

@test "a group whose number would tell of few people joins another, whatever the kind" {
    oracle_items . none
    "$ASSAY" import assignments ../arms.csv >/dev/null 2>&1
    # In docs all but four people's values are one. Of all work, most people have many.
    top=$(python3 - <<'PY'
import csv
kind = {row["item_id"]: row for row in csv.DictReader(open("../items.csv"))}
most = {}
for row in csv.DictReader(open("../measures.csv")):
    item = kind[row["item_id"]]
    if row["name"] == "score" and item["kind"] == "docs":
        most[item["worker"]] = max(most.get(item["worker"], 0), float(row["value"]))
print(sorted(most.values())[-4])
PY
)
    few="attr('kind') = 'docs' and score < $top"
    printf '%s\n' 'metric: odd_mean' 'kind: mean' "value: case when $few then 0 else score end" \
        'better: higher' 'material: 10%' >metrics/odd_mean.yaml
    printf '%s\n' 'metric: odd_ratio' 'kind: ratio' "numerator: case when $few then 0 else cost end" \
        'denominator: units' 'better: lower' 'material: 10%' >metrics/odd_ratio.yaml
    printf '%s\n' 'metric: odd_time' 'kind: duration' 'from: opened_at' 'horizon: 30d' 'better: lower' \
        "to: case when $few then opened_at else closed_at end" 'material: 10%' 'unit: minutes' \
        'abandoned: censored' >metrics/odd_time.yaml
    for metric in odd_mean odd_ratio odd_time; do
        for format in json text markdown csv; do
            "$ASSAY" compare 2026Q3 --metric $metric --by "attr('kind')" --format $format >../out.$format
        done
        valid ../out.json
        python3 - <<'PY'
import json
comparison = json.load(open("../out.json"))["rows"][0]["comparison"]
assert comparison["effect"] is not None
names = [cell["cell"] for cell in comparison["by"][0]["cells"]]
assert names[-1] == "others" and len(names) == 3 and "docs" not in names, names
PY
        absent -wE "^ +docs|docs +[+−0-9]" ../out.text ../out.markdown
        absent -E ",docs," ../out.csv
    done
}

# ---- Rare events ----------------------------------------------------------------------------------

# KIND: of which items are imported. A trial of 12 and 60 people, 20 items of each kind a person; of
# kind A none of 240 fails with AI and 12 of 1,200 without, of kind B every fifth or so fails.
rare_events() {
    python3 - "$1" <<'PY'
import csv, random, sys
draw = random.Random(12)
items, arms, errors = [], [], []
for person in range(1, 73):
    arms.append(["trial", "worker", f"w{person}", "ai" if person <= 12 else "no_ai", 0.1667])
    for kind in "AB":
        for i in range(20):
            error = draw.random() < 0.2 if kind == "B" else i == 0 and person > 12 and person % 5 == 0
            if kind in sys.argv[1]:
                items.append([f"{kind}{person}-{i}", f"w{person}", "2026-07-02", "2026-07-03", kind])
                errors.append([f"{kind}{person}-{i}", "errors", int(error)])
def write(path, head, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
write("../items.csv", ["item_id", "worker", "opened_at", "closed_at", "kind"], items)
write("../arms.csv", ["plan", "unit_kind", "unit", "arm", "probability"], arms)
write("../errors.csv", ["item_id", "name", "value"], errors)
PY
    "$ASSAY" import items ../items.csv --set use_case=x --map attr.kind=kind >/dev/null 2>&1
    "$ASSAY" import measures ../errors.csv >/dev/null 2>&1
    "$ASSAY" import assignments ../arms.csv >/dev/null 2>&1
    printf '%s\n' 'metric: failed' 'kind: proportion' 'value: errors > 0' \
        'better: lower' 'material: 1pp' >metrics/failed.yaml
}

@test "a group without an event in one arm is as uncertain as compare says of its items alone" {
    rare_events AB
    "$ASSAY" compare 2026Q3 --metric failed --by "attr('kind')" --format json >../both.json || [ $? -eq 1 ]
    valid ../both.json
    mkdir ../alone && cd ../alone
    "$ASSAY" init . --timezone UTC >/dev/null
    rare_events A
    "$ASSAY" compare 2026Q3 --metric failed --format json >../alone.json || [ $? -eq 1 ]
    python3 - <<'PY'
import json
alone = json.load(open("../alone.json"))["rows"][0]["comparison"]
cell = json.load(open("../both.json"))["rows"][0]["comparison"]["by"][0]["cells"][0]
assert cell["cell"] == "A" and abs(cell["effect"] + 0.01) < 1e-9, cell
# By counts alone, Newcombe (1998), method 10: -1.74 .. +0.63 points; of people, wider.
assert cell["interval"][0] < -0.0173 and cell["interval"][1] > 0.0063, cell
assert all(abs(a - b) < 1e-3 for a, b in zip(cell["interval"], alone["interval"])), (cell, alone["interval"])
PY
}
