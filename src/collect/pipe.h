/* collect/pipe.h

   The way of rows from the reading engine to the workspace's: the connector's select, inside the
   checks of collect/tables/TABLE.sql, streamed into a temporary table. */

#ifndef COLLECT_PIPE_H
#define COLLECT_PIPE_H

#include "collect/import.h"
#include "collect/source_file.h"

/* Opens the reading engine: in memory, spilling off, one readable file (NULL: none), times without
   a zone in the workspace's, and the functions that reading needs. workspace NULL: nothing is read,
   statements are only looked at.
   shows_progress   engine_progress will be asked */
enum status pipe_open(const struct workspace *workspace, struct source_file *file,
                      const struct connector *connector, bool shows_progress, struct arena *arena,
                      struct engine **out, struct error *error);

/* The connector's select inside the table's checks, and the values it is bound to. */
enum status pipe_select(struct arena *arena, const struct connector *connector,
                        const struct connector_block *block, const char **out, struct error *error);
struct engine_values pipe_options(struct arena *arena, const struct connector *connector);

/* The option `dates`, which says how dates in figures are read: iso, dmy or mdy. */
const char *pipe_dates(const struct connector *connector);

/* The option `decimal`, the sign before the fraction of a number: point or comma. */
const char *pipe_decimal(const struct connector *connector);

/* Could the block's select be run over the engine's `source`? An error is placed in the connector.
 */
enum status pipe_check(struct engine *reading, const struct connector *connector,
                       const struct connector_block *block, struct arena *arena,
                       struct error *error);

/* Names of the columns that it gives, in the first column of out. */
enum status pipe_columns(struct engine *reading, const struct connector *connector,
                         const struct connector_block *block, struct arena *arena,
                         struct frame *out, struct error *error);

/* Makes the temporary table `into` in the writer, in place of one that is there, and fills it: the
   block's table's columns, source_row, reject, dropped.
   most   of the first rows; 0: all
   rows   how many; may be NULL */
enum status pipe_rows(struct engine *reading, const struct connector *connector,
                      const struct connector_block *block, struct engine *writer, const char *into,
                      int most, struct arena *arena, int64_t *rows, struct error *error);

/* Does the connector make one row of each record for its first table? The built-in ones do, but for
   measures, where empty ones go. */
bool pipe_counts_records(const struct connector *connector);

#endif
