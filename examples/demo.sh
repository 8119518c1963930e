#!/bin/sh
# demo.sh BUILD: what assay does, on a small support desk with a known truth and on this project's own
# history. Everything happens in a temporary folder.
set -eu
cd "$(dirname "$0")/.."
build=$(realpath "$1")
assay=$build/assay
project=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || say() { printf '\n%s\n' "$*"; }

say "1. A support desk: six thousand tickets, their AI calls, a trial in one kind of work"
"$build/examples/support/support-desk" "$folder/desk"
"$assay" init "$folder/support" --timezone UTC >/dev/null
cp examples/support/use_cases.yaml "$folder/support/"
(
    cd "$folder/support"
    "$assay" import items ../desk/tickets.csv --map item_id="Ticket ID" --map opened_at=Created \
        --map started_at=Started --map closed_at=Closed --map worker=Assignee --map team=Team \
        --map state=Status --map updated_at=Updated --map attr.group=Group --map size=Words \
        --map attr.solved=Solved --map measure.predicted_minutes="Expected Minutes" \
        --map measure.reopened=Reopened
    "$assay" import usage ../desk/usage.csv
    "$assay" import measures ../desk/satisfaction.csv
    "$assay" import assignments ../desk/trial.csv
    say "assay report"
    "$assay" report
    "$assay" report --format json >../report.json
    say "What was planted in the time to complete, beside what was found"
    python3 "$project/examples/support/beside_truth.py" ../desk/truth.json ../report.json
    cat <<'TEXT'
Billing was a trial, so its effect is AI's. In technical work longer tickets met AI more often and AI
did nothing: assay counts time from a landmark on and calls it unproven. Returns got faster by
something else, and nothing is said of AI.
TEXT
)

say "2. This project's own history"
if git rev-parse --git-dir >/dev/null 2>&1 && [ "$(git rev-list --count HEAD)" -gt 1 ]; then
    "$assay" init "$folder/own" --own-data --timezone UTC >/dev/null
    (
        cd "$folder/own"
        "$assay" import git "$project"
        # All of it: a young history has no quarter that has ended.
        set -- $(git -C "$project" log --format=%cs | sort | sed -n '1p;$p')
        say "assay report --from $1 --to $2"
        "$assay" report --from "$1" --to "$2"
    )
else
    echo "This copy has no history (it was not cloned, or only its newest commit was): left out."
fi

say "3. The same with your own repository and tickets"
cat <<TEXT
  $assay init q && cd q          (--own-data if all data is your own or consented)
  $assay import git ~/src/app    and/or: import items tickets.csv --map item_id="Ticket ID" …
  $assay report
TEXT
