/* engine/engine.h

   The analytic engine behind assay: open one, run SQL, take results as frames of typed columns,
   stream or append rows as chunks of vectors. No type of any database appears here; duckdb.c is
   the one implementation.

   An engine is one instance with one connection. Use it from one thread, except
   engine_progress, which is made to be called from another one. */

#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "assay/status.h"
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct engine;

/* ---- Opening ---------------------------------------------------------------------------- */

struct engine_options {
    bool read_only;
    const char *readable;  /* the one path outside that may be read, or NULL: none */
    bool clear_text;       /* names pass through it: nothing is spilled to disk, and errors quote
                              no values */
    bool shows_progress;   /* engine_progress will be asked; costs a few percent */
    const char *memory;    /* "2GB"; NULL: the engine's default */
    int threads;           /* 0: one per core, fewer where what is read is small */
    const char *time_zone; /* in which times without offset are meant; NULL: UTC */
};

/* Opens uri: "duckdb:PATH" (made if missing, unless read_only) or "duckdb::memory:".
   External access, extensions and settings are locked before this returns. Opening one path twice
   in one process would lose rows: whoever opens a file holds a lock on something beside it
   (workspace/lock.h).
   ERROR_BUSY: another process holds the file. */
enum status engine_open(const char *uri, const struct engine_options *options, struct engine **out,
                        struct error *error);
void engine_close(struct engine *engine); /* NULL is fine */

/* Memory that the engine frees is overwritten, which takes a fifth of a short command's time,
   unless this is said before the engine's library starts: from .preinit_array, of a process that
   meets no names of people. */
void engine_meets_no_names(void);

/* "1.5.6": version of the engine's library. Static. */
const char *engine_version(void);

/* ---- Values and frames ------------------------------------------------------------------ */

enum engine_type {
    ENGINE_BOOL,
    ENGINE_INTEGER, /* int64_t */
    ENGINE_NUMBER,  /* double */
    ENGINE_TEXT,    /* UTF-8 */
    ENGINE_TIME,    /* int64_t, UTC microseconds since 1970 */
    ENGINE_NUMBERS, /* list of doubles */
    ENGINE_MAP      /* text to text; streamed and appended, never in a frame */
};

/* A value in the place of $name. */
struct engine_value {
    const char *name; /* without the dollar */
    enum engine_type type;
    bool null;
    int64_t integer; /* ENGINE_BOOL, ENGINE_INTEGER, ENGINE_TIME */
    double number;
    const char *text;
};

struct engine_value engine_text(const char *name, const char *text); /* NULL binds null */
struct engine_value engine_integer(const char *name, int64_t integer);
struct engine_value engine_number(const char *name, double number);
struct engine_value engine_time(const char *name, int64_t microseconds);
struct engine_value engine_bool(const char *name, bool truth);
struct engine_value engine_null(const char *name, enum engine_type type);

/* Each name once: a statement with two values of one name is refused. */
struct engine_values {
    const struct engine_value *list;
    size_t count;
};

/* struct engine_values from values in place: ENGINE_VALUES(engine_text("a", a), ...) */
#define ENGINE_VALUES(...)                                                                         \
    ((struct engine_values){(const struct engine_value[]){__VA_ARGS__},                            \
                            sizeof((const struct engine_value[]){__VA_ARGS__}) /                   \
                                sizeof(struct engine_value)})
#define ENGINE_NO_VALUES ((struct engine_values){NULL, 0})

struct column {
    const char *name;
    enum engine_type type;
    const bool *valid; /* per row; never NULL */
    /* by type, one of: */
    const int64_t *integers;    /* BOOL, INTEGER, TIME */
    const double *numbers;      /* NUMBER; 0 where not valid */
    const char *const *texts;   /* TEXT; "" where not valid */
    const double *const *lists; /* NUMBERS */
    const size_t *list_sizes;
};

struct frame {
    size_t rows;
    size_t column_count;
    struct column *columns;
};

/* The column of that name, or NULL. */
const struct column *frame_column(const struct frame *frame, const char *name);

/* One cell by column number; the caller knows that it exists. Not valid: 0, NAN, NULL. */
int64_t frame_integer(const struct frame *frame, size_t row, size_t column);
double frame_number(const struct frame *frame, size_t row, size_t column);
const char *frame_text(const struct frame *frame, size_t row, size_t column);

/* ---- Running ---------------------------------------------------------------------------- */

/* Runs statements without values or results. Several are allowed, separated by semicolons. */
enum status engine_run(struct engine *engine, const char *sql, struct error *error);

/* Runs one statement with values; its result, if any, is thrown away.
   changed   rows inserted, updated or deleted; NULL: not wanted */
enum status engine_execute(struct engine *engine, const char *sql, struct engine_values values,
                           int64_t *changed, struct error *error);

/* Runs the statement that makes the temporary table of that name. */
enum status engine_make_temporary(struct engine *engine, const char *table, const char *sql,
                                  struct engine_values values, struct error *error);

enum { engine_frame_rows = 2000000 };

/* Runs one statement and returns all its rows, allocated in arena. More than engine_frame_rows
   is an error: the query should have compressed. */
enum status engine_query(struct engine *engine, const char *sql, struct engine_values values,
                         struct arena *arena, struct frame *out, struct error *error);

/* From now to engine_forget, a query with the text and values of an earlier one is answered as that
   was, unless something was written between them (a temporary table counts for queries that name
   it). The frames are allocated in arena, which has to live longer; who asks must not change
   them. */
void engine_remember(struct engine *engine, struct arena *arena);
void engine_forget(struct engine *engine);

/* Everything succeeds or nothing is kept: any failure between begin and commit must go to
   engine_rollback, since a commit after a failed statement keeps nothing and says nothing. */
enum status engine_begin(struct engine *engine, struct error *error);
enum status engine_commit(struct engine *engine, struct error *error);
void engine_rollback(struct engine *engine);

/* Share done of the running statement in [0, 1], or -1 if unknown. From another thread. */
double engine_progress(struct engine *engine);

/* ---- Rows as vectors -------------------------------------------------------------------- */

/* Runs a query on one engine and appends what it returns, chunk by chunk and unchanged, to a
   table of another engine; the types must agree column by column. The query runs in a thread of its
   own meanwhile.
   rows      rows appended; may be NULL */
enum status engine_pipe(struct engine *from, const char *sql, struct engine_values values,
                        struct engine *to, const char *table, int64_t *rows, struct error *error);

/* Fast insertion of rows that C code has, columns in the table's order. A temporary table of an
   engine that is open for reading only is named temp.NAME. */
struct engine_appender;
enum status engine_appender_open(struct engine *engine, const char *table,
                                 struct engine_appender **out, struct error *error);
enum status engine_append(struct engine_appender *appender, const struct engine_value *row,
                          size_t columns, struct error *error);
/* Closes in any case; an error here means that rows are missing: roll back. */
enum status engine_appender_close(struct engine_appender *appender, struct error *error);

/* ---- Functions of ours ------------------------------------------------------------------ */

/* text -> 64-bit unsigned hash as 16 hex digits. Called from several threads: context is read
   only. NULL in, NULL out. */
typedef void (*engine_hash)(const void *context, const char *text, size_t length, char out[16]);
enum status engine_register_hash(struct engine *engine, const char *name, engine_hash function,
                                 const void *context, struct error *error);

/* text -> a truth (ENGINE_BOOL: 0 or 1) or a time (ENGINE_TIME). Called from several threads. Of
   NULL, and where it returns false, the truth is false and the time NULL. */
typedef bool (*engine_reading)(const void *context, const char *text, size_t length, int64_t *out);
enum status engine_register_reading(struct engine *engine, const char *name, enum engine_type type,
                                    engine_reading function, const void *context,
                                    struct error *error);

/* An aggregate over k numbers per row (k from 1 to arguments_max, fixed per call); rows with any
   NULL are skipped. State is plain memory, copied and spilled by the engine. Callbacks run on
   several threads, each on its own states. */
struct engine_aggregate {
    const char *name;
    size_t arguments_max;
    size_t (*state_size)(size_t k);
    void (*init)(size_t k, void *state);
    /* columns[j][row]; states[row] is the state that row belongs to */
    void (*update)(size_t k, size_t rows, const double *const *columns, void *const *states);
    void (*combine)(size_t k, const void *from, void *into);
    size_t (*result_size)(size_t k);
    /* returns false for SQL null */
    bool (*finish)(size_t k, const void *state, double *result);
};
enum status engine_register_aggregate(struct engine *engine,
                                      const struct engine_aggregate *aggregate,
                                      struct error *error);

/* A text of a row that C code gives: bytes are NULL for SQL null, and need no NUL at their end. */
struct engine_cell {
    const char *bytes;
    size_t length;
};

/* Rows of text columns that C code gives one by one, read in SQL as `name()`. A scan runs on one
   thread, in order; there may be several one after the other, or at once. Everything must outlive
   the engine. Where the engine's errors quote no values, an error's text here is withheld, too. */
struct engine_rows {
    const char *name;
    const char *const *columns;
    size_t column_count;
    void *context;
    /* wanted: per column, whether its cells will be looked at. */
    enum status (*open)(void *context, const bool *wanted, void **scan, struct error *error);
    /* Fills one cell per column, valid until the next call. *more is false at the end. */
    enum status (*next)(void *scan, struct engine_cell *cells, bool *more, struct error *error);
    void (*close)(void *scan);
};
enum status engine_register_rows(struct engine *engine, const struct engine_rows *rows,
                                 struct error *error);

#endif
