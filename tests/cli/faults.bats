# A full disk, a workspace that may only be read, others beside, other versions, a cut registry:
# what is said, and that nothing is lost.

load import_helpers

teardown() {
    if [ -n "$holder" ]; then
        kill "$holder" 2> /dev/null || true
    elif [ -d "$dir/disk" ]; then
        umount "$dir/disk" || true
    fi
    cd /
    rm -rf "$dir"
}

# ---- A small disk --------------------------------------------------------------------------

# Runs a command where the disk is mounted: here for root, else in a namespace of our own.
there() {
    if [ -n "$holder" ]; then
        nsenter --target "$holder" --user --mount --preserve-credentials --wd="$PWD" -- "$@"
    else
        "$@"
    fi
}

# A disk of its own of 16 MB at $disk, in memory, where files have a page of 4096 bytes as their
# least room. The workspace w moves there.
small_disk() {
    disk="$dir/disk"
    mkdir "$disk"
    if [ "$(id -u)" -ne 0 ] || ! mount -t tmpfs -o size=16m none "$disk" 2> "$dir/refused"; then
        unshare --user --map-root-user --mount sleep infinity 3>&- &
        holder=$!
        # The namespace is there once the process is `sleep`.
        until [ "$(cat "/proc/$holder/comm" 2> /dev/null)" = sleep ]; do
            kill -0 "$holder" 2> /dev/null || { holder=; skip "NOT TESTED: no small disk can be mounted"; }
        done
        there mount -t tmpfs -o size=16m none "$disk" 2> "$dir/refused" ||
            skip "NOT TESTED: no small disk can be mounted"
    fi
    there cp -r w "$disk/w"
    w="$disk/w"
}

# Leaves so many KB free.
leave() {
    local free
    free="$(($(there df --output=avail -B1 "$disk" | tail -1) - $1 * 1024))"
    there fallocate -l "$free" "$disk/filling"
}

make_room() {
    there rm -f "$disk/filling"
}

on_disk() {
    local verb="$1"
    shift
    there "$ASSAY" "$verb" --workspace "$w" "$@"
}

# Everything in the workspace's tables, in one line.
content() {
    there "$RUN_SQL" "$w/assay.duckdb" "select
        (select (count(*), bit_xor(hash(t::varchar))) from item t),
        (select (count(*), bit_xor(hash(t::varchar))) from facts t),
        (select (count(*), bit_xor(hash(t::varchar))) from imported t),
        (select string_agg(t::varchar, ' ' order by thing) from about_workspace t)"
}

# What ran last was refused for want of room at that file, in one line with the mend.
was_full() {
    [ "$status" -eq 2 ] || { echo "exit $status: $output"; false; }
    says "assay: $w/$1: no space left on the disk; what was there before is unharmed: make room, then run the command again"
    [ "$(grep -c '' <<< "$output")" -eq 1 ]
}

# full PLACE COMMAND...
full() {
    local place="$1"
    shift
    run on_disk "$@"
    was_full "$place"
}

# rows FIRST LAST > FILE
rows() {
    awk -v first="$1" -v last="$2" 'BEGIN { print "item_id,worker,opened_at,closed_at,size"
        for (i = first; i <= last; i++)
            print "T" i ",person" i % 97 ",2026-0" i % 6 + 1 "-02 10:00:00,2026-07-02 11:00:00," i % 50 }'
}

# A few items, counted; more.csv is to come.
some_data() {
    rows 1 200 > items.csv
    rows 201 5200 > more.csv
    imports items items.csv
    assay report > before.txt
}

# A report without the head of the registry.
without_head() {
    sed '/^assay .* registry$/{N; s/\n *[0-9a-f]*$//}; s/\(^assay .* registry\) [0-9a-f]*$/\1/'
}

@test "an import that meets a full disk keeps nothing or all, and goes on with room" {
    some_data
    small_disk
    before="$(content)"
    there cp -r "$w" "$disk/saved"
    kept=0
    for room in 0 256 512 640 768 1024; do
        leave "$room"
        run on_disk import items more.csv
        # What is there can be read on the full disk.
        there "$ASSAY" status --rejected --workspace "$w" > /dev/null
        echo "$room KB: exit $status"
        if [ "$status" -eq 0 ]; then
            kept=$((kept + 1))
            make_room
            [ "$(there "$RUN_SQL" "$w/assay.duckdb" 'select count(*) from item')" = 5200 ]
        else
            was_full assay.duckdb
            on_disk report | cmp - before.txt
            make_room
            [ "$(content)" = "$before" ]
        fi
        run on_disk import items more.csv
        [ "$status" -eq 0 ]
        says "accepted 5000"
        [ "$(there "$RUN_SQL" "$w/assay.duckdb" 'select count(*) from item')" = 5200 ]
        there rm -r "$w"
        there cp -r "$disk/saved" "$w"
    done
    # Rooms of both kinds were met.
    [ "$kept" -gt 0 ]
    [ "$kept" -lt 6 ]
}

@test "facts that meet a full disk are built with room, and the report is the same" {
    some_data
    imports items more.csv
    small_disk
    before="$(content)"
    for room in 0 512; do
        leave "$room"
        full assay.duckdb report
        says "have changed since the items were last counted"
        full assay.duckdb status
        make_room
        [ "$(content)" = "$before" ]
    done
    on_disk report > there.txt
    assay report | cmp - there.txt
}

@test "a setting that meets a full disk is one line of the registry, whichever write fails" {
    some_data
    small_disk
    there sed -i 's/^min_group: .*/min_group: 10/' "$w/assay.yaml"
    there cp -r "$w" "$disk/saved"

    # The line finds room in the page that the file has; the database finds none.
    leave 0
    full assay.duckdb report
    # What is registered has to be written no more.
    on_disk report | grep -q "was changed since the workspace was made (once;"
    make_room
    on_disk report > there.txt
    grep -q "was changed since the workspace was made (once;" there.txt
    [ "$(there cat "$w/registry.jsonl" | wc -l)" -eq 2 ]

    # A line that does not fit into the page leaves nothing of it.
    there rm -r "$w"
    there cp -r "$disk/saved" "$w"
    prev="$(there sha256sum "$w/registry.jsonl" | cut -d' ' -f1)"
    line='{"n":2,"at":"2026-01-01T00:00:00Z","kind":"look","prev":"'$prev'","note":"'
    wanted=$((4096 - 20 - $(there stat -c %s "$w/registry.jsonl") - ${#line} - 3))
    printf '%s%s"}\n' "$line" "$(printf "%${wanted}s" | tr ' ' x)" | there tee -a "$w/registry.jsonl" > /dev/null
    [ "$(there stat -c %s "$w/registry.jsonl")" -eq 4076 ]
    registry="$(there sha256sum "$w/registry.jsonl")"
    leave 0
    full registry.jsonl report
    [ "$(there sha256sum "$w/registry.jsonl")" = "$registry" ]
    make_room
    # The same answer, under a registry of one line more.
    cmp <(on_disk report | without_head) <(without_head < there.txt)
    [ "$(there cat "$w/registry.jsonl" | wc -l)" -eq 3 ]
    [ "$(there sed -n 2p "$w/registry.jsonl" | sha256sum | cut -d' ' -f1)" = \
        "$(there sed -n 3p "$w/registry.jsonl" | sed 's/.*"prev":"\([0-9a-f]*\)".*/\1/')" ]
}

@test "a report that cannot be written whole is said to be so" {
    some_data
    small_disk
    leave 0
    for file in "$disk/report.txt" /dev/full; do
        # shellcheck disable=SC2016
        run there bash -c '"$ASSAY" report --workspace "$1" --format json > "$2"' - "$w" "$file"
        [ "$status" -eq 2 ]
        says "assay: the output could not be written whole; make room where it goes, or send it elsewhere"
    done
    on_disk report | cmp - before.txt
}

@test "a workspace that was begun on a full disk is begun again" {
    small_disk
    for room in 0 600; do
        leave "$room"
        run there "$ASSAY" init "$disk/new"
        [ "$status" -eq 2 ]
        says "no space left on the disk"
        make_room
        run there "$ASSAY" status --workspace "$disk/new"
        [ "$status" -eq 2 ]
        says "is no workspace"
    done
    there "$ASSAY" init "$disk/new"
    there "$ASSAY" status --workspace "$disk/new"
}

@test "to forget somebody on a full disk leaves everybody there, and the registry as it was" {
    some_data
    imports items more.csv
    small_disk
    echo person1 > leavers.txt
    before="$(content)"
    registry="$(there sha256sum "$w/registry.jsonl")"
    for room in 0 300 1100; do
        leave "$room"
        run on_disk forget --worker-file leavers.txt
        [ "$status" -eq 2 ]
        says "no space left on the disk; what was there before is unharmed: make room"
        make_room
        [ "$(content)" = "$before" ]
        [ "$(there sha256sum "$w/registry.jsonl")" = "$registry" ]
    done
    run on_disk forget --worker-file leavers.txt
    [ "$status" -eq 0 ]
    [ "$(there grep -c '"kind":"forget"' "$w/registry.jsonl")" -eq 1 ]
}

# ---- A workspace that may only be read -----------------------------------------------------

# reads COMMAND...: what reads, answers as it does elsewhere.
reads() {
    run "$@"
    [ "$status" -eq 0 ] || { echo "$*: exit $status: $output"; false; }
}

# may_not NAME WHY COMMAND...: what has to write says so in one line.
may_not() {
    local name="$1" why="$2"
    shift 2
    run "$@"
    [ "$status" -eq 2 ] || { echo "$*: exit $status: $output"; false; }
    says "assay: $w: \`assay $name\` has to write to the workspace, and may not ($why); run it as the owner, where the workspace can be written"
    [ "$(grep -c '' <<< "$output")" -eq 1 ]
}

# only_read WHY RUNNER: every command on a workspace whose facts are built.
only_read() {
    local why="$1" go="$2"
    echo person1 > leavers.txt
    for command in status "status --rejected" metrics connectors "connectors --check" privacy \
        "import items more.csv --dry-run"; do
        # shellcheck disable=SC2086
        reads "$go" $command
    done
    "$go" report | cmp - before.txt
    run "$go" compare --metric cycle_time
    [ "$status" -le 1 ]
    says "Cycle time"
    may_not import "$why" "$go" import items more.csv
    may_not forget "$why" "$go" forget --worker-file leavers.txt
}

# What has to count anew first.
only_read_and_outdated() {
    local why="$1" go="$2"
    for verb in report status compare; do
        [ "$verb" != compare ] || verb="compare --metric cycle_time"
        # shellcheck disable=SC2086
        may_not "${verb%% *}" "$why" "$go" $verb
        says "(data, rules or settings have changed since the items were last counted)"
    done
    reads "$go" status --rejected
    reads "$go" privacy
}

@test "on a read-only disk what reads answers, and what writes says why it may not" {
    some_data
    small_disk
    before="$(there sha256sum "$w/assay.duckdb")"
    there mount -o remount,bind,ro "$disk"
    only_read "Read-only file system" on_disk
    there mount -o remount,bind,rw "$disk"
    # A copy may come without the file that is locked.
    there rm "$w/lock"
    there mount -o remount,bind,ro "$disk"
    on_disk report | cmp - before.txt
    [ "$(there sha256sum "$w/assay.duckdb")" = "$before" ]
    there mount -o remount,bind,rw "$disk"
    on_disk import items more.csv
    there mount -o remount,bind,ro "$disk"
    only_read_and_outdated "Read-only file system" on_disk
    there mount -o remount,bind,rw "$disk"
    on_disk report
}

# Root without its powers is a plain user, who owns the files.
plainly() {
    local verb="$1"
    shift
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --bounding-set=-dac_override,-dac_read_search \
            --inh-caps=-dac_override,-dac_read_search "$ASSAY" "$verb" --workspace w "$@"
    else
        assay "$verb" "$@"
    fi
}

@test "without permission to write what reads answers, and what writes says why it may not" {
    [ "$(id -u)" -ne 0 ] || command -v setpriv > /dev/null || skip "NOT TESTED: no setpriv"
    some_data
    w=w
    before="$(cat w/*.* | sha256sum)"
    chmod -R a-w w
    only_read "Permission denied" plainly
    # Only the database is kept from being written.
    chmod -R u+w w
    chmod a-w w/assay.duckdb
    may_not import "Permission denied" plainly import items more.csv
    chmod -R u+w w
    [ "$(cat w/*.* | sha256sum)" = "$before" ]
    sed -i 's/^min_group: .*/min_group: 10/' w/assay.yaml
    chmod -R a-w w
    only_read_and_outdated "Permission denied" plainly
    chmod -R u+w w
    reads plainly report
}

# ---- Others beside -------------------------------------------------------------------------

# in_use COMMAND...: refused since forget holds it, by its name and process.
in_use() {
    run assay "$@"
    [ "$status" -eq 2 ]
    [[ "$output" =~ ^"assay: workspace in use by \`assay forget\` (pid $writer, since "[0-2][0-9]:[0-5][0-9]"); try again later, or add --wait"$ ]] ||
        { echo "$output"; false; }
}

@test "beside a writer others are told who it is, or wait until it is done" {
    some_data
    mkfifo names
    # It opens the workspace, and waits for the names.
    "$ASSAY" forget --workspace w --worker-file - < names > forgot.txt 3>&- &
    writer=$!
    exec 8> names
    until [ -s w/lock ]; do kill -0 "$writer"; done
    in_use import items more.csv
    in_use report
    in_use status --rejected
    in_use privacy
    "$ASSAY" import --wait --workspace w items more.csv > imported.txt 3>&- 8>&- &
    waiting=$!
    "$ASSAY" privacy --wait --workspace w > privacy.txt 3>&- 8>&- &
    reading=$!
    [ ! -s imported.txt ]
    echo nobody >&8
    exec 8>&-
    wait "$writer"
    wait "$waiting"
    wait "$reading"
    grep -q "0 of 1 names" forgot.txt
    grep -q "new 5000" imported.txt
    [ "$(stored 'select count(*) from item')" = 5200 ]
}

@test "beside a reader others read, and a writer is told so" {
    some_data
    { echo item_id,opened_at,size; awk 'BEGIN { for (i = 0; i < 5000; i++) print "X" i ",2026-01-01,few" }'; } > bad.csv
    accepts_none items bad.csv
    assay report > before.txt
    mkfifo list
    # It writes more than a pipe holds, and nobody reads on.
    "$ASSAY" status --rejected --workspace w > list 2> /dev/null 3>&- &
    reader=$!
    exec 8< list
    read -r <&8
    run assay import items more.csv
    [ "$status" -eq 2 ]
    says "assay: workspace in use by another assay command that reads it; try again later, or add --wait"
    assay report | cmp - before.txt
    cat <&8 > rest
    exec 8<&-
    wait "$reader"
    imports items more.csv
}

# ---- Other versions ------------------------------------------------------------------------

@test "a newer schema is refused by every command with the way out, and nothing is touched" {
    some_data
    echo person1 > leavers.txt
    stored "update about_workspace set value = '99' where thing = 'schema'"
    before="$(sha256sum w/assay.duckdb w/registry.jsonl)"
    for command in status "status --rejected" report "compare --metric cycle_time" privacy \
        "import items more.csv" "forget --worker-file leavers.txt"; do
        # shellcheck disable=SC2086
        run assay $command
        [ "$status" -eq 2 ]
        [ "$output" = "assay: w: made by a newer assay (schema 99, this one knows 4); update assay" ]
        [ "$(sha256sum w/assay.duckdb w/registry.jsonl)" = "$before" ]
    done
}

# ---- A registry that is cut ----------------------------------------------------------------

# broken PLACE SENTENCE: what every command says, and none of them touches the file.
broken() {
    local bytes
    bytes="$(sha256sum w/registry.jsonl 2> /dev/null || true)"
    for command in status report privacy "import items more.csv" registry "report --list"; do
        # shellcheck disable=SC2086
        run assay $command
        [ "$status" -eq 2 ]
        grep -qxF "assay: w/registry.jsonl$1: $2" <<< "$output" || { echo "$command: $output"; false; }
        [ "$command" = registry ] || [ "$(wc -l <<< "$output")" -eq 1 ]
        says_not head
        [ "$(sha256sum w/registry.jsonl 2> /dev/null || true)" = "$bytes" ]
    done
    run assay registry verify
    [ "$status" -eq 1 ]
    [ "$output" = "broken: w/registry.jsonl$1: $2" ] || { echo "verify: $output"; false; }
}

@test "a registry that was cut in a line is restored, and one cut in a line on its way goes on without it" {
    some_data
    sed -i 's/^min_group: .*/min_group: 10/' w/assay.yaml
    assay report > before.txt
    cp w/registry.jsonl backup
    first="$(head -1 backup | wc -c)"
    all="$(wc -c < backup)"
    for length in $((first + 1)) $(((first + all) / 2)) $((all - 2)) $((all - 1)); do
        head -c "$length" backup > w/registry.jsonl
        broken :2 "this line or the one before it was changed, or one between them is missing; restore the registry from a backup"
    done
    head -c "$first" backup > w/registry.jsonl
    broken "" "the registry has 1 lines, and had 2; restore it from a backup"
    rm w/registry.jsonl
    broken "" "the registry is missing; restore it from a backup"
    [ ! -e w/registry.jsonl ]
    cp backup w/registry.jsonl
    assay report | cmp - before.txt

    # A crash inside the writing of a line: the database has not heard of it.
    sed -i 's/^min_group: .*/min_group: 11/' w/assay.yaml
    printf '{"n":3,"at":"2026-1' >> w/registry.jsonl
    broken :3 "the last line is cut off; remove it to go on from the line before"
    assay registry > lines && false
    grep -q '^   2 .*setting *min_group 10$' lines # what is whole is shown
    cp backup w/registry.jsonl
    assay report | grep -q "was changed since the workspace was made (2 times;"
    [ "$(wc -l < w/registry.jsonl)" -eq 3 ]
}
