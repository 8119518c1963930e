#!/usr/bin/env bats
# The rate of finishing beside a restricted mean: against R's survival on lung, women beside men, with
# institutions as people.

load import_helpers.bash

# Rows of lung with an institution; the grade is a stratum. Who was censored gave up.
the_trial() {
    python3 - << 'P'
import csv, os
from datetime import datetime, timedelta
start = datetime(2024, 1, 1)
with open("items.csv", "w") as items, open("trial.csv", "w") as trial:
    print("item_id,use_case,worker,role,opened_at,closed_at,state", file=items)
    print("plan,unit_kind,unit,arm,probability", file=trial)
    for i, row in enumerate(csv.DictReader(open(os.environ["ASSAY_SHARED_DATA"] + "/lung/data.csv"))):
        if row["inst"] == "NA":
            continue
        close = start + timedelta(days=int(row["time"]))
        print(f"T{i},a.b,w{row['inst']},g{row['ph.ecog']},{start},{close},{['abandoned', 'done'][row['status'] == '2']}", file=items)
        for plan in ("all", "graded"):
            if plan == "all" or row["ph.ecog"] in ("0", "1", "2", "3"):
                print(f"{plan},item,T{i},{['no_ai', 'ai'][row['sex'] == '2']},0.5", file=trial)
P
    imports items items.csv
    imports assignments trial.csv
    printf 'metric: lasting\nlabel: How long\nkind: duration\nfrom: opened_at\nto: closed_at\nhorizon: 365d\nabandoned: censored\nbetter: lower\nmaterial: 10%%\n' \
        > w/metrics/lasting.yaml
    for plan in all graded; do
        strata=""
        [ "$plan" = all ] || strata=", strata: [role]"
        printf 'plan: %s\nuse_case: a.b\ndesign: {kind: randomised, unit: item%s}\nperiod: {from: 2024-01-01, to: 2024-01-31}\nprimary: {metric: lasting, improve_by: 10%%}\n' \
            "$plan" "$strata" > "w/plans/$plan.yaml"
    done
}

# agrees CASE FILE
agrees() {
    python3 - "$@" << 'P'
import json, os, sys
wanted = json.load(open(os.environ["SOURCE"] + "/tests/oracle/hazard_ratio.json"))[sys.argv[1]]
got = json.load(open(sys.argv[2]))["rows"][0]["comparison"]["hazards"]
for name, one, other in [("ratio", got["ratio"], wanted["ratio"]), ("low", got["interval"][0], wanted["low"]),
                         ("high", got["interval"][1], wanted["high"]), ("p", got["log_rank_p"], wanted["log_rank_p"])]:
    assert abs(one - other) <= 1e-6 * abs(other), (name, one, other)
P
}

valid() {
    python3 -c 'import json, jsonschema, sys
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))' \
        "$SOURCE/docs/report.schema.json" "$1"
}

@test "a hazard ratio, its interval and the log-rank p are R's, with errors by cluster" {
    [ -n "$ASSAY_SHARED_DATA" ] || skip
    the_trial
    assay compare all --format json > all.json
    valid all.json
    agrees to_365 all.json
    run assay compare all
    says "Rate of finishing: given AI 0.535 times that not given AI (0.335 … 0.854), log-rank p 0.01;"
    says "secondary, no verdict reads it"
}

@test "a spreadsheet has a line of it" {
    [ -n "$ASSAY_SHARED_DATA" ] || skip
    the_trial
    assay compare all --format csv > all.csv
    python3 - << 'P'
import csv, json, os
wanted = json.load(open(os.environ["SOURCE"] + "/tests/oracle/hazard_ratio.json"))["to_365"]
got = [row for row in csv.DictReader(open("all.csv", newline="")) if row["kind"] == "hazard_ratio"]
assert len(got) == 1 and got[0]["scale"] == "ratio" and got[0]["level"] == "0.95", got
assert (got[0]["plan"], got[0]["arm_0"], got[0]["arm_1"]) == ("all", "no_ai", "ai"), got
for column, name in [("effect", "ratio"), ("low", "low"), ("high", "high"), ("p", "log_rank_p")]:
    assert abs(float(got[0][column]) / wanted[name] - 1) <= 1e-6, (column, got[0], wanted)
P
}

@test "within strata, items meet those of their own stratum" {
    [ -n "$ASSAY_SHARED_DATA" ] || skip
    the_trial
    assay compare graded --format json > graded.json
    valid graded.json
    agrees strata_to_365 graded.json
}

@test "what is no time has none, and a comparison that is withheld shows none" {
    [ -n "$ASSAY_SHARED_DATA" ] || skip
    the_trial
    printf 'metric: spent\nlabel: Spent\nkind: mean\nvalue: minutes(closed_at - opened_at)\nbetter: lower\nmaterial: 10%%\n' \
        > w/metrics/spent.yaml
    sed 's/^plan: all/plan: spent/; s/metric: lasting/metric: spent/' w/plans/all.yaml > w/plans/spent.yaml
    sed 's/^all,/spent,/' trial.csv > spent.csv
    imports assignments spent.csv
    assay compare spent --format json > spent.json
    grep -q '"hazards": null' spent.json
    sed -i 's/^min_group:.*/min_group: 19/' w/assay.yaml
    assay compare all --format json > few.json || true
    grep -q '"word": "withheld"' few.json
    ! grep -q 'log_rank_p' few.json
    assay compare all --format csv > few.csv || true
    ! grep -q 'hazard_ratio' few.csv
}
