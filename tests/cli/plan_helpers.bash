# What the tests of plans' answers share.

# A field of the answer's first row, such as comparison.arms.0.items.
field() {
    python3 -c 'import json,sys
value = json.load(open("answer.json"))["rows"][0]
for part in sys.argv[1].split("."):
    value = value[int(part)] if part.isdigit() else value[part]
print(value)' "$1"
}

# Compares into answer.json, which has to be as its schema says.
compares() {
    run assay compare "$@" --format json
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
    printf '%s\n' "$output" > answer.json
    python3 -c 'import json, jsonschema, sys
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))' \
        "$SOURCE/docs/report.schema.json" answer.json
}

# compare says no, and why.
has_no_answer() {
    run assay compare "$1"
    [ "$status" -eq 1 ] || { echo "exit $status: $output"; false; }
    says "$2"
}

# A metric of the measure `score`: a mean without a time to mature.
a_score() {
    cat > w/metrics/score.yaml << 'Y'
metric: score
label: Score
kind: mean
value: score
unit: points
better: higher
material: "1"
Y
}
