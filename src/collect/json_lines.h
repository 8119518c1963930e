/* collect/json_lines.h

   JSON lines: one JSON object (RFC 8259) on each line. A line that is none is told apart and passed
   over, so that one broken line costs one row. Members of the object are found at its top; whatever
   is nested stays JSON text. Nothing recurses, so depth costs no stack. */

#ifndef COLLECT_JSON_LINES_H
#define COLLECT_JSON_LINES_H

#include "assay/status.h"
#include "base/arena.h"
#include "collect/unpack.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { json_depth_max = 1000, json_line_bytes_max = 16000000, json_columns_max = 1000 };

enum json_fault {
    JSON_FINE,
    JSON_BLANK, /* nothing but blanks: no record, and no fault */
    JSON_BROKEN,
    JSON_NO_OBJECT,
    JSON_NOT_UTF8,
    JSON_TOO_DEEP,
    JSON_TOO_LONG
};

/* The fault in fixed words, for people. Static. */
const char *json_fault_text(enum json_fault fault);

/* ---- One line --------------------------------------------------------------------------- */

/* A string, as it stands between its quotes: escapes are still in it. Or any other value's text. */
struct json_piece {
    const char *bytes;
    size_t length;
    bool is_string;
    bool escaped; /* a string with a backslash in it */
    bool is_null;
};

/* Called for each member of the line's object, in order. */
typedef void (*json_visit)(void *context, const struct json_piece *key,
                           const struct json_piece *value);

/* Scans one line. Members may have been visited before a fault is found: the caller then throws
   away what it took. visit may be NULL. */
enum json_fault json_line_scan(const char *line, size_t length, json_visit visit, void *context);

/* Writes a scanned string without its escapes into out, which holds at least piece->length bytes.
   Returns the length. */
size_t json_unescape(const struct json_piece *piece, char *out);

/* ---- A file ----------------------------------------------------------------------------- */

/* Names of the columns: the keys at the top of any line, any case of a name being one column. */
struct json_columns {
    const char **names;
    size_t count;
    size_t capacity;
};

/* What reading the whole file once found. */
struct json_survey {
    struct json_columns columns;
    int64_t records; /* lines that hold an object */
    int64_t faults;  /* lines that hold something else */
};

/* Reads all of it: which columns there are, and whether a packed file is whole.
   ERROR_INPUT: cut short or damaged, over json_columns_max keys, one record spread over lines. */
enum status json_survey_read(struct arena *arena, int file, const char *path, enum packing packing,
                             struct json_survey *out, struct error *error);

struct json_cell {
    const char *bytes; /* NULL: not given, or null */
    size_t length;
};

struct json_reader;

/* wanted says for each column whether its cells are asked for; it is copied. */
enum status json_reader_open(int file, const char *path, enum packing packing,
                             const struct json_columns *columns, const bool *wanted,
                             struct json_reader **out, struct error *error);
void json_reader_close(struct json_reader *reader); /* NULL is fine */

/* The next line that is not blank.
   line    counts from 1, blank ones too; 0: there is no more
   cells   one per column, valid until the next call; without meaning after a fault */
enum status json_reader_next(struct json_reader *reader, int64_t *line, enum json_fault *fault,
                             struct json_cell *cells, struct error *error);

#endif
