#!/usr/bin/env bats
# Everything imported twice, and in two orders: the same rows in every table. The files are those of
# golden.bats and sources.bats, so that each connector is there, and a repository.

load import_helpers.bash

# One line for each table: its name, its rows, and a checksum of them in an order of their own. When
# an import was made is left out, and so is what assay counts about itself.
# What is imported; `draw` is filled by draws alone, `published_work` by publishing.
checksums() {
    local table columns
    for table in $(stored "select table_name from duckdb_tables()
            where table_name not in ('about_workspace', 'draw', 'published_work') order by 1"); do
        columns='*'
        [ "$table" != imported ] || columns='* exclude (imported_at)'
        stored "select '$table', count(*),
                md5(coalesce(string_agg(line, chr(10) order by line), ''))
            from (select t::varchar as line from (select $columns from \"$table\") t)"
    done
}

# Everything that is to be imported, a line each: connector and file.
everything() {
    local file
    for file in "$SOURCE"/tests/golden/*.csv "$SOURCE"/tests/cli/sources/*.jsonl; do
        name="$(basename "$file")"
        echo "${name%.*} $file"
    done
    echo "links links.csv"
    echo "git repository"
}

import_all() {
    local connector file
    while read -r connector file; do
        imports "$connector" "$file"
    done
    assay status > /dev/null # builds the facts
}

# A workspace with a connector of the one table that no generic connector fills.
workspace_with_links() {
    rm -rf w
    new_workspace w
    printf '%s\n' '-- connector: links' '-- about: other names' '-- reads: csv' '-- from memory' \
        '-- columns: other_id!, item_id!' '' '-- into: link' \
        'select source_row, other_id, item_id from source;' > w/connectors/links.sql
}

make_repository() {
    local day
    git init --quiet --initial-branch=main repository
    for day in 1 2 3; do
        echo "$day" >> repository/file
        git -C repository add file
        GIT_AUTHOR_DATE="2026-07-0${day}T10:00:00Z" GIT_COMMITTER_DATE="2026-07-0${day}T10:00:00Z" \
            git -C repository -c user.name=Ann -c user.email=ann@example.org \
            commit --quiet -m "Change $day" -m 'Co-Authored-By: Claude <noreply@anthropic.com>'
    done
}

@test "everything imported twice, and in two orders, gives equal tables" {
    make_repository
    printf '%s\n' other_id,item_id branch:a@b,items:T-1 items:T-4,jira:ABC-7 > links.csv
    everything > forwards
    tac forwards > backwards
    [ "$(grep -c '' forwards)" -eq 21 ]

    workspace_with_links
    import_all < forwards
    checksums > once
    # The test would say nothing of a table without rows.
    run awk '$2 == 0 && $1 != "rejected" { print "no rows: " $1; bad = 1 } END { exit bad }' once
    [ "$status" -eq 0 ] || { echo "$output"; false; }
    [ "$(grep -c '' once)" -eq 18 ]

    import_all < forwards
    checksums > twice
    import_all < backwards
    checksums > thrice
    workspace_with_links
    import_all < backwards
    checksums > other_order

    # `imported` has a row for each import.
    diff <(grep -v ^imported once) <(grep -v ^imported twice)
    diff <(grep -v ^imported once) <(grep -v ^imported thrice)
    diff once other_order
}
