/* collect/rejects.h

   Rows that were no rows: kept in the table `rejected` by file, connector, row, column and reason,
   never by value. Everything is done inside the engines, so that there may be as many as there are
   rows. */

#ifndef COLLECT_REJECTS_H
#define COLLECT_REJECTS_H

#include "collect/import.h"

/* Where the rejected rows of one block are to be found. */
struct reject_origin {
    struct engine *reading;
    struct engine *writer; /* holds `incoming`, in a transaction */
    const struct connector *connector;
    const struct connector_block *block;
    const char *view_with_rows; /* makes `source` count its rows; NULL: `incoming` knows them */
    bool readable_only;         /* rows count records that can be read, and no others */
    const char *unreadable;     /* SQL of the records that could not be read; NULL: none */
    const char *file_hash;
    const char *imported_as;
};

/* Of `incoming`: how many rows were read and rejected, and attributes dropped. */
enum status rejects_count(struct engine *writer, struct arena *arena, struct import_table *out,
                          struct error *error);

/* Replaces what was kept about this file and connector.
   checked      rows of `incoming` were refused: without that, nothing is looked up
   unreadable   records that could not be read */
enum status rejects_keep(const struct reject_origin *origin, bool checked, struct arena *arena,
                         int64_t *unreadable, struct error *error);

/* The first few, by row. */
enum status rejects_first(const struct reject_origin *origin, struct arena *arena,
                          struct import_reject *out, size_t max, size_t *count,
                          struct error *error);

/* Takes what was kept about a file out of a transaction that is about to be rolled back, and puts
   it into another one. What lies between is held by the reading engine. */
enum status rejects_take(struct engine *writer, struct engine *reading, const char *file_hash,
                         struct error *error);
enum status rejects_put(struct engine *reading, struct engine *writer, const char *file_hash,
                        struct error *error);

/* One kept row of a workspace. */
struct reject_row {
    const char *file_hash;
    const char *connector;
    struct import_reject reject;
};

/* Calls visit for all that are kept, import by import, in the order of rows. */
enum status rejects_each(struct engine *engine,
                         void (*visit)(void *context, const struct reject_row *row), void *context,
                         struct error *error);

#endif
