/* collect/source_file.h

   The file that an import reads: what it is, found by its content; which columns it has; and its
   rows as SQL of the reading engine. Everything that differs between CSV, JSON lines and Parquet,
   plain or packed, is settled here: connectors see one relation `source`. */

#ifndef COLLECT_SOURCE_FILE_H
#define COLLECT_SOURCE_FILE_H

#include "base/arena.h"
#include "base/hash.h"
#include "collect/csv_scan.h"
#include "collect/json_lines.h"
#include "collect/unpack.h"
#include "engine/engine.h"

#include <stdbool.h>
#include <stddef.h>

enum file_format { FORMAT_CSV, FORMAT_JSON, FORMAT_PARQUET };

/* "CSV", "JSON lines", "Parquet", and as a connector's `reads:` has it: csv, json, parquet. */
const char *file_format_title(enum file_format format);
const char *file_format_word(enum file_format format);

struct source_file {
    const char *path;     /* for messages */
    const char *readable; /* what the engine opens: the descriptor, so that no name is a pattern and
                             no other file takes its place meanwhile */
    int file;
    enum packing packing;
    enum file_format format;
    char hash[hash_hex_length + 1]; /* of its bytes, as they lie there */
    const char **names;             /* of its columns, in its order */
    size_t count;
    /* by format */
    char delimiter;
    struct csv_survey csv;
    struct json_survey json;
    struct engine_rows json_rows;
    const char **types; /* Parquet: as the engine names them */
};

/* Opens a file, looks at its first bytes and its end, and reads the names of its columns, but those
   of Parquet. A file of CSV or JSON lines is read once.
   prefers_json   what begins neither like JSON nor like anything else that is known is JSON
   ERROR_INPUT: no regular file, empty, of an unknown kind, cut short, without a usable header, CSV
   that ends inside of quotes. */
enum status source_file_open(struct arena *arena, const char *path, bool prefers_json,
                             struct source_file **out, struct error *error);
void source_file_close(struct source_file *file); /* NULL is fine */

/* Makes the file known to a reading engine, which may open file->readable; names of Parquet's
   columns are read here. */
enum status source_file_attach(struct arena *arena, struct source_file *file,
                               struct engine *reading, struct error *error);

/* SQL of column i in the relation below: text, nested values as JSON, what is empty as null. */
const char *source_file_column(struct arena *arena, const struct source_file *file, size_t i);

/* How a file of CSV is gone through; the other formats have one way, which does all of it. */
enum source_pass {
    PASS_QUICK,   /* by all threads; a record that cannot be read ends it */
    PASS_KEEPING, /* by one thread, which passes over such records and notes their places */
    PASS_COUNTING /* the same, and each row has its place */
};

/* SQL of the row's place: the line of CSV and JSON lines, the record of Parquet, from 1. CSV's
   counts readable records only, and is null where the pass does not count. */
const char *source_file_row(const struct source_file *file, enum source_pass pass);
/* A quick pass may do: no value in quotes of a CSV file goes on over lines. */
bool source_file_is_plain(const struct source_file *file);

bool source_file_rows_are_free(const struct source_file *file);

/* SQL behind `from`: the rows that can be read. */
const char *source_file_relation(struct arena *arena, const struct source_file *file,
                                 enum source_pass pass);

/* SQL that gives (row, column_name, reason) of the records that could not be read, once such a pass
   is done; NULL: there are none. Lines of CSV that a quote took for its text, where it ends
   wrongly, are among them. */
const char *source_file_unreadable(const struct source_file *file, enum source_pass pass);

/* CSV, once a scan of the relation is done: quotes that may not end where they should. */
struct source_doubt {
    int64_t values; /* in quotes, of which every whole line looks like a record */
    int64_t row;    /* of the first one */
    int64_t lines;  /* line breaks in all of them */
};

/* ERROR_INPUT: there are records that were neither among the rows read nor rejected.
   rows   of the relation, that were read; -1: not known */
enum status source_file_verify(const struct source_file *file, enum source_pass pass,
                               struct engine *reading, int64_t rows, struct arena *arena,
                               struct source_doubt *out, struct error *error);

/* Why the engine could not read what it had opened, as far as that can be found out. status and
   error are the engine's; returned as they are where nothing better is known. */
enum status source_file_explain(const struct source_file *file, enum status status,
                                struct error *error);

/* Does a column's name look like a value: a number, a date, an address? A file without a header
   would show its first record where its names are shown. */
bool looks_like_data(const char *name);

#endif
