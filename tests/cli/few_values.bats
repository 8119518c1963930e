#!/usr/bin/env bats
# Sizes of few values (points, priorities): each is a cell, against sums of the file.

load import_helpers.bash
load plan_helpers.bash

# 900 tickets of 30 people, of one team. A tenth has size 1, the others 3 or 8; the larger, the more
# often AI is named and the higher the score, whatever AI does.
tickets() { # [WHAT TO ADD TO THE SIZES]
    python3 - "${1:-0}" << 'P'
import random, sys
add = int(sys.argv[1])
draw = random.Random(11)
with open("items.csv", "w") as items, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,size,opened_at,closed_at,state,ai_declared", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    for n in range(900):
        size = draw.choices([1, 3, 8], [10, 45, 45])[0]
        named = "aid" if draw.random() < {1: 0.1, 3: 0.5, 8: 0.8}[size] else ""
        day = f"2026-07-{1 + n % 28:02d}"
        print(f"T{n},help,p{n % 30},one,{size + add},{day} 09:00:00,{day} 17:00:00,done,{named}", file=items)
        print(f"T{n},score,{day} 17:00:00,{10 * size + draw.gauss(0, 1):.3f}", file=measures)
    print(f"last,other,p1,one,{1 + add},2026-11-01 00:00:00,2026-11-02 00:00:00,done,", file=items)
P
    imports items items.csv
    imports measures measures.csv
    a_score
}

like_with_like_is_of_one_size() {
    compares --metric score --use-case help --from 2026-07-01 --to 2026-09-30
    python3 - << 'P'
import csv, json
c = json.load(open("answer.json"))["rows"][0]["comparison"]
value = {r["item_id"]: float(r["value"]) for r in csv.DictReader(open("measures.csv"))}
cells = {}
for r in csv.DictReader(open("items.csv")):
    if r["use_case"] == "help":
        cells.setdefault(r["size"], ([], []))[r["ai_declared"] != ""].append(value[r["item_id"]])
mean = lambda x: sum(x) / len(x)
named = sum(len(arms[1]) for arms in cells.values())
wanted = sum(len(arms[1]) / named * (mean(arms[1]) - mean(arms[0])) for arms in cells.values())
assert abs(c["effect"] - wanted) < 1e-9, (c["effect"], wanted)
assert c["naive"]["effect"] > 10 and c["interval"][0] < 0 < c["interval"][1], c
P
}

@test "like with like compares items of one size with each other, where sizes are few" {
    tickets
    like_with_like_is_of_one_size
}

@test "sizes that differ in their eighth digit are two" {
    tickets 20000000
    like_with_like_is_of_one_size
}

@test "groups of few sizes are named by their size" {
    tickets
    compares --metric score --use-case help --from 2026-07-01 --to 2026-09-30 --by size
    python3 - << 'P'
import json
by = json.load(open("answer.json"))["rows"][0]["comparison"]["by"][0]
names = {cell["cell"] for cell in by["cells"]}
assert {"3", "8"} <= names, names
P
}
