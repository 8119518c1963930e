#!/usr/bin/env bats
# What a plan can tell, from the workspace's own past.

load import_helpers.bash

# About 1,500 tickets of $1 people in ten teams over 13 weeks, with a satisfaction.
a_past() {
    python3 - "$1" << 'P'
import datetime, random, sys
draw = random.Random(3)
people = int(sys.argv[1])
with open("items.csv", "w") as items, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,size,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    n = 0
    for w in range(people):
        own = draw.gauss(0, 0.3)
        for i in range(draw.randint(20, 80)):
            at = datetime.datetime(2026, 4, 1) + datetime.timedelta(minutes=draw.randrange(91 * 1440))
            close = at + datetime.timedelta(minutes=100 * 2.718281828 ** (own + draw.gauss(0, 0.6)))
            n += 1
            print(f"T{n},support.billing,w{w},team{w % 10},{n % 50 + 1},{at},{close},done", file=items)
            print(f"T{n},satisfaction,{close},{min(1, max(0, draw.gauss(0.7 + own / 10, 0.15))):.3f}", file=measures)
            print(f"T{n},reworked,{close},{int(draw.random() < 0.1)}", file=measures)
P
    imports items items.csv
    imports measures measures.csv
}

writes() {
    run assay plan new "$@" --use-case support.billing --from 2026-07-01 --to 2026-09-29
    [ "$status" -eq 0 ] || { echo "$output"; false; }
}

# The document of plan power, which has to be as its schema says.
powers() {
    run assay plan power "$@" --format json
    printf '%s\n' "$output" > power.json
    python3 -c 'import json, jsonschema, sys
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open("power.json")))' \
        "$SOURCE/docs/power.schema.json" || { echo "$output"; false; }
}

holds() {
    python3 -c 'import json, math, sys
power = json.load(open("power.json"))
plan, first = power["plan"], power["metrics"][0]
assert eval(sys.argv[1]), power' "$1"
}

@test "more than a metric can improve by is refused, or said to be too much for its past" {
    a_past 40
    writes times --metric cycle_time --design randomised --unit item
    run assay plan power times --improve-by 200%
    [ "$status" -eq 2 ]
    says "--improve-by: cycle_time cannot improve by so much: lower is better, and 100% less is nothing left; write less than 100%"
    run assay plan power times --improve-by 99%
    [ "$status" -eq 0 ]
    powers times --improve-by 100000
    [ "$status" -eq 1 ]
    holds '"the metric cannot get better by so much" in first["reason"]'
    writes errors --metric rework_rate --improve-by 1pp --design randomised --unit item
    powers errors
    holds 'first["reason"] is None'
    # A tenth of the items is reworked: half of all cannot be fewer.
    powers errors --improve-by 50pp
    holds '"the metric cannot get better by so much" in first["reason"]'
    run assay plan power errors --improve-by 150pp
    [ "$status" -eq 2 ]
    says "write less than 100pp"
}

@test "a mean by item can tell what the spread of independent items says" {
    a_past 40
    writes mine --metric satisfaction --improve-by 2pp --design randomised --unit item
    powers mine
    [ "$status" -eq 0 ]
    # 2.8016 standard errors are told with 80 %.
    python3 - << 'P'
import csv, datetime, json, statistics
day = {r["item_id"]: r["opened_at"] for r in csv.DictReader(open("items.csv"))}
power = json.load(open("power.json"))
past = power["plan"]["past"]
values = [float(r["value"]) for r in csv.DictReader(open("measures.csv"))
          if r["name"] == "satisfaction" and past["from"] <= day[r["item_id"]] < past["to"]]
weeks = (datetime.date.fromisoformat(past["to"]) - datetime.date.fromisoformat(past["from"])).days / 7
assert weeks == 12 - 1, past # a week has to pass until satisfaction is known
items = len(values) * 13 / weeks
wanted = 2.8016 * 2 * statistics.stdev(values) / items ** 0.5
got = power["metrics"][0]["detectable"]
assert abs(got / wanted - 1) < 0.06, (got, wanted)
assert abs(power["plan"]["items"] / items - 1) < 0.05
steps = power["metrics"][0]["steps"]
assert [s["effect"] for s in steps] == [0.005, 0.01, 0.02, 0.03, 0.04]
assert all(a["power"] <= b["power"] for a, b in zip(steps, steps[1:]))
P
    # Four times the items halve the difference.
    powers mine --items 8000
    holds 'abs(first["detectable"] / 0.0091 - 1) < 0.2 and plan["items"] == 8000'
    COLUMNS=80 run assay plan power mine --improve-by 0.5pp
    says "Smallest improvement told with 80 %"
    says "For 0.005 of 1: about "
    python3 -c 'import sys; assert all(len(line) <= 80 for line in sys.stdin.read().split("\n"))' <<< "$output"
}

@test "people who are drawn bring their likeness with them, and more items of them may not be enough" {
    a_past 40
    writes items --metric satisfaction --improve-by 2pp --design randomised --unit item
    writes people --metric satisfaction --improve-by 0.5pp --design randomised --unit worker
    powers items
    holds 'first["units_needed"] is None'
    cp power.json items.json
    powers people
    holds 'first["detectable"] > 1.4 * json.load(open("items.json"))["metrics"][0]["detectable"]'
    holds 'first["items_needed"] is None and first["units_needed"] > 100 and 0 < first["correlation"] < 0.2'
    run assay plan power people
    says "no number of items of these people is enough, or about"
}

@test "each design and each kind of metric has its numbers" {
    a_past 40
    printf '%s\n' 'metric: slow' 'label: Slow tickets' 'kind: quantile' 'quantile: 0.8' 'value: minutes(closed_at - opened_at)' \
        'unit: minutes' 'better: lower' 'material: 10%' > w/metrics/slow.yaml
    printf '%s\n' 'metric: per_size' 'label: Satisfaction by size' 'kind: ratio' 'numerator: satisfaction' \
        'denominator: size' 'unit: each' 'better: higher' 'material: 10%' > w/metrics/per_size.yaml
    printf '%s\n' 'metric: log_time' 'label: Time' 'kind: mean' 'scale: log' 'value: minutes(closed_at - opened_at)' \
        'unit: minutes' 'better: lower' 'material: 10%' > w/metrics/log_time.yaml
    printf '%s\n' 'metric: back' 'label: Back' 'kind: proportion' "value: measure('reworked') > 0" \
        'better: lower' 'material: 1pp' > w/metrics/back.yaml
    designs=("randomised --unit item" "randomised --unit worker" "randomised --unit team"
        "switchback --unit team --block 1w --washout 1d" "staggered --unit team --every month"
        "staggered --unit worker" "encouragement --unit worker" "like_with_like --cells team"
        "before_after --date 2026-08-15")
    numbers() { # METRIC DESIGN...
        local metric="$1"
        shift
        rm -f w/plans/p.yaml
        writes p --metric "$metric" --design "$@" --guardrail time_to_complete:5%
        powers p
        [ "$status" -eq 0 ] || { echo "$metric $*: $output"; false; }
        holds '0 < first["power"] <= 1 and first["detectable"] > 0 and len(first["steps"]) >= 4'
        holds 'power["metrics"][1]["power"] > 0'
    }
    for metric in satisfaction slow per_size log_time back; do
        numbers $metric randomised --unit item
        numbers $metric switchback --unit team --block 1w --washout 1d
    done
    for design in "${designs[@]}"; do
        # shellcheck disable=SC2086
        numbers cycle_time $design
    done
}

@test "what rests on few people is withheld in every format" {
    a_past 7
    writes mine --metric satisfaction --design randomised --unit item --guardrail cycle_time:5%
    powers mine
    [ "$status" -eq 1 ]
    holds 'all(m["reason"] == "fewer than 8 workers" for m in power["metrics"])'
    holds 'all(m[k] is None for m in power["metrics"] for k in ("power", "amount", "detectable",
        "items_needed", "weeks_needed", "units_needed", "correlation", "team_correlation"))'
    holds 'all(m["steps"] == [] for m in power["metrics"]) and power["notes"] == []'
    holds 'all(plan[k] is None for k in ("items", "items_a_week", "workers", "teams", "past"))'
    run assay plan power mine
    [ "$status" -eq 1 ]
    says "What it can tell: can't say (fewer than 8 workers)"
    says_not "people,"
    run assay plan power mine --format markdown
    [ "$status" -eq 1 ]
    says "- What it can tell: can't say (fewer than 8 workers)"
    says_not "people,"
    says_not "improves by"
    run assay plan power mine --format csv
    [ "$status" -eq 1 ]
    printf '%s\n' "$output" > power.csv
    python3 -c 'import csv
lines = list(csv.DictReader(open("power.csv", newline="")))
assert [line["kind"] for line in lines] == ["metric", "metric"], lines
said = {"plan", "use_case", "metric", "role", "kind", "design", "unit", "scale", "power_wanted", "method", "level",
        "from", "to", "weeks", "reason"}
for line in lines:
    assert {key for key, value in line.items() if value} == said, line
    assert line["reason"] == "fewer than 8 workers", line'
    # One metric of few people beside one of many.
    new_workspace other
    rm -rf w
    mv other w
    a_past 40
    grep -E "^item_id|^T[0-9]{1,2}," measures.csv | sed 's/satisfaction/quality/' > few.csv
    imports measures few.csv
    writes mine --metric satisfaction --design randomised --unit item --guardrail quality_score:2pp
    powers mine
    holds 'first["power"] > 0'
    holds 'power["metrics"][1]["power"] is None and power["metrics"][1]["reason"] == "fewer than 8 workers"'
}

@test "each format tells what the document holds" {
    a_past 40
    writes mine --metric satisfaction --improve-by 2pp --design randomised --unit worker --guardrail cycle_time:5%
    powers mine
    run assay plan power mine --format csv
    [ "$status" -eq 0 ]
    printf '%s\n' "$output" > power.csv
    python3 - << 'P'
import csv, json
power = json.load(open("power.json"))
lines = list(csv.DictReader(open("power.csv", newline="")))
plan = power["plan"]
number = lambda text: float(text) if text else None
assert [line["kind"] for line in lines] == \
    ["metric", *["step"] * len(power["metrics"][0]["steps"]), "metric", *["note"] * len(power["notes"])], lines
assert all(line["plan"] == "mine" and line["use_case"] == "support.billing" for line in lines)
for line, metric in zip([line for line in lines if line["kind"] == "metric"], power["metrics"]):
    assert line["metric"] == metric["metric"]["name"] and line["role"] == metric["role"]
    assert number(line["effect"]) == metric["amount"] is not None
    for key in ("power", "detectable", "items_needed", "weeks_needed", "units_needed", "correlation",
                "team_correlation"):
        assert number(line[key]) == metric[key], (key, line)
    for key, value in (("items", plan["items"]), ("items_a_week", plan["items_a_week"]),
                       ("people", plan["workers"]), ("teams", plan["teams"]), ("power_wanted", plan["power"]),
                       ("level", plan["confidence"])):
        assert number(line[key]) == value, (key, line)
    assert abs(number(line["weeks"]) - plan["weeks"]) < 1e-8
    for key, value in (("from", plan["period"]["from"]), ("to", plan["period"]["to"]),
                       ("past_from", plan["past"]["from"]), ("past_to", plan["past"]["to"]),
                       ("design", "randomised"), ("unit", "worker"), ("method", metric["method"]),
                       ("scale", metric["scale"]), ("reason", metric["reason"] or "")):
        assert line[key] == value, (key, line)
assert [(number(line["effect"]), number(line["power"])) for line in lines if line["kind"] == "step"] == \
    [(step["effect"], step["power"]) for step in power["metrics"][0]["steps"]]
P
    # The columns are those of docs/output.md, in its order.
    [ "$(sed -n '/^## CSV of what a plan/,$ s/^| \(`[^|]*`\) | .*/\1/p' "$SOURCE/docs/output.md" |
        tr ',' '\n' | tr -d '` ')" = "$(head -1 power.csv | tr -d '\r' | tr ',' '\n')" ]
    # The page says in Markdown what the terminal says, line by line, and the steps as a table.
    COLUMNS=1000 run assay plan power mine
    printf '%s\n' "$output" > power.txt
    run assay plan power mine --format markdown
    [ "$status" -eq 0 ]
    printf '%s\n' "$output" > power.md
    python3 - << 'P'
import re
text, page = (open(name).read().split("\n") for name in ("power.txt", "power.md"))
plain = {re.sub(r"\\([|`*_<>\[\]#\\])", r"\1", re.sub(r"^(- |#+ )", "", line)) for line in page}
assert page[0] == "# What can mine tell?" and any(line.startswith("## ") for line in page)
steps = 0
for line in text[1:]:
    step = re.fullmatch(r"  (\S.*?)  +(over )?(\d+ %)", line)
    if step:
        steps += 1
        assert f"| {step[1]} | {step[2] or ''}{step[3]} |" in page, line
    elif line and "the chance to tell it" not in line:
        assert line in plain, (line, plain)
assert steps > 2 and "| if it improves by | the chance to tell it |" in page
P
    LC_ALL=C.UTF-8 run assay plan power mine --ascii
    [ "$status" -eq 0 ]
    [ -z "$(printf '%s' "$output" | LC_ALL=C tr -d '\n -~')" ]
}

@test "two plans that differ by one person's items are told with the same digits" {
    a_past 40
    writes all --metric satisfaction --design randomised --unit worker
    sed 's/^plan: all/plan: less/; s/^# scope:.*/scope: {where: "size <> 7"}/' w/plans/all.yaml > w/plans/less.yaml
    powers all
    holds 'all(x is None or float(f"{x:.2g}") == x for m in power["metrics"] for x in
        (m["detectable"], m["items_needed"], m["weeks_needed"], m["units_needed"]))'
    holds 'all(float(f"{plan[k]:.2g}") == plan[k] for k in ("items", "items_a_week", "workers", "teams"))'
    powers less
    [ "$status" -eq 0 ]
}

@test "a past that is too thin, or none, is said, and wrong flags are named" {
    a_past 40
    run assay plan new mine --metric satisfaction --design randomised --unit item \
        --use-case support.billing --from 2026-04-10 --to 2026-07-09
    [ "$status" -eq 0 ]
    run assay plan power mine
    [ "$status" -eq 1 ]
    says "can't say (there are not two weeks of such work before the plan's period; import"
    run assay plan power nothing
    [ "$status" -eq 2 ]
    says 'there is no plan "nothing"'
    for flag in "--power 2" "--power x" "--weeks -1" "--items 0" "--items 0.5" "--items 99999999999" "--improve-by ten" "--improve-by 0pp" "--format xml"; do
        # shellcheck disable=SC2086
        run assay plan power mine $flag
        [ "$status" -eq 2 ] || { echo "$flag: $output"; false; }
        says "assay: ${flag%% *}: "
    done
}
