# A test of its own workspace, w, in which it stands.

setup() {
    folder=$(mktemp -d)
    cd "$folder"
    "$ASSAY" init w --timezone UTC >/dev/null
    cd w
}

teardown() {
    rm -rf "$folder"
}

# grep finds nothing. (`! grep` alone fails no test.)
absent() {
    if LC_ALL=C grep "$@"; then return 1; fi
}

# The document is as its schema says.
valid() {
    python3 - "$SOURCE/docs/report.schema.json" "$1" <<'PY'
import json, sys
import jsonschema
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))
PY
}
