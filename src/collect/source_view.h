/* collect/source_view.h: the relation `source` that a connector's select reads, over a file of any
   kind. */

#ifndef COLLECT_SOURCE_VIEW_H
#define COLLECT_SOURCE_VIEW_H

#include "collect/import.h"
#include "collect/source_file.h"

/* Which column of the file each column of the connector is. */
struct source_columns {
    const char **expressions; /* SQL, per connector column: a column of the file, or null */
    const char **names;       /* of these in the file, to be shown; NULL: none, or like a value */
    const char *attrs;        /* SQL of the map attrs */
    const char *measures;     /* SQL of the map measures */
    const char **unused;
    size_t unused_count;
};

/* Matches the file's columns with what the connector expects and what was mapped.
   ERROR_INPUT: a required column is missing (with the nearest), a mapped one does not exist, a
   target is unknown. */
enum status source_match(struct arena *arena, const struct connector *connector,
                         const struct source_file *file, const struct import_request *request,
                         struct source_columns *out, struct error *error);

/* What a column of the block's table is called in messages: its name, with that of the file's
   column (or columns) that it is made of, where it is another: closed_at ("Solved"). */
const char *source_column_title(struct arena *arena, const struct connector *connector,
                                const struct connector_block *block,
                                const struct source_columns *columns, const char *column);

/* Calls columns so in the rejects and notes of a table. */
void source_title_columns(struct arena *arena, const struct connector *connector,
                          const struct connector_block *block, const struct source_columns *columns,
                          struct import_table *table);

/* create view source as … over the file, attached to the engine that will run it. */
char *source_view(struct arena *arena, const struct connector *connector,
                  const struct source_file *file, const struct source_columns *columns,
                  enum source_pass pass);

#endif
