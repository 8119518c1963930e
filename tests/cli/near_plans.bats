#!/usr/bin/env bats
# Plans over nearly the same items: no two numbers of a document tell, by subtraction, of few people.

load import_helpers.bash

# desk SEED: a workspace with near plans, and its documents
desk() {
    python3 "$SOURCE/tests/cli/near_plans.py" make "$1" "$1"
    cp -a w "$1/w"
    cp "$1"/plans/*.yaml "$1/w/plans/"
    cd "$1"
    imports items tickets.csv --set use_case=help
    for table in usage measures; do imports $table $table.csv; done
    [ "$(grep -c "" assignments.csv)" -eq 1 ] || imports assignments assignments.csv
    for format in json csv; do
        assay compare --all --format $format > all.$format || [ $? -eq 1 ]
        assay report --from 2026-07-01 --to 2026-09-30 --format $format > report.$format || [ $? -eq 1 ]
    done
    cd ..
}

@test "of plans over nearly the same items no two counts, in all or of an arm, differ by few people" {
    counts=0
    for seed in 2 4 6 10; do
        desk $seed
        for document in all.json all.csv report.json report.csv; do
            known=$(python3 "$SOURCE/tests/cli/near_plans.py" attack $seed $seed/$document)
            counts=$((counts + ${known%% *}))
        done
    done
    [ "$counts" -gt 60 ] || { echo "only $counts counts to attack"; false; }
}

@test "the attack finds what would be shown of few people if nothing were withheld" {
    # Own data withhold nothing; all else is as in the test above.
    sed -i 's/^own_data: .*/own_data: true/; s/^min_group: .*/min_group: 1/' w/assay.yaml
    desk 6
    for document in all.json all.csv report.json report.csv; do
        run python3 "$SOURCE/tests/cli/near_plans.py" attack 6 6/$document
        [ "$status" -eq 1 ]
        says "people make"
    done
}
