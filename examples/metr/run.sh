#!/bin/sh
# run.sh CSV: METR's trial from its CSV to seven intervals, in a workspace that is thrown away.
# Prints, last, one line of JSON per convention of standard errors; low and high by the normal
# quantile as published, but for cr3 and for cr2, which is assay's own default: t with
# Satterthwaite's degrees of freedom. effect, low and high are ratios minus 1.
set -eu

if [ $# -ne 1 ] || [ ! -r "$1" ]; then
    echo "usage: run.sh CSV   (data_complete.csv of the trial; see README.md)" >&2
    exit 2
fi
csv=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
assay=${ASSAY:-$here/../../build/assay}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$assay" init "$folder/metr" --timezone UTC >/dev/null
cp "$here/connectors/metr.sql" "$folder/metr/connectors/"
cp "$here/metrics/total_minutes.yaml" "$folder/metr/metrics/"
cd "$folder/metr"
"$assay" import metr "$csv"

compare() {
    "$assay" compare --metric total_minutes --adjust 'ln(predicted_minutes)' "$@"
}

compare
for errors in classical hc2 hc3 cr0 cr1 cr3 cr2; do
    quantile=normal
    case $errors in cr2 | cr3) quantile=t ;; esac
    compare --errors "$errors" --quantile "$quantile" --format json | python3 -c '
import json, sys
comparison = json.load(sys.stdin)["rows"][0]["comparison"]
low, high = comparison["interval"]
print(json.dumps({"errors": comparison["errors"], "effect": comparison["effect"],
                  "low": low, "high": high}))'
done
