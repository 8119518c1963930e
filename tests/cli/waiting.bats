#!/usr/bin/env bats
# Work that waits before anybody begins it: no AI can be used on it meanwhile, which is not AI's doing.

load import_helpers.bash
load plan_helpers.bash

# 24 people with 32 tickets each. Every length of work is there four times for each person: begun at once
# or after 5 hours, with a call 5 minutes after the start or none, which adds a minute or takes one
# off, in turn. Beside them tickets that nobody has begun.
tickets() {
    python3 - << 'P'
import datetime, random
draw = random.Random(3)
with open("items.csv", "w") as items, open("usage.csv", "w") as usage:
    print("item_id,use_case,worker,opened_at,started_at,closed_at,state", file=items)
    print("usage_id,occurred_at,grain,worker,tool,item_id,status", file=usage)
    n = 0
    for worker in range(24):
        for k in range(8):
            minutes = 5 + int(draw.lognormvariate(5, 0.7))
            for waits in (0, 5):
                for ai in (0, 1):
                    n += 1
                    opened = datetime.datetime(2026, 7, 1) + datetime.timedelta(hours=2 * n)
                    start = opened + datetime.timedelta(hours=waits)
                    close = start + datetime.timedelta(minutes=minutes + ai * (-1) ** (k + worker))
                    print(f"T{n},help,w{worker},{opened},{start},{close},done", file=items)
                    if ai:
                        print(f"U{n},{start + datetime.timedelta(minutes=5)},call,w{worker},aid,T{n},ok", file=usage)
    for k in range(40):
        print(f"Q{k},help,w{k % 24},2026-09-{1 + k % 20:02d} 08:00:00,,,open", file=items)
    print("last,other,w1,2026-10-29 00:00:00,2026-10-29 00:00:00,2026-10-30 00:00:00,done", file=items)
    print("first,2026-06-01 00:00:00,call,someone,aid,,ok\nend,2026-10-30 00:00:00,call,someone,aid,,ok", file=usage)
P
    imports items items.csv
    imports usage usage.csv
}

@test "as found, times count from the start of work on, and what nobody has begun takes no part" {
    local metric
    tickets
    for metric in cycle_time time_to_complete; do
        compares 2026Q3 --use-case help --metric "$metric"
        python3 - << 'P'
import json
c = json.load(open("answer.json"))["rows"][0]["comparison"]
arms = [arm["items"] for arm in c["arms"]]
assert abs(arms[0] - arms[1]) < 10 and arms[0] > 200, arms
assert abs(c["naive"]["effect"]) < 0.01 and abs(c["effect"]) < 0.01, (c["naive"], c["effect"])
assert c["excluded"]["open"] == 40, c["excluded"]
P
    done
}
