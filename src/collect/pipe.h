/* collect/pipe.h

   The way of rows from the reading engine to the workspace's: the connector's select, inside the
   checks of collect/tables/TABLE.sql, streamed into the temporary table `incoming`. */

#ifndef COLLECT_PIPE_H
#define COLLECT_PIPE_H

#include "collect/import.h"

/* Opens the reading engine: in memory, spilling off, one readable path (NULL: none), times without
   a zone in the workspace's, and the functions that reading needs. */
enum status pipe_open(const struct workspace *workspace, const char *readable,
                      const struct connector *connector, struct arena *arena, struct engine **out,
                      struct error *error);

/* Makes `incoming` in the writer and fills it: the table's columns, source_row, reject, dropped. */
enum status pipe_rows(struct engine *reading, const struct connector *connector,
                      const struct connector_block *block, struct engine *writer,
                      struct arena *arena, struct error *error);

/* The first rows as they would be stored. */
enum status pipe_preview(struct engine *reading, const struct connector *connector,
                         const struct connector_block *block, int rows, struct arena *arena,
                         struct frame *out, struct error *error);

struct pipe_rejects {
    struct import_reject *list; /* a million of each kind at most; counts are exact beyond that for
                                   rows that were checked */
    size_t count;
    int64_t unreadable; /* records that the engine could not read as rows at all */
};

/* Finds the rejected rows with their places: records that were no rows from the scan just done,
   and, if any row was checked and refused, a second scan in order. view_with_rows   NULL: source
   counts its rows already */
enum status pipe_find_rejects(struct engine *reading, const struct connector *connector,
                              const struct connector_block *block, const char *view_with_rows,
                              bool checked_rejects, bool first, struct engine *writer,
                              struct arena *arena, struct pipe_rejects *out, struct error *error);

#endif
