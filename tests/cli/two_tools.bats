#!/usr/bin/env bats
# Two tools, or two models, side by side: items in which one of two was called first. The means are
# worked out from the files; a planted effect has to be found.

load workspace_helpers.bash
export COLUMNS=1000 LC_ALL=C.UTF-8

# Thirty people, four items each and week; an item is done with one of two tools, by lot, and the
# model goes with another lot. With the tool "chat" it takes 1.5 times as long and satisfies less.
two_tools() {
    python3 - << 'P'
import datetime, random
draw = random.Random(5)
items, calls, rated = open("../items.csv", "w"), open("../usage.csv", "w"), open("../measures.csv", "w")
print("item_id,worker,opened_at,started_at,closed_at,state", file=items)
print("usage_id,occurred_at,worker,tool,model,item_id", file=calls)
print("item_id,name,value", file=rated)
n = 0
for day in range(0, 182, 7):
    for person in range(30):
        for i in range(2):
            tool, model = draw.choice(["copilot", "chat"]), draw.choice(["m1", "m2"])
            start = datetime.datetime(2026, 1, 1) + datetime.timedelta(days=day, minutes=draw.randrange(5000))
            minutes = 600 * draw.lognormvariate(0, 0.3) * (1.5 if tool == "chat" else 1)
            end = (start + datetime.timedelta(minutes=minutes)).replace(microsecond=0)
            print(f"T{n},p{person},{start},{start},{end},done", file=items)
            # The first call decides, whatever follows.
            print(f"a{n},{start + datetime.timedelta(minutes=2)},p{person},{tool},{model},T{n}", file=calls)
            print(f"b{n},{start + datetime.timedelta(minutes=9)},p{person},{draw.choice(['copilot', 'chat'])},m1,T{n}", file=calls)
            print(f"T{n},quality,{min(1, max(0, draw.gauss(0.7, 0.1) - (0.2 if tool == 'chat' else 0))):.4f}", file=rated)
            n += 1
for person in range(30):
    for i, when in enumerate(["2025-12-01", "2026-12-01"]):
        print(f"e{person}{i},{when},p{person},copilot,m1,", file=calls)
P
    "$ASSAY" import items ../items.csv --set use_case=x > ../log
    "$ASSAY" import usage ../usage.csv > ../log
    "$ASSAY" import measures ../measures.csv > ../log
}

compare() {
    "$ASSAY" compare 2026Q2 "$@"
}

@test "of two tools and of two models the means are those of the files, in every format" {
    two_tools
    for pair in tool=copilot,tool=chat model=m1,model=m2; do
        compare --metric quality_score --arms "$pair" --format json > ../got.json
        valid ../got.json
        python3 - "$pair" << 'P'
import csv, json, sys
kind, names = sys.argv[1].split("=")[0], [arm.split("=")[1] for arm in sys.argv[1].split(",")]
first, rated = {}, {row["item_id"]: float(row["value"]) for row in csv.DictReader(open("../measures.csv"))}
for call in csv.DictReader(open("../usage.csv")):
    if call["item_id"]:
        first.setdefault(call["item_id"], call[kind])
opened = {row["item_id"]: row["opened_at"] for row in csv.DictReader(open("../items.csv"))}
comparison = json.load(open("../got.json"))["rows"][0]["comparison"]
assert comparison["arms_from"] == kind, comparison["arms_from"]
means = []
for arm, name in zip(comparison["arms"], names):
    values = [rated[item] for item, label in first.items() if label == name and opened[item] >= "2026-04"]
    means.append(sum(values) / len(values))
    assert arm["arm"] == name and arm["items"] == len(values) and abs(arm["value"] - means[-1]) < 1e-9, (arm, len(values))
assert abs(comparison["naive"]["effect"] - (means[1] - means[0])) < 1e-9
# By design 0.2 of the scale between tools, and nothing between models.
low, high = comparison["interval"]
assert low < (-0.2 if kind == "tool" else 0) < high and high - low < 0.05, (low, high)
P
        name="${pair%%=*}"
        compare --metric quality_score --arms "$pair" > ../text
        compare --metric quality_score --arms "$pair" --format markdown > ../markdown
        compare --metric quality_score --arms "$pair" --format csv > ../csv
        second="$([ "$name" = tool ] && echo chat || echo m2)"
        grep -q "$second  *[34][0-9][0-9]  *30" ../text || { cat ../text; false; }
        grep -q "with $second and 0.[0-9]* with" ../text || { cat ../text; false; }
        grep -q "$second" ../markdown
        grep -q "^x,quality_score,comparison,.*,$second," ../csv || { cat ../csv; false; }
    done
}

@test "a planted effect of a tool on times is found, and nobody says that AI did it" {
    two_tools
    compare --metric cycle_time --arms tool=copilot,tool=chat --landmark 1h --format json > ../got.json
    valid ../got.json
    python3 - << 'P'
import json
row = json.load(open("../got.json"))["rows"][0]
low, high = row["comparison"]["interval"]
# The landmark takes an hour off both: 1.5 becomes (1.5 m - 1) / (m - 1) for a mean of m hours.
mean = 600 * 2.718281828 ** (0.3 ** 2 / 2) / 60
assert low < (1.5 * mean - 1) / (mean - 1) - 1 < high and low > 0.3, (low, high)
assert row["without_ai"] is None and row["verdict"]["word"] == "unproven"
P
    compare --metric cycle_time --arms tool=copilot,tool=chat --landmark 1h > ../text
    grep -q "with AI" ../text && { cat ../text; false; }
    run compare --metric cost_per_completed --arms model=m1,model=m2
    [ "$status" -le 2 ]
    run compare --metric cycle_time --arms tool=copilot,tool=copilot
    [ "$status" -le 2 ] || { echo "$output"; false; }
}

# Half of the people were to use one tool; which tool an item then met is of no account to the draw.
# (assay assign writes such arms; an import has names without "=".)
@test "two tools that a plan drew are compared as drawn, whichever was called first" {
    two_tools
    { echo plan,unit_kind,unit,arm,probability
      for person in {0..29}; do
          [ $((person % 3 % 2)) -eq 0 ] && tool=copilot || tool=chat
          echo "tools,worker,p$person,$tool,0.5"
      done; } > ../drawn.csv
    "$ASSAY" import assignments ../drawn.csv > ../log
    "$RUN_SQL" assay.duckdb "update assignment set arm = 'tool=' || arm"
    printf '%s\n' 'plan: tools' 'use_case: x' 'design: {kind: randomised, unit: worker}' \
        'arms: [tool=copilot, tool=chat]' 'period: {from: 2026-04-01, to: 2026-06-30}' \
        'primary: {metric: quality_score, improve_by: 2pp}' > plans/tools.yaml
    "$ASSAY" compare tools --format json > ../got.json
    valid ../got.json
    python3 - << 'P'
import csv, json
rated = {row["item_id"]: float(row["value"]) for row in csv.DictReader(open("../measures.csv"))}
drawn = {row["unit"]: "tool=" + row["arm"] for row in csv.DictReader(open("../drawn.csv"))}
comparison = json.load(open("../got.json"))["rows"][0]["comparison"]
assert comparison["arms_from"] == "assignment" and comparison["design"] == "randomised", comparison
for arm in comparison["arms"]:
    scores = [rated[row["item_id"]] for row in csv.DictReader(open("../items.csv"))
              if "2026-04-01" <= row["closed_at"] < "2026-07-01" and drawn[row["worker"]] == arm["arm"]]
    assert arm["items"] == len(scores), (arm, len(scores))
    assert abs(arm["value"] - sum(scores) / len(scores)) < 1e-9, (arm, sum(scores) / len(scores))
P
}
