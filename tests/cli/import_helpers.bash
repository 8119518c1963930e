# What the tests of imports share. ASSAY is the program, RUN_SQL the engine by itself.

setup() {
    dir="$(mktemp -d)"
    cd "$dir"
    export TZ=UTC HOME="$dir"
    unset ASSAY_WORKSPACE
    new_workspace w
}

teardown() {
    cd /
    rm -rf "$dir"
}

# A workspace whose key is known, so that pseudonyms can be written down. It is made once for all
# tests of a file.
new_workspace() {
    local made="$BATS_FILE_TMPDIR/new_workspace"
    if [ ! -d "$made" ]; then
        "$ASSAY" init "$made" > /dev/null
        printf 'the key of tests has 32 bytes ok' > "$made/secret.key"
    fi
    cp -a "$made" "$1"
}

assay() {
    local verb="$1"
    shift
    "$ASSAY" "$verb" --workspace w "$@"
}

# Rows of the workspace, cells separated by tabs.
stored() {
    "$RUN_SQL" w/assay.duckdb "$1"
}

# Runs SQL outside of any workspace: to write files.
write_with() {
    "$RUN_SQL" :memory: "$1"
}

says() {
    [[ "$output" == *"$1"* ]] || { echo "wanted: $1"; echo "got: $output"; false; }
}

says_not() {
    [[ "$output" != *"$1"* ]] || { echo "unwanted: $1"; echo "got: $output"; false; }
}

# No line of FILE... matches: absent PATTERN FILE...
absent() {
    if grep -aiE "$@"; then
        echo "found: $1"
        false
    fi
}

# Nothing in the workspace or in $output holds the text.
nowhere() {
    says_not "$1"
    if grep -raliF -e "$1" w; then
        echo "found in the workspace: $1"
        false
    fi
}

# Runs assay, which has to succeed.
succeeds() {
    run assay "$@"
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
}

imports() {
    run assay import "$@"
    [ "$status" -eq 0 ] || { echo "exit $status: $output"; false; }
}

# imports_together TABLE=FILE...: of each, with facts built of them. Where the same bytes went into the
# same workspace before, in a test of this file, its database is copied from then.
imports_together() {
    local made table files=()
    for table in "$@"; do files+=("${table#*=}"); done
    made="$BATS_FILE_TMPDIR/$(cat w/assay.duckdb w/*.yaml w/plans/*.yaml "${files[@]}" 2> /dev/null |
        sha256sum | cut -c1-64)"
    if [ ! -e "$made" ]; then
        for table in "$@"; do imports "${table%%=*}" "${table#*=}"; done
        assay status > /dev/null
        cp w/assay.duckdb "$made"
    fi
    cp "$made" w/assay.duckdb
}

# There were rows, and none was accepted.
accepts_none() {
    run assay import "$@"
    [ "$status" -eq 1 ] || { echo "exit $status: $output"; false; }
    says "accepted 0"
}

# Refused as the user's error, in one line, with nothing stored.
refused() {
    run assay import "$@"
    [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
    [[ "$output" == "assay: "* ]] || { echo "$output"; false; }
    [ "$(grep -c '' <<< "$output")" -eq 1 ] || { echo "more than one line: $output"; false; }
    [ "$(stored 'select (select count(*) from item) + (select count(*) from rejected)
        + (select count(*) from imported)')" = 0 ]
}
