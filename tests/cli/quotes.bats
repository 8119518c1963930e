#!/usr/bin/env bats
# Quotes of CSV that do not end where they should: no line is lost without being counted.

load import_helpers.bash

# rows FROM TO
rows() {
    seq -f '%.0f,w,ok' "$1" "$2"
}

@test "a file that ends inside of quotes is refused with the line of the quote, however it is packed" {
    { echo item_id,worker,title; rows 1 20; echo '21,w,"oops'; rows 22 40; } > q.csv
    gzip -c q.csv > q.csv.gz
    for file in q.csv q.csv.gz; do
        refused items $file
        says "$file:22: a quote begins here that does not end: 19 lines behind it cannot be read"
        says "nothing was imported. Close it"
    done
    run assay import items q.csv --strict
    [ "$status" -eq 2 ]
    says "q.csv:22:"
    printf 'item_id,team\nT1,a\n"T2,b' > last.csv
    refused items last.csv
    says "last.csv:3: a quote begins here that does not end: 0 lines behind it"
}

@test "a file that ends inside of quotes is refused where the engine would take the rest for a value" {
    { echo item_id,worker,title; rows 1 3; echo '4,w,"oops'; rows 5 400000; } > q.csv
    refused items q.csv
    says "q.csv:5: a quote begins here that does not end: 399996 lines behind it"
}

@test "lines that a quote took before it ended in the wrong place are rejected one by one" {
    { echo item_id,worker,title; rows 1 3; echo '4,w,"oops'; rows 5 8; echo '9,w,"also"'; rows 10 12
        echo 'T13,w'; echo '14,"w"x,ok'; rows 15 15; } > q.csv
    imports items q.csv
    says "read 15 · accepted 7 · rejected 8 · new 7"
    says "q.csv:5: title: a quote that does not end"
    says "q.csv:6: title: inside a quote that does not end"
    stored "select row || ' ' || reason from rejected order by row" > got
    { echo '5 a quote that does not end'; seq -f '%.0f inside a quote that does not end' 6 10
        echo '14 fewer columns than the header'; echo '15 a quote that does not end'; } > wanted
    diff wanted got
    run assay import items q.csv --strict
    [ "$status" -eq 2 ]
}

@test "a row behind lines that a quote took is rejected with its own line" {
    { echo item_id,worker,size; echo '1,"w,1'; echo '2,w,2'; echo '3,"w",3'; echo '4,w,many'; } > q.csv
    accepts_none items q.csv
    says "read 4 · accepted 0 · rejected 4"
    says "q.csv:5: size: not a number"
}

@test "a quote that takes more than a record may have costs its lines, and counts them" {
    { echo item_id,worker,title; rows 1 3; echo '4,w,"oops'; rows 5 500000; echo '500001,w,x"'; rows 500002 500003; } > q.csv
    imports items q.csv
    says "read 500003 · accepted 5 · rejected 499998 · new 5"
    says "q.csv:5: longer than 2,000,000 bytes"
}

@test "a value in quotes that goes on over rows is named, and prose is not" {
    { echo item_id,worker,team; rows 1 3; echo '4,w,"oops'; rows 5 8; echo '9,w,bad"'; rows 10 12; } > q.csv
    imports items q.csv
    says "read 7 · accepted 7 · rejected 0"
    says "q.csv:5: a value in quotes goes on over lines that look like rows. Such values: 1, with line breaks in them: 5"
    printf '%s\n' item_id,worker,team '1,w,"a, b' 'hello, you, there' 'no more"' '2,w,"x' 'y' 'z"' > prose.csv
    imports items prose.csv
    says "read 2 · accepted 2 · rejected 0"
    says_not "look like rows"
}

# Records of random fields, quotes and blanks.
scrambled() {
    awk -v seed="$1" -v ends="$2" 'BEGIN {
        srand(seed)
        count = split("a|b|,|,|\"|\"|\"\"| |  |,\"|\",|x,y,z|" "\n" "|" "\n", piece, "|")
        printf "item_id,worker,team%s", ends
        for (i = 0; i < 6000; i++) {
            text = piece[int(rand() * count) + 1]
            printf "%s", text == "\n" ? ends : text
            if (rand() < 0.05) printf "%sT%d,w,t%s", ends, i, ends
        }
        printf "%s", ends
    }'
}

# In the second round only the first column is read: the engine (1.5.6) then looks behind the end of
# its list of columns, and takes or rejects a record of too many as its memory has it. It is counted.
@test "no record goes missing, whatever the quotes" {
    for seed in 1 2 3 4; do
        for ends in $'\n' $'\r\n'; do
            for names in worker,team one,other; do
                rm -rf w
                new_workspace w
                scrambled $seed "$ends" | sed "1s/worker,team/$names/" > q.csv
                run assay import items q.csv
                if [[ "$output" == *"does not end"* && "$status" -eq 2 ]]; then
                    printf '"%s' "$ends" >> q.csv
                fi
                imports items q.csv
                [ "$(stored "select count(*) from rejected where reason like '%quote that does not end'")" -gt 100 ]
            done
        done
    done
}
