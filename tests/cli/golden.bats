#!/usr/bin/env bats
# The generic connectors beside recorded rows, in every format.
# tests/golden/NAME.csv is what somebody exports, NAME.rows what the workspace then holds, with the key
# of import_helpers.bash.

load import_helpers.bash

# Every row of the tables that the connector fills, in an order of its own.
golden_rows() {
    local table
    for table in $(sed -n 's/^-- into: //p' "$SOURCE/builtin/connectors/$1.sql"); do
        echo "# $table"
        stored "select columns(*)::varchar from \"$table\" order by all"
    done
}

# Each format in a workspace of its own, the last one twice.
golden() {
    local name="$1" file
    cp "$SOURCE/tests/golden/$name.csv" "$name.csv"
    gzip -k "$name.csv"
    write_with "copy (from read_csv('$name.csv')) to '$name.json.zst' (format json, compression zstd)"
    write_with "copy (from read_csv('$name.csv')) to '$name.parquet'"
    for file in "$name.csv.gz" "$name.json.zst" "$name.parquet"; do
        rm -rf w
        new_workspace w
        imports "$name" "$file"
        says "rejected 0"
        golden_rows "$name" > "$file.rows"
        diff "$SOURCE/tests/golden/$name.rows" "$file.rows" || { echo "$file"; false; }
        says_not example.org
        absent 'example\.org|dear customer' -r w
    done
    imports "$name" "$name.csv"
    says "new 0 · changed 0"
    golden_rows "$name" > again
    diff "$SOURCE/tests/golden/$name.rows" again
}

@test "assignments in CSV, JSON lines and Parquet give the recorded rows" {
    golden assignments
}

@test "invoices in CSV, JSON lines and Parquet give the recorded rows" {
    golden invoices
}

@test "items in CSV, JSON lines and Parquet give the recorded rows" {
    golden items
}

@test "labour in CSV, JSON lines and Parquet gives the recorded rows" {
    golden labour
}

@test "measures in CSV, JSON lines and Parquet give the recorded rows" {
    golden measures
}

@test "memberships in CSV, JSON lines and Parquet give the recorded rows" {
    golden memberships
}

@test "people in CSV, JSON lines and Parquet give the recorded rows" {
    golden people
}

@test "policies in CSV, JSON lines and Parquet give the recorded rows" {
    golden policies
}

@test "prices in CSV, JSON lines and Parquet give the recorded rows" {
    golden prices
}

@test "reviews in CSV, JSON lines and Parquet give the recorded rows" {
    golden reviews
}

@test "seats in CSV, JSON lines and Parquet give the recorded rows" {
    golden seats
}

@test "steps in CSV, JSON lines and Parquet give the recorded rows" {
    golden steps
}

@test "usage in CSV, JSON lines and Parquet gives the recorded rows" {
    golden usage
}

@test "the recorded pseudonyms are those of another BLAKE2b" {
    python3 - "$SOURCE/tests/golden" <<'PY'
import csv, hashlib, pathlib, re, sys, unicodedata

KEY = b"the key of tests has 32 bytes ok"
PEOPLE = {"worker", "alias", "reviewer", "unit"}
seen = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.csv")):
    recorded = set(re.findall(r"\b[0-9a-f]{16}\b", path.with_suffix(".rows").read_text()))
    wanted = set()
    for row in csv.DictReader(path.open(newline="")):
        for column in PEOPLE & set(row):
            person = column != "unit" or row["unit_kind"] == "worker"
            name = unicodedata.normalize("NFC", row[column].strip()).lower()
            if person and name:
                wanted.add(hashlib.blake2b(name.encode(), key=KEY, digest_size=16).hexdigest()[:16])
    assert recorded == wanted, (path.name, recorded ^ wanted)
    seen += len(recorded)
assert seen > 10, seen
PY
}
