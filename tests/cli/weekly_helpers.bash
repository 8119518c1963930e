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
