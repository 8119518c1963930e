/* engine/duckdb_internal.h: what the files of the DuckDB engine share. */

#ifndef ENGINE_DUCKDB_INTERNAL_H
#define ENGINE_DUCKDB_INTERNAL_H

#include "engine/engine.h"

#include <duckdb.h>

struct remembered;

struct engine {
    duckdb_database database;
    duckdb_connection connection;
    bool clear_text;               /* error texts must quote no values */
    struct remembered *remembered; /* NULL: queries that are asked again are run again */
    char path[4096];               /* of the file, for messages */
};

/* A running statement and its result. */
struct statement {
    duckdb_prepared_statement prepared;
    duckdb_pending_result pending;
    duckdb_result result;
    bool has_result;
};

/* sql with a value in the place of each $name that there is one for. Values that it does not name
   are no error: lists of values are shared. */
enum status values_written(struct arena *arena, const char *sql, struct engine_values values,
                           const char **out, struct error *error);

/* Prepares and starts sql with its values; rows are then fetched chunk by chunk. On error nothing
   is left to close. */
enum status statement_start(struct engine *engine, const char *sql, struct engine_values values,
                            struct statement *out, struct error *error);
/* The next chunk, NULL at the end or after an error: look at the status. */
enum status statement_next(struct engine *engine, struct statement *statement,
                           duckdb_data_chunk *chunk, struct error *error);
void statement_close(struct statement *statement);

/* Runs a query, and keeps nothing for the next. */
enum status read_frame(struct engine *engine, const char *sql, struct engine_values values,
                       struct arena *arena, struct frame *out, struct error *error);

/* The answer of before, or a new one that is kept. */
enum status remembered_query(struct engine *engine, const char *sql, struct engine_values values,
                             struct frame *out, struct error *error);

/* Something is written: what was answered so far may be so no more. */
void remembered_are_stale(struct engine *engine);

/* Only a temporary table is: what was answered from others stays. */
void remembered_make(struct engine *engine, const char *table);

/* Appends a chunk as it is; the caller still owns it. */
enum status engine_append_chunk(struct engine_appender *appender, duckdb_data_chunk chunk,
                                struct error *error);

/* Makes an error of ours from the engine's. text may be NULL. */
enum status engine_error(const struct engine *engine, duckdb_error_type type, const char *text,
                         struct error *error);

#endif
