/* collect/source_view.h: the relation `source` that a connector's select reads, over a CSV file. */

#ifndef COLLECT_SOURCE_VIEW_H
#define COLLECT_SOURCE_VIEW_H

#include "collect/csv_header.h"
#include "collect/import.h"

/* Which column of the file each column of the connector is. */
struct source_columns {
    const char **expressions; /* SQL, per connector column: a quoted name, or null */
    const char *attrs;        /* SQL of the map attrs */
    const char *measures;     /* SQL of the map measures */
    const char **unused;
    size_t unused_count;
};

/* Matches the header with what the connector expects and what was mapped.
   ERROR_INPUT: a required column is missing (with the nearest), a mapped one does not exist, a
   target is unknown. */
enum status source_match(struct arena *arena, const struct connector *connector,
                         const struct csv_header *header, const struct import_request *request,
                         struct source_columns *out, struct error *error);

/* create view source as … over the CSV at `path` (one that the reading engine may open).
   with_rows    source_row counts the file's records; costs a pass in order */
char *source_view(struct arena *arena, const struct connector *connector,
                  const struct csv_header *header, const struct source_columns *columns,
                  const char *path, bool with_rows);

/* Text as an SQL literal or a quoted name. */
char *sql_literal(struct arena *arena, const char *text);
char *sql_name(struct arena *arena, const char *text);

#endif
