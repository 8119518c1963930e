/* collect/csv_scan.h

   A look at the quotes of a CSV file, before the engine reads it. A quote that does not end makes
   text of the lines behind it, and the engine says nothing where the file ends inside one. So the
   records are counted here, by the engine's own rules:

   - a quote opens at the beginning of a field, or behind one blank there; elsewhere it is text
   - two quotes inside of quotes are one of the text
   - behind the quote that closes come blanks, the delimiter or the line's end; anything else makes
     the record a broken one, which ends with its line
   - lines that hold nothing are no records, where the header has more than one column

   tests/cli/quotes.bats holds both readings against each other. */

#ifndef COLLECT_CSV_SCAN_H
#define COLLECT_CSV_SCAN_H

#include "assay/status.h"
#include "base/arena.h"
#include "collect/unpack.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A record whose quotes hold line breaks that may be ends of other records. */
struct csv_span {
    int64_t record; /* the header is 1; lines that hold nothing count, as in the engine's rejects */
    int64_t lines;  /* line breaks in its quotes */
    bool broken;    /* else every whole line in its quotes looks like a record */
};

struct csv_survey {
    int64_t records;    /* behind the header */
    int64_t open_line;  /* of the quote in which the file ends, from 1; 0: it ends outside of one */
    int64_t lines_left; /* behind that line */
    struct csv_span *spans;
    size_t span_count;
};

/* Reads a file to its end, which is verified by that where it is packed. columns are the header's.
   Errors are those of unpacker_read. */
enum status csv_scan(struct arena *arena, int file, const char *path, enum packing packing,
                     char delimiter, size_t columns, struct csv_survey *out, struct error *error);

#endif
