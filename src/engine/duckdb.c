/* The engine on DuckDB's C API: opening, locking down, running.

   What may be reached from SQL is settled at opening and cannot be widened afterwards: no
   extensions, no network, no file but the one named, settings locked. */

#include "engine/duckdb_internal.h"

#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is freed is overwritten. The engine writes some blocks of its temporary files with whatever
   memory lay behind their contents: in an import, pages of a file with names that the reading
   engine had just freed. The engine's allocator is a copy of jemalloc and reads this variable of
   the program last, after its environment, when the library is loaded. */
extern const char *duckdb_je_malloc_conf_2_conf_harder;
const char *duckdb_je_malloc_conf_2_conf_harder = "junk:free";

void engine_meets_no_names(void)
{
    duckdb_je_malloc_conf_2_conf_harder = "";
}

const char *engine_version(void)
{
    const char *version = duckdb_library_version();
    return version[0] == 'v' ? version + 1 : version;
}

/* ---- Errors ----------------------------------------------------------------------------- */

/* Errors that speak of statements, not of rows; their texts quote no data. */
static bool is_about_the_statement(duckdb_error_type type)
{
    return type == DUCKDB_ERROR_PARSER || type == DUCKDB_ERROR_SYNTAX ||
           type == DUCKDB_ERROR_BINDER || type == DUCKDB_ERROR_CATALOG;
}

static bool is_about_room(const char *text)
{
    return strstr(text, "No space left on device") != NULL ||
           strstr(text, "Disk quota exceeded") != NULL;
}

enum status engine_error(const struct engine *engine, duckdb_error_type type, const char *text,
                         struct error *error)
{
    if (type == DUCKDB_ERROR_INTERRUPT)
        return error_set(error, ERROR_STOPPED, "stopped");
    if (type == DUCKDB_ERROR_OUT_OF_MEMORY)
        return error_set(error, ERROR_ENGINE,
                         "the engine needs more memory than it may use; raise `memory` in "
                         "assay.yaml, or import smaller files");
    if (text == NULL)
        text = "no reason given";
    /* Where names pass through nothing is written, and the text may quote a row that says so. */
    if (!engine->clear_text && is_about_room(text))
        return error_no_room(error, engine->path);
    if (engine->clear_text && !is_about_the_statement(type))
        return error_set(error, ERROR_ENGINE,
                         "the file cannot be read as it was declared (engine error %d; its text is "
                         "withheld, since it may quote a row)",
                         (int)type);
    return error_set(error, ERROR_ENGINE, "%.1400s", text);
}

/* ---- Opening ---------------------------------------------------------------------------- */

static enum status check_is_database(const char *path, struct error *error)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return STATUS_OK; /* made on opening, or the engine says why not */
    char head[12] = {0};
    size_t got = fread(head, 1, sizeof head, file);
    (void)fclose(file);
    if (got < sizeof head || memcmp(head + 8, "DUCK", 4) != 0)
        return error_at(
            error, ERROR_INPUT, path, 0, 0,
            "this is no assay database; put a backup of it in its place, or import everything "
            "into a new workspace");
    return STATUS_OK;
}

static enum status set_option(duckdb_config config, const char *name, const char *value,
                              struct error *error)
{
    if (duckdb_set_config(config, name, value) != DuckDBSuccess)
        return error_set(error, ERROR_INPUT, "the engine does not take %s = \"%s\"", name, value);
    return STATUS_OK;
}

/* So much of a file keeps a thread busy; with less, threads wait for each other, and the engine
   waits by asking again and again, on a core that somebody else could use. */
enum { bytes_per_thread = 16 * 1024 * 1024 };

/* Of a file that is read and not written to; 0: leave it to the engine. */
static int threads_for(const struct engine_options *options, const char *path)
{
    const char *read = options->readable != NULL ? options->readable : path;
    struct stat what;
    if (options->threads > 0 || (options->readable == NULL && !options->read_only) ||
        stat(read, &what) != 0 || !S_ISREG(what.st_mode))
        return options->threads;
    long long wanted = 1 + (long long)what.st_size / bytes_per_thread;
    return wanted < sysconf(_SC_NPROCESSORS_ONLN) ? (int)wanted : 0;
}

static enum status make_config(const struct engine_options *options, const char *path,
                               duckdb_config *out, struct error *error)
{
    if (duckdb_create_config(out) != DuckDBSuccess)
        return error_memory(error);
    duckdb_config config = *out;
    enum status status = set_option(config, "autoinstall_known_extensions", "false", error);
    if (status == STATUS_OK)
        status = set_option(config, "autoload_known_extensions", "false", error);
    if (status == STATUS_OK && options->read_only)
        status = set_option(config, "access_mode", "READ_ONLY", error);
    if (status == STATUS_OK && options->memory != NULL)
        status = set_option(config, "memory_limit", options->memory, error);
    int threads = threads_for(options, path);
    if (status == STATUS_OK && threads > 0) {
        char number[16];
        (void)snprintf(number, sizeof number, "%d", threads);
        status = set_option(config, "threads", number, error);
    }
    return status;
}

/* 'text' with quotes doubled. */
static void quote(const char *text, char *out, size_t size)
{
    size_t at = 0;
    out[at++] = '\'';
    for (; *text != '\0' && at + 3 < size; text++) {
        if (*text == '\'')
            out[at++] = '\'';
        out[at++] = *text;
    }
    out[at++] = '\'';
    out[at] = '\0';
}

/* The order matters: paths and folders can be set only while access is open, and nothing once the
   settings are locked. */
static enum status lock_down(struct engine *engine, const struct engine_options *options,
                             struct error *error)
{
    char value[4200];
    char sql[4400];
    enum status status = STATUS_OK;
    if (options->shows_progress)
        status = engine_run(engine,
                            "set enable_progress_bar = true;"
                            "set enable_progress_bar_print = false;"
                            "set progress_bar_time = 0;",
                            error);
    if (status == STATUS_OK && options->clear_text)
        status = engine_run(engine, "set temp_directory = ''", error);
    /* A streamed result waits for its reader in few places by default: one chunk of a wide table
       fills them, and the threads that make it stop and start at each. */
    if (status == STATUS_OK && options->clear_text)
        status = engine_run(engine, "set streaming_buffer_size = '32MB'", error);
    if (status == STATUS_OK && options->readable != NULL) {
        quote(options->readable, value, sizeof value);
        (void)snprintf(sql, sizeof sql, "set allowed_paths = [%s]", value);
        status = engine_run(engine, sql, error);
    }
    if (status == STATUS_OK) {
        quote(options->time_zone != NULL ? options->time_zone : "UTC", value, sizeof value);
        (void)snprintf(sql, sizeof sql, "set global TimeZone = %s", value);
        if (engine_run(engine, sql, error) != STATUS_OK)
            return error_set(error, ERROR_INPUT,
                             "there is no time zone %s; write a name such as Europe/Berlin", value);
    }
    if (status == STATUS_OK)
        status = engine_run(engine,
                            "set enable_external_access = false;"
                            "set lock_configuration = true;",
                            error);
    return status;
}

enum status engine_open(const char *uri, const struct engine_options *options, struct engine **out,
                        struct error *error)
{
    static const char scheme[] = "duckdb:";
    if (strncmp(uri, scheme, sizeof scheme - 1) != 0)
        return error_set(error, ERROR_INPUT, "%s: an engine is named duckdb:PATH", uri);
    const char *path = uri + sizeof scheme - 1;
    enum status status = STATUS_OK;
    if (strcmp(path, ":memory:") != 0)
        status = check_is_database(path, error);
    if (status != STATUS_OK)
        return status;

    struct engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return error_memory(error);
    engine->clear_text = options->clear_text;
    (void)snprintf(engine->path, sizeof engine->path, "%s", path);
    duckdb_config config = NULL;
    char *text = NULL;
    status = make_config(options, path, &config, error);
    if (status != STATUS_OK)
        goto end;
    if (duckdb_open_ext(path, &engine->database, config, &text) != DuckDBSuccess) {
        bool busy = text != NULL && strstr(text, "Could not set lock on file") != NULL;
        if (text != NULL && is_about_room(text))
            status = error_no_room(error, path);
        else
            status = busy ? error_set(error, ERROR_BUSY, "another process holds %s", path)
                          : error_at(error, ERROR_IO, path, 0, 0, "cannot be opened: %.1000s",
                                     text != NULL ? text : "no reason given");
        goto end;
    }
    if (duckdb_connect(engine->database, &engine->connection) != DuckDBSuccess) {
        status = error_set(error, ERROR_ENGINE, "the engine gives no connection");
        goto end;
    }
    status = lock_down(engine, options, error);
end:
    duckdb_free(text);
    duckdb_destroy_config(&config);
    if (status != STATUS_OK) {
        engine_close(engine);
        return status;
    }
    *out = engine;
    return STATUS_OK;
}

void engine_close(struct engine *engine)
{
    if (engine == NULL)
        return;
    duckdb_disconnect(&engine->connection);
    duckdb_close(&engine->database);
    free(engine);
}

/* ---- Values ----------------------------------------------------------------------------- */

static duckdb_state bind_value(duckdb_prepared_statement prepared, idx_t index,
                               const struct engine_value *value)
{
    if (value->null)
        return duckdb_bind_null(prepared, index);
    switch (value->type) {
    case ENGINE_BOOL:
        return duckdb_bind_boolean(prepared, index, value->integer != 0);
    case ENGINE_INTEGER:
        return duckdb_bind_int64(prepared, index, value->integer);
    case ENGINE_NUMBER:
        return duckdb_bind_double(prepared, index, value->number);
    case ENGINE_TIME:
        return duckdb_bind_timestamp(prepared, index, (duckdb_timestamp){value->integer});
    case ENGINE_TEXT:
        return duckdb_bind_varchar(prepared, index, value->text);
    case ENGINE_NUMBERS:
    case ENGINE_MAP:
        break;
    }
    return DuckDBError;
}

static enum status bind(duckdb_prepared_statement prepared, struct engine_values values,
                        struct error *error)
{
    for (size_t i = 0; i < values.count; i++) {
        idx_t index = 0;
        /* A value that this statement does not name is no error: lists of values are shared. */
        if (duckdb_bind_parameter_index(prepared, &index, values.list[i].name) != DuckDBSuccess)
            continue;
        if (bind_value(prepared, index, &values.list[i]) != DuckDBSuccess)
            return error_set(error, ERROR_INPUT, "$%s: the value is not valid UTF-8 text",
                             values.list[i].name);
    }
    return STATUS_OK;
}

/* ---- Statements ------------------------------------------------------------------------- */

/* Errors before running come without a type; only those of the statement itself say so. */
static duckdb_error_type type_of(const char *text)
{
    static const char *const about[] = {"Parser Error", "Binder Error", "Catalog Error",
                                        "Syntax Error"};
    for (size_t i = 0; text != NULL && i < sizeof about / sizeof about[0]; i++)
        if (strncmp(text, about[i], strlen(about[i])) == 0)
            return DUCKDB_ERROR_BINDER;
    return DUCKDB_ERROR_INVALID;
}

/* Of two values of a name one would be taken for the other. */
static enum status refuse_twice(struct engine_values values, struct error *error)
{
    for (size_t i = 0; i < values.count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(values.list[i].name, values.list[j].name) == 0)
                return error_set(error, ERROR_INTERNAL, "the value $%s was given twice",
                                 values.list[i].name);
    return STATUS_OK;
}

enum status statement_start(struct engine *engine, const char *sql, struct engine_values values,
                            struct statement *out, struct error *error)
{
    struct statement statement = {0};
    struct arena *arena = arena_create();
    enum status status = refuse_twice(values, error);
    /* What reads a file is planned again when it runs whatever is known by then, and is prepared
       faster without its values. */
    if (status == STATUS_OK && !engine->clear_text)
        status = values_written(arena, sql, values, &sql, error);
    if (status != STATUS_OK)
        goto fail;
    if (duckdb_prepare(engine->connection, sql, &statement.prepared) != DuckDBSuccess) {
        status = engine_error(engine, DUCKDB_ERROR_PARSER, duckdb_prepare_error(statement.prepared),
                              error);
        goto fail;
    }
    if (engine->clear_text)
        status = bind(statement.prepared, values, error);
    if (status != STATUS_OK)
        goto fail;
    if (duckdb_pending_prepared_streaming(statement.prepared, &statement.pending) !=
        DuckDBSuccess) {
        status = engine_error(engine, type_of(duckdb_pending_error(statement.pending)),
                              duckdb_pending_error(statement.pending), error);
        goto fail;
    }
    statement.has_result = true;
    if (duckdb_execute_pending(statement.pending, &statement.result) != DuckDBSuccess) {
        status = engine_error(engine, duckdb_result_error_type(&statement.result),
                              duckdb_result_error(&statement.result), error);
        goto fail;
    }
    *out = statement;
    arena_destroy(arena);
    return STATUS_OK;
fail:
    statement_close(&statement);
    arena_destroy(arena);
    return status;
}

enum status statement_next(struct engine *engine, struct statement *statement,
                           duckdb_data_chunk *chunk, struct error *error)
{
    *chunk = duckdb_fetch_chunk(statement->result);
    if (*chunk != NULL)
        return STATUS_OK;
    /* An error in the middle of a stream looks like its end. */
    const char *text = duckdb_result_error(&statement->result);
    if (text == NULL)
        return STATUS_OK;
    return engine_error(engine, duckdb_result_error_type(&statement->result), text, error);
}

void statement_close(struct statement *statement)
{
    if (statement->has_result)
        duckdb_destroy_result(&statement->result);
    duckdb_destroy_pending(&statement->pending);
    duckdb_destroy_prepare(&statement->prepared);
}

enum status engine_run(struct engine *engine, const char *sql, struct error *error)
{
    remembered_are_stale(engine);
    duckdb_result result;
    enum status status = STATUS_OK;
    if (duckdb_query(engine->connection, sql, &result) != DuckDBSuccess)
        status = engine_error(engine, duckdb_result_error_type(&result),
                              duckdb_result_error(&result), error);
    duckdb_destroy_result(&result);
    return status;
}

static enum status execute(struct engine *engine, const char *sql, struct engine_values values,
                           int64_t *changed, struct error *error)
{
    struct statement statement = {0};
    enum status status = statement_start(engine, sql, values, &statement, error);
    if (status != STATUS_OK)
        return status;
    bool counts = duckdb_result_return_type(statement.result) == DUCKDB_RESULT_TYPE_CHANGED_ROWS;
    int64_t total = 0;
    for (;;) {
        duckdb_data_chunk chunk = NULL;
        status = statement_next(engine, &statement, &chunk, error);
        if (chunk == NULL)
            break;
        if (counts && duckdb_data_chunk_get_size(chunk) > 0)
            total +=
                *(const int64_t *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
        duckdb_destroy_data_chunk(&chunk);
    }
    statement_close(&statement);
    if (status == STATUS_OK && changed != NULL)
        *changed = total;
    return status;
}

enum status engine_execute(struct engine *engine, const char *sql, struct engine_values values,
                           int64_t *changed, struct error *error)
{
    remembered_are_stale(engine);
    return execute(engine, sql, values, changed, error);
}

enum status engine_make_temporary(struct engine *engine, const char *table, const char *sql,
                                  struct engine_values values, struct error *error)
{
    remembered_make(engine, table);
    return execute(engine, sql, values, NULL, error);
}

/* ---- Transactions, progress ------------------------------------------------------------- */

enum status engine_begin(struct engine *engine, struct error *error)
{
    return engine_run(engine, "begin transaction", error);
}

enum status engine_commit(struct engine *engine, struct error *error)
{
    return engine_run(engine, "commit", error);
}

void engine_rollback(struct engine *engine)
{
    /* Fails where a failed commit has ended the transaction already: nothing is left to undo. */
    (void)engine_run(engine, "rollback", NULL);
}

double engine_progress(struct engine *engine)
{
    double percentage = duckdb_query_progress(engine->connection).percentage;
    return percentage < 0 ? -1 : percentage / 100;
}
