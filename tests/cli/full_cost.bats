#!/usr/bin/env bats
# What a completed item costs with people's booked time, against sums of the files.

load import_helpers.bash
load plan_helpers.bash

# 600 tickets of 24 people of three roles, half given AI by lot. Analysts are dearer from August on,
# helpers cost what everybody without a rate does, and of guests nothing is known once that is gone.
a_desk() {
    python3 - << 'P'
import csv, datetime, random
draw = random.Random(5)
rates = [("analyst", "", 60), ("analyst", "2026-08-01", 90), ("", "2026-01-01", 30)]
tables = {name: csv.writer(open(name + ".csv", "w")) for name in ("items", "measures", "usage", "trial", "labour")}
for name, header in (("items", "item_id,use_case,worker,role,opened_at,started_at,closed_at,state"),
                     ("measures", "item_id,name,occurred_at,value"), ("trial", "plan,unit_kind,unit,arm,probability"),
                     ("usage", "usage_id,occurred_at,grain,worker,tool,item_id,usd,status"),
                     ("labour", "role,since,usd_per_hour")):
    tables[name].writerow(header.split(","))
tables["labour"].writerows(rates)
cost, done, known = {}, {}, {}
for n in range(600):
    role = ("analyst", "helper", "analyst")[n % 3]
    start = datetime.datetime(2026, 7, 1, 9) + datetime.timedelta(days=n % 80)
    arm, state = draw.choice(["no_ai", "ai"]), "abandoned" if draw.random() < 0.1 else "done"
    minutes, review = draw.randrange(20, 200), draw.choice(["", draw.randrange(5, 30)])
    end = start + datetime.timedelta(minutes=300)
    tables["items"].writerow([f"T{n}", "help", f"p{n % 24}", role, start, start, end, state])
    tables["trial"].writerow(["trial", "item", f"T{n}", arm, 0.5])
    usd = round(draw.uniform(0.1, 2), 2) if arm == "ai" else 0
    if usd:
        tables["usage"].writerow([f"U{n}", start, "call", f"p{n % 24}", "aid", f"T{n}", usd, "ok"])
    if draw.random() < 0.05:
        continue  # nobody booked any minutes
    tables["measures"].writerow([f"T{n}", "labour_minutes", end, minutes])
    if review != "":
        tables["measures"].writerow([f"T{n}", "review_minutes", end, review])
    rate = 30 if role == "helper" else 90 if start >= datetime.datetime(2026, 8, 1) else 60
    cost[arm] = cost.get(arm, 0) + usd + (minutes + (review or 0)) / 60 * rate
    done[arm] = done.get(arm, 0) + (state == "done")
    known[arm] = known.get(arm, 0) + 1
for day in ("2026-01-01", "2026-11-01"):
    tables["usage"].writerow([f"at{day}", day, "call", "someone", "aid", "", 0, "ok"])
tables["items"].writerow(["last", "other", "someone", "helper", "2026-11-01", "2026-11-01", "2026-11-02", "done"])
print(*(f"{cost[arm] / done[arm]:.12g} {known[arm]}" for arm in ("no_ai", "ai")), file=open("wanted", "w"))
P
    imports items items.csv
    imports measures measures.csv
    imports usage usage.csv
    imports assignments trial.csv
}

@test "cost with labour is AI's and that of booked and reviewers' minutes, at the rate of the role and day" {
    a_desk
    imports labour labour.csv
    compares --metric full_cost_per_completed --use-case help --from 2026-07-01 --to 2026-09-30
    [ "$(field comparison.design)" = randomised ]
    python3 - << 'P'
import json
row = json.load(open("answer.json"))["rows"][0]
cost_0, items_0, cost_1, items_1 = map(float, open("wanted").read().split())
arms = row["comparison"]["arms"]
assert [arm["items"] for arm in arms] == [items_0, items_1]
for arm, cost in zip(arms, (cost_0, cost_1)):
    assert abs(arm["value"] / cost - 1) < 1e-9, (arm, cost)
assert abs(row["comparison"]["effect"] - (cost_1 / cost_0 - 1)) < 1e-9
assert row["comparison"]["excluded"]["missing"] == 600 - items_0 - items_1
P
}

@test "without what an hour costs, or without booked minutes, no cost is known" {
    a_desk
    run assay compare --metric full_cost_per_completed --use-case help --from 2026-07-01 --to 2026-09-30 --format json
    [ "$status" -eq 1 ]
    python3 -c 'import json, sys
comparison = json.loads(sys.argv[1])["rows"][0]["comparison"]
assert comparison["effect"] is None and comparison["reason"], comparison' "$output"
    sed -i '/^,/d; 4d' labour.csv
    imports labour labour.csv
    run assay compare --metric full_cost_per_completed --use-case help --from 2026-07-01 --to 2026-09-30 --format json
    # A third of the items are of helpers, of whom nothing is known.
    python3 -c 'import json, sys
comparison = json.loads(sys.argv[1])["rows"][0]["comparison"]
assert comparison["excluded"]["missing"] > 200, comparison["excluded"]' "$output"
}
