# What the tests of comparisons week by week share.

# Items, scores and calls of a CSV like tests/oracle/dose.csv: AI is used within half an hour of the
# start.
teams_weeks() {
    DATA="$1" python3 - << 'P'
import csv, datetime, os
rows = list(csv.DictReader(open(os.environ["DATA"])))
with open("items.csv", "w") as items, open("measures.csv", "w") as measures, open("usage.csv", "w") as usage:
    print("item_id,use_case,worker,team,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    print("usage_id,occurred_at,grain,worker,team,tool,item_id,status", file=usage)
    for n, r in enumerate(rows):
        opened = datetime.datetime.fromisoformat(r["opened"])
        closed = opened + datetime.timedelta(minutes=int(r["minutes"])) if r["minutes"] else None
        print(f"T{n},support.billing,{r['worker']},{r['team']},{opened},{closed or ''},{'done' if closed else 'open'}", file=items)
        for name in "score", "late":
            if r.get(name):
                print(f"T{n},{name},{closed or opened},{r[name]}", file=measures)
        if r["ai"] == "1":
            used = opened + datetime.timedelta(minutes=min(30, int(r["minutes"] or 30)))
            print(f"U{n},{used},call,{r['worker']},{r['team']},aid,T{n},ok", file=usage)
    for team in sorted({r["team"] for r in rows}):
        for day in "2026-06-01", "2026-10-30":
            print(f"{day}{team},{day} 00:00:00,call,,{team},aid,,ok", file=usage)
    print("last,other.work,w1,,2026-10-29 00:00:00,2026-10-30 00:00:00,done", file=items)
P
    imports items items.csv
    imports measures measures.csv
    imports usage usage.csv
}

# A metric by its name, and lines that take the place of those of the same key.
a_metric() {
    printf '%s\n' "metric: $1" "label: $1" "better: higher" "${@:2}" > "w/metrics/$1.yaml"
}

# Items of a CSV like tests/oracle/worker_week.csv, and use by person and day as an export of Copilot's
# metrics has it: days with two features, and none that names an item.
people_weeks() {
    DATA="$1" DAYS="$2" python3 - << 'P'
import csv, datetime, json, os
with open("items.csv", "w") as items, open("measures.csv", "w") as measures:
    print("item_id,use_case,worker,team,opened_at,closed_at,state", file=items)
    print("item_id,name,occurred_at,value", file=measures)
    for n, r in enumerate(csv.DictReader(open(os.environ["DATA"]))):
        opened = datetime.datetime.fromisoformat(r["opened"])
        closed = opened + datetime.timedelta(minutes=int(r["minutes"])) if r["minutes"] else None
        print(f"T{n},support.billing,{r['worker']},{r['team']},{opened},{closed or ''},{'done' if closed else 'open'}", file=items)
        print(f"T{n},score,{closed or opened},{r['score']}", file=measures)
    print("last,other.work,nobody,,2026-11-01 00:00:00,2026-11-02 00:00:00,done", file=items)
with open("copilot.jsonl", "w") as out:
    for n, r in enumerate(csv.DictReader(open(os.environ["DAYS"]))):
        features = ["code_completion", "chat_panel_agent_mode"][:1 + n % 2]
        print(json.dumps({"day": r["day"], "user_id": 1, "user_login": r["worker"], "totals_by_feature":
                          [{"feature": f, "user_initiated_interaction_count": 3} for f in features]}), file=out)
P
    imports items items.csv
    imports measures measures.csv
    imports copilot_metrics copilot.jsonl
}

# The interval holds a number: holds NUMBER [naive].
holds() {
    python3 - "$@" << 'P'
import json, sys
c = json.load(open("answer.json"))["rows"][0]["comparison"]
low, high = (c["naive"] if sys.argv[2:] else c)["interval"]
print(low, high)
sys.exit(not low <= float(sys.argv[1]) <= high)
P
}

# The answer is that of an oracle's file under a name: as_weekly_oracle FILE NAME plain|log|share.
as_weekly_oracle() {
    python3 - "$@" << 'P'
import json, math, os, sys
c = json.load(open("answer.json"))["rows"][0]["comparison"]
wanted = json.load(open(os.environ["SOURCE"] + "/tests/oracle/" + sys.argv[1]))[sys.argv[2]]
near = lambda x, y: abs(x - y) < 1e-8 * max(1, abs(y))
how = sys.argv[3]
shown = math.expm1 if how == "log" else lambda x: x
effect, interval = shown(wanted["value"]), [shown(end) for end in wanted["interval"]]
if how == "share":
    effect, interval = wanted["share_of_mean"], wanted["share_interval"]
assert near(c["effect"], effect), (c["effect"], effect)
assert all(near(a, b) for a, b in zip(c["interval"], interval)), (c["interval"], interval)
assert near(c["df"], wanted["df"]) and near(c["p"], wanted["p"]), (c["df"], c["p"])
assert [arm["items"] for arm in c["arms"]] == wanted["items"], c["arms"]
got = c["weekly"]
assert all(got[key] == wanted[key] for key in ("units", "weeks", "unit_weeks")), got
assert near(got["share"], wanted["share"]) and near(got["spread"], wanted["spread"]), got
assert c["unit"] == c["errors_by"] == got["unit"]
if c["design"] == "dose":
    assert near(got["tenth"], math.expm1(wanted["value"] / 10) if how == "log" else effect / 10), got
else:
    assert got["tenth"] is None
P
}
