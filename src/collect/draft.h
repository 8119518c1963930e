/* collect/draft.h

   Drafts a connector from the names of a file's columns: what looks like a column of a table is
   mapped to it, the rest stands in comments for somebody to decide about. No value of the file is
   ever in the draft, nor is a name that looks like one. */

#ifndef COLLECT_DRAFT_H
#define COLLECT_DRAFT_H

#include "assay/status.h"
#include "base/arena.h"

#include <stddef.h>

struct draft {
    const char *table;
    const char *text; /* a connector, which connector_check takes */
    size_t mapped;
    size_t left;         /* columns of the file that nothing was found for */
    const char *missing; /* columns that each row of the table needs and that were not found, with
                            ", " between them; NULL: none. Without them the check fails. */
};

/* table   the table to fill; NULL: the one that the names fit best
   ERROR_INPUT: the file cannot be read, its first line looks like data, an unknown table. */
enum status draft_connector(struct arena *arena, const char *name, const char *path,
                            const char *table, struct draft *out, struct error *error);

/* Writes a draft to folder/NAME.sql.
   ERROR_INPUT: a name that is none, one that is taken. */
enum status draft_write(struct arena *arena, const char *folder, const char *name,
                        const struct draft *draft, const char **path, struct error *error);

#endif
