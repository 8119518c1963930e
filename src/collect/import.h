/* collect/import.h

   Reads one export into the workspace. Two engines take part: the reading one lives in memory,
   spills nothing and may read this one file; the workspace's own receives typed, checked and
   pseudonymised rows only. So a clear name is never in a file that assay writes.

   An import is wholly there or not at all. Importing the same data twice changes nothing. */

#ifndef COLLECT_IMPORT_H
#define COLLECT_IMPORT_H

#include "collect/connector.h"
#include "collect/source_file.h"
#include "workspace/workspace.h"

/* --map TARGET=COLUMN: the connector's column (or attr.KEY, measure.NAME) is this one of the file.
 */
struct import_map {
    const char *target;
    const char *column;
};

struct import_request {
    const char *path; /* for messages, and what is opened */
    const struct import_map *maps;
    size_t map_count;
    bool dry_run;        /* show rows as they would be stored, or why not, and store nothing */
    bool strict;         /* one rejected row, and nothing is stored but what was rejected */
    const char *program; /* its version, since another may read the file otherwise; NULL: unknown */
};

/* Of what was rejected: where, and why in fixed words. */
struct import_reject {
    int64_t row; /* line of the file, a CSV header being 1 (a quoted line break counts as none);
                    record of a Parquet file; 0: unknown */
    const char *column;
    const char *reason;
};

enum { import_rejects_shown = 5, import_rows_shown = 5 };

/* What became of the rows for one table. */
struct import_table {
    const char *table;
    int64_t read;
    int64_t accepted;
    int64_t rejected;
    int64_t added;         /* keys that were not there */
    int64_t changed;       /* keys that were there and are different now */
    int64_t attrs_dropped; /* values over 64 characters or with @ */
    struct import_reject rejects[import_rejects_shown];
    size_t reject_count;
    const char *note;        /* how more of its rows could be read; NULL: nothing is known */
    const char *number_note; /* the same of a decimal sign */
    const char *parted_note; /* of items whose times are not of one once merged; NULL: of none */
    const char *future_note; /* of items that were closed in the future; NULL: of none */
    const char *unmet_note;  /* of calls that name items which are not here; NULL: of none */
    struct frame rows;       /* with dry_run: the first rows, times in the workspace's zone */
    bool goes_on;            /* with dry_run: there are rows behind those that were looked at */
};

struct import_result {
    struct import_table *tables;
    size_t table_count;
    char file_hash[hash_hex_length + 1];
    bool refused;        /* strict, and rows were rejected: nothing was stored */
    bool repeated;       /* the last import over again: nothing was done */
    bool dry_run;        /* nothing was to be stored */
    const char *zone;    /* with dry_run: in which the rows' times are */
    const char **unused; /* columns of the file that nothing was made of */
    size_t unused_count;
    struct source_doubt doubt;
};

/* Called from a second thread about four times a second; share is in [0, 1] or -1. */
struct import_progress {
    void (*report)(void *context, double share);
    void *context;
};

/* Imports a file by a connector. With dry_run the workspace may be open for reading only.
   ERROR_INPUT names the file and the mend. */
enum status import_file(struct workspace *workspace, const struct connector *connector,
                        const struct import_request *request,
                        const struct import_progress *progress, struct arena *arena,
                        struct import_result *out, struct error *error);

/* Rows that a reader of ours has instead of a file. */
struct import_source {
    const char *create; /* create table source (...) as the connector expects it */
    /* Appends the rows to the table. */
    enum status (*fill)(void *context, struct engine_appender *appender, struct error *error);
    void *context;
    const char *hash;        /* stands for the file's in `imported` */
    const char *imported_as; /* the connector's name there */
};

/* Imports rows that fill() gives. */
enum status import_rows(struct workspace *workspace, const struct connector *connector,
                        const struct import_source *source, struct arena *arena,
                        struct import_result *out, struct error *error);

#endif
