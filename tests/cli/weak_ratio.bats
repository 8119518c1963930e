#!/usr/bin/env bats
# A ratio whose denominator may be 0 in one arm: what is said has a bound on one side.

load workspace_helpers.bash

# 24 people, half of them drawn to AI; errors per item that came back, of which there are few with
# AI and many without.
trial() {
    # Only three people with AI have the denominator: more may be shown of one's own data alone.
    cd .. && rm -rf w && "$ASSAY" init w --own-data --timezone UTC >/dev/null && cd w
    cat >metrics/errors_per_return.yaml <<'YAML'
metric: errors_per_return
kind: ratio
numerator: errors
denominator: reopened
better: lower
YAML
    python3 - <<'PY'
import csv, datetime
start = datetime.datetime(2026, 7, 1)
def at(hours):
    return (start + datetime.timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")
with open("items.csv", "w", newline="") as items, open("assignments.csv", "w", newline="") as drawn:
    items, drawn = csv.writer(items), csv.writer(drawn)
    items.writerow(["item_id", "use_case", "worker", "opened_at", "closed_at", "state", "updated_at",
                    "measure.errors", "measure.reopened"])
    drawn.writerow(["plan", "unit_kind", "unit", "arm", "probability"])
    for person in range(24):
        ai = person % 2 == 1
        drawn.writerow(["p", "worker", f"w{person}", "ai" if ai else "no_ai", 0.5])
        for i in range(10):
            back = (i == 0 and person in (1, 7, 13)) if ai else i < 4 + person % 3
            hours = person * 80 + i * 7
            items.writerow([f"i{person}-{i}", "help", f"w{person}", at(hours), at(hours + 1), "done",
                            at(4000 if person + i == 0 else hours + 1), 2 + (person * i) % 3,
                            int(back)])
PY
    "$ASSAY" import items items.csv >/dev/null
    "$ASSAY" import assignments assignments.csv >/dev/null
}

@test "the bound that there is goes into the document, the text and the verdict" {
    trial
    local common=(--metric errors_per_return --from 2026-07-01 --to 2026-09-30)
    "$ASSAY" compare "${common[@]}" --format json >../c.json
    python3 - "$SOURCE/docs/report.schema.json" <<'PY'
import json, sys
import jsonschema
document = json.load(open("../c.json"), parse_constant=lambda x: sys.exit("not a number: " + x))
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(document)
row = document["rows"][0]
low, high = row["comparison"]["interval"]
assert low > 0 and high is None, (low, high)
assert "so that its ratio may be of any size" in row["comparison"]["no_interval"]
assert row["comparison"]["p"] < 0.05
assert row["verdict"]["word"] == "worse", row["verdict"]
PY
    for format in text markdown; do
        "$ASSAY" compare "${common[@]}" --format "$format" | tr -s '\n ' ' ' >../said
        grep -Eq "at least \+[0-9]+ %, no upper bound" ../said || { cat ../said; false; }
        grep -q "There is no bound on that side: in \"ai\" the denominator is only" ../said ||
            { cat ../said; false; }
    done
    "$ASSAY" compare "${common[@]}" --format csv | tail -1 | grep -Eq ",relative,[0-9.]+,,"
    # The other way round it is the lower bound that is missing.
    "$ASSAY" compare "${common[@]}" --arms ai,no_ai | tr -s '\n ' ' ' |
        grep -Eq "at most −[0-9]+ %, no lower bound"
}

@test "with covariates there is none, and that is why" {
    trial
    run "$ASSAY" compare --metric errors_per_return --from 2026-07-01 --to 2026-09-30 \
        --adjust "hours(closed_at - opened_at) + errors"
    [[ "$(tr -s '\n ' ' ' <<<"$output")" == *"the divisor is too near to 0 for an adjustment; leave the covariates out"* ]] ||
        { echo "$output"; false; }
}

@test "what work costs does not rise by being of the later quarter, with more of it still open" {
    python3 - <<'PY'
import csv, datetime, math, random
random.seed(401)
end = datetime.datetime(2026, 10, 1)
start = end - datetime.timedelta(days=184)
with open("items.csv", "w", newline="") as items, open("usage.csv", "w", newline="") as calls:
    items, calls = csv.writer(items), csv.writer(calls)
    items.writerow(["item_id", "use_case", "worker", "opened_at", "closed_at", "state"])
    calls.writerow(["usage_id", "occurred_at", "worker", "tool", "item_id", "usd", "status"])
    for use_case in range(4):
        for i in range(1500):
            name, worker = f"u{use_case}-{i}", f"u{use_case}w{i % 20}"
            opened = start + datetime.timedelta(hours=random.random() * 184 * 24)
            closed = opened + datetime.timedelta(hours=150 * math.exp(random.gauss(0, 1)))
            done = closed < end
            items.writerow([name, f"u{use_case}", worker, opened, closed if done else "",
                            "done" if done else "open"])
            calls.writerow([f"c{name}", opened, worker, "copilot", name,
                            round(math.exp(random.gauss(0, 0.3)), 3), "ok"])
    items.writerow(["end", "other", "w1", end - datetime.timedelta(hours=2), end, "done"])
PY
    "$ASSAY" import items items.csv >/dev/null
    "$ASSAY" import usage usage.csv >/dev/null
    "$ASSAY" report 2026Q3 --all --format json >../r.json
    python3 - <<'PY'
import json
rows = json.load(open("../r.json"))["rows"]
words = [x["change"]["word"] for row in rows for x in [row] + row["also"]
         if x["metric"]["name"] == "cost_per_completed" and x["change"]]
assert len(words) == 4 and set(words) <= {"steady", "unclear"}, words
PY
}

@test "a mean that is not told from 0 has no share of it, but the difference and the reason" {
    cd "$folder" && rm -rf w && "$ASSAY" init w --timezone UTC >/dev/null && cd w
    printf 'metric: delta\nkind: mean\nvalue: delta\nunit: points\nbetter: higher\nmaterial: 10%%\n' >metrics/delta.yaml
    python3 - <<'PY'
import csv, datetime, random
draw = random.Random(51)
start = datetime.datetime(2026, 7, 1)
with open("items.csv", "w") as items, open("assignments.csv", "w") as drawn:
    items, drawn = csv.writer(items), csv.writer(drawn)
    items.writerow(["item_id", "use_case", "worker", "opened_at", "closed_at", "state", "measure.delta"])
    drawn.writerow(["plan", "unit_kind", "unit", "arm", "probability"])
    for n in range(800):
        ai = draw.random() < 0.5
        at = start + datetime.timedelta(minutes=n * 30)
        items.writerow([f"i{n}", "help", f"w{n % 24}", at, at + datetime.timedelta(hours=1), "done",
                        round(draw.gauss(1.2 if ai else 0.2, 3), 3)])
        drawn.writerow(["p", "item", f"i{n}", "ai" if ai else "no_ai", 0.5])
    items.writerow(["end", "other", "w1", "2026-11-01", "2026-11-02", "done", ""])
PY
    "$ASSAY" import items items.csv >/dev/null
    "$ASSAY" import assignments assignments.csv >/dev/null
    "$ASSAY" compare --metric delta --from 2026-07-01 --to 2026-09-30 --format json >out.json
    "$ASSAY" compare --metric delta --from 2026-07-01 --to 2026-09-30 >out
    python3 - <<'PY'
import csv, json, math, re, statistics
comparison = json.load(open("out.json"))["rows"][0]["comparison"]
assert comparison["interval"] in (None, [None, None]), comparison["interval"]
arm = {r["unit"]: r["arm"] for r in csv.DictReader(open("assignments.csv"))}
values = {"ai": [], "no_ai": []}
for r in csv.DictReader(open("items.csv")):
    if r["item_id"] in arm:
        values[arm[r["item_id"]]].append(float(r["measure.delta"]))
mean = {a: statistics.mean(v) for a, v in values.items()}
error = math.sqrt(sum(statistics.variance(v) / len(v) for v in values.values()))
said = comparison["no_interval"]
got = re.search(r"^the baseline, ([\d.]+) points, is not told from 0, .*; the difference itself is \+([\d.]+) points "
                r"\(95 % interval \+([\d.]+) … \+([\d.]+)\)$", said)
assert got, said
base, difference, low, high = map(float, got.groups())
assert abs(base - mean["no_ai"]) < 0.006 and abs(difference - (mean["ai"] - mean["no_ai"])) < 0.06, said
# Items are independent here, so that errors by person are near those by item.
assert abs((high - low) / 2 / error - 2) < 0.6, (said, error)
assert "the difference itself is" in " ".join(open("out").read().split())
PY
}
