#!/usr/bin/env bats
# Formats say the same: CSV and Markdown have plans, arms and who has no outcome, as JSON does.

load import_helpers.bash
load plan_helpers.bash

a_plan() { # NAME FROM TO METRIC
    cat > "w/plans/$1.yaml" << Y
plan: $1
use_case: support.billing
design: {kind: randomised, unit: item, probability: 0.5}
period: {from: $2, to: $3}
primary: {metric: $4, improve_by: 2pp}
Y
}

# The trial; a seventh of the scores of the arm with AI was never given. One plan is locked and ends in
# the quarter, one runs on.
three_plans() {
    a_trial
    python3 - << 'P'
import csv
with open("trial.csv") as trial:
    rows = [r for r in csv.DictReader(trial)]
with open("other.csv", "w") as out:
    print("plan,unit_kind,unit,arm,probability", file=out)
    for r in rows:
        print(f"{'scores'},item,{r['unit']},{r['arm']},0.5", file=out)
scored = {r["unit"] for n, r in enumerate(rows) if r["arm"] == "no_ai" or n % 7}
with open("measures.csv") as measures, open("rated.csv", "w") as out:
    print("item_id,name,occurred_at,value", file=out)
    for r in csv.DictReader(measures):
        if r["item_id"] in scored:
            print(f"{r['item_id']},rated,{r['occurred_at']},{r['value']}", file=out)
P
    stored "delete from assignment"
    imports assignments other.csv
    imports measures rated.csv
    printf 'metric: rated\nlabel: Rated\nkind: mean\nvalue: rated\nrange: [0, 1]\nbetter: higher\nmaterial: 2pp\n' \
        > w/metrics/rated.yaml
    a_plan scores 2026-07-01 2026-07-28 rated
    printf 'guardrails:\n  - {metric: satisfaction, allow: 2pp}\n' >> w/plans/scores.yaml
    a_plan later 2026-07-01 2027-03-31 rated
    assay plan lock scores > /dev/null
    locked_on 2026-06-20
}

@test "lines of CSV are what the document says, and its columns and kinds are the documented ones" {
    three_plans
    run assay report 2026Q3 --format json
    [ "$status" -eq 0 ]
    printf '%s\n' "$output" > report.json
    assay report 2026Q3 --format csv > report.csv
    python3 - "$SOURCE/docs/output.md" << 'P'
import csv, json, re, sys
lines = list(csv.reader(open("report.csv", newline="")))
assert all(len(line) == len(lines[0]) for line in lines)
old = "use_case,metric,kind,design,arm_0,value_0,arm_1,value_1,effect,scale,low,high,df,p,word,checks,level,plan,items_needed"
assert ",".join(lines[0]).startswith(old + ",leaning,"), lines[0]
page = open(sys.argv[1]).read().split("## CSV")[1]
columns, kinds = (re.findall(r"^\| (`.*?) \|", part, re.M) for part in page.split("| `kind` | a line"))
assert re.findall(r"`(\w+)`", " ".join(columns)) == lines[0], columns
csv_lines = [dict(zip(lines[0], line)) for line in lines[1:]]
assert {line["kind"] for line in csv_lines} <= set(re.findall(r"`(\w+)`", " ".join(kinds)))
rows = {row["plan"]["name"]: row for row in json.load(open("report.json"))["rows"] if row["plan"]}
one = lambda kind, plan: [line for line in csv_lines if (line["kind"], line["plan"]) == (kind, plan)]
[plan], row = one("plan", "scores"), rows["scores"]
assert row["verdict"]["word"] == plan["word"] == "unproven", plan
assert row["verdict"]["reason"] == plan["reason"] == "check", plan
assert (plan["from"], plan["to"]) == ("2026-07-01", "2026-07-29"), plan
assert plan["locked"].startswith("2026-06-20") and plan["locked_when"] == "before", plan
assert (plan["amended"], plan["looked_early"], plan["margin"]) == ("0", "false", "0.02"), plan
[comparison] = one("comparison", "scores")
arms = row["comparison"]["arms"]
for i in range(2):
    for name, key in (("items", "items"), ("people", "workers")):
        assert int(comparison[f"{name}_{i}"]) == arms[i][key], comparison
    assert abs(float(comparison[f"value_{i}"]) - arms[i]["value"]) < 1e-9
# A seventh of the items with AI has no outcome, counted from the files.
trial = {r["unit"]: r["arm"] for r in csv.DictReader(open("trial.csv"))}
rated = {r["item_id"] for r in csv.DictReader(open("rated.csv"))}
share = lambda arm: sum(a == arm and u not in rated for u, a in trial.items()) / sum(a == arm for a in trial.values())
[missing] = one("missing", "scores")
assert abs(float(missing["value_0"] or 0) - share("no_ai")) < 1e-9
assert abs(float(missing["value_1"]) - share("ai")) < 1e-9 and share("ai") > .1, missing
assert float(missing["p"]) < 1e-4
[bounds], [interval] = one("outcome_bounds", "scores"), one("outcome_bounds_interval", "scores")
assert float(interval["low"]) < float(bounds["low"]) < float(bounds["high"]) < float(interval["high"])
assert [float(bounds[x]) for x in ("low", "high")] == row["comparison"]["opt_outs"]["bounds"]["bounds"]
[guardrail] = one("guardrail", "scores")
assert guardrail["word"] == row["guardrails"][0]["state"] == "broken", guardrail
[later], [none] = one("plan", "later"), one("no_comparison", "later")
assert later["word"] == none["word"] == "running" and not none["effect"], none
assert "runs until 2027-03-31" in none["reason"], none
P
}

@test "Markdown has a table of the plans, of the arms, and who has no outcome" {
    three_plans
    assay report 2026Q3 --format markdown > report.md

    grep -q "^| plan | use case | metric | AI's part | target | verdict | guardrails | locked |" report.md
    grep -qE "^\| scores \| support.billing \| Rated \| .0.19 \(.*\) \| .* \| unproven \| broken: Customer satisfaction .* \| planned 11 days before the first \|" report.md
    grep -qE "^\| later \| support.billing \| Rated \| the plan runs until 2027-03-31; .* \| – \| running \| – \| a plan that is not locked \|" report.md
    grep -qE "^  - Of the items drawn, without an outcome: 0.0 % not given AI, 1[0-9]\.[0-9] % given AI" report.md
    grep -qE "^  - Who is missing: of items that would have an outcome in either arm" report.md
    assay compare scores --format markdown > compare.md
    python3 - << 'P'
import csv
trial = {r["unit"]: r["arm"] for r in csv.DictReader(open("trial.csv"))}
rated = {r["item_id"]: float(r["value"]) for r in csv.DictReader(open("rated.csv"))}
table = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in open("compare.md") if line.startswith("|")]
assert table[0] == ["arm", "items", "people", "value"], table
for line, arm in zip(table[2:], ("no_ai", "ai")):
    values = [v for u, v in rated.items() if trial.get(u) == arm]
    assert line[:3] == ["given AI" if arm == "ai" else "not given AI", str(len(values)), "24"], line
    assert line[3] == f"{sum(values) / len(values):.2f}", line
assert len(table) == 4
P
    [ "$(grep -c '^- given AI' compare.md)" -eq 0 ]
}

@test "a report ends with the head of the registry, and publishing prints the next one" {
    three_plans
    head=$(tail -n 1 w/registry.jsonl | sha256sum | cut -c 1-64)
    assay report 2026Q3 > text
    tail -n 2 text | grep -q "$head"
    assay report 2026Q3 --format markdown | tail -n 1 | grep -q "registry $head"
    run assay registry verify --head "$head"
    [ "$status" -eq 0 ]
    assay report 2026Q3 --publish > text 2> log
    tail -n 2 text | grep -q "$head"
    next=$(tail -n 1 w/registry.jsonl | sha256sum | cut -c 1-64)
    [ "$next" != "$head" ]
    grep -q "^head of the registry: $next" log
    run assay registry verify --head "$next"
    [ "$status" -eq 0 ]
}

@test "where the first metric has no change to tell, the next that has one leads" {
    "$ASSAY" init w2 --timezone UTC >/dev/null
    cd w2
    printf 'metric: score\nkind: mean\nvalue: score\nunit: points\nbetter: higher\nmaterial: 0.2\n' >metrics/score.yaml
    python3 - <<'PY'
import datetime, random
random.seed(1)
start = datetime.datetime(2026, 7, 1)
with open("items.csv", "w") as out:
    print("item_id,use_case,worker,opened_at,closed_at,state,measure.score", file=out)
    for period in (0, 1):
        for i in range(240):
            opened = start + datetime.timedelta(hours=random.random() * 2100 - (1 - period) * 92 * 24)
            print(f"{period}-{i},help,w{i % 12},{opened},{opened + datetime.timedelta(minutes=30)},done,"
                  f"{50 + period + random.gauss(0, 1):.3f}", file=out)
    print(f"end,other,w1,{start + datetime.timedelta(days=92)},,open,", file=out)
PY
    "$ASSAY" import items items.csv >/dev/null
    "$ASSAY" report 2026Q3 | tr -s ' \n' ' ' >../said
    grep -q "improved help Score 4.* points → 5.* points" ../said || { cat ../said; false; }
    ! grep -q "the change of help" ../said
}
