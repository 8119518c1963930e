#include "collect/import.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "collect/pipe.h"
#include "collect/source_view.h"
#include "collect/ticker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- The file --------------------------------------------------------------------------- */

static enum status open_file(const char *path, int *out, struct error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return error_at(error, ERROR_INPUT, path, 0, 0, "cannot be read: %s", strerror(errno));
    struct stat about;
    const char *problem = NULL;
    if (fstat(file, &about) != 0)
        problem = strerror(errno);
    else if (S_ISDIR(about.st_mode))
        problem = "this is a folder; name a file in it";
    else if (!S_ISREG(about.st_mode))
        problem = "this is no regular file; write its contents to one first";
    if (problem != NULL) {
        (void)close(file);
        return error_at(error, ERROR_INPUT, path, 0, 0, "%s", problem);
    }
    *out = file;
    return STATUS_OK;
}

/* ---- One table -------------------------------------------------------------------------- */

/* Everything that the steps of one import share. */
struct run {
    struct workspace *workspace;
    struct engine *reading;
    const struct connector *connector;
    const char *hash;
    const char *imported_as;
    struct arena *arena;
    /* how to make `source` count its rows; NULL: it does already */
    const char *view_with_rows;
};

static enum status count_incoming(struct run *run, struct import_table *table, struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        run->workspace->engine,
        "select count(*), count(reject), coalesce(sum(dropped), 0)::bigint from incoming",
        ENGINE_NO_VALUES, run->arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    table->read = frame_integer(&frame, 0, 0);
    table->rejected = frame_integer(&frame, 0, 1);
    table->attrs_dropped = frame_integer(&frame, 0, 2);
    return STATUS_OK;
}

static enum status count_merged(struct run *run, struct import_table *table, struct error *error)
{
    struct frame frame;
    enum status status =
        engine_query(run->workspace->engine,
                     "select count(*) filter (where new), count(*) filter (where changed and not "
                     "new) from merged",
                     ENGINE_NO_VALUES, run->arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    table->added = frame_integer(&frame, 0, 0);
    table->changed = frame_integer(&frame, 0, 1);
    return engine_run(run->workspace->engine, "drop table merged", error);
}

static enum status keep_rejects(struct run *run, const char *imported_as,
                                const struct pipe_rejects *rejects, struct import_table *table,
                                struct error *error)
{
    struct engine_appender *appender = NULL;
    enum status status = engine_appender_open(run->workspace->engine, "rejected", &appender, error);
    for (size_t i = 0; i < rejects->count && status == STATUS_OK; i++) {
        const struct import_reject *reject = &rejects->list[i];
        struct engine_value row[] = {
            engine_text("", run->hash),
            engine_text("", imported_as),
            reject->row > 0 ? engine_integer("", reject->row) : engine_null("", ENGINE_INTEGER),
            engine_text("", reject->column),
            engine_text("", reject->reason),
        };
        status = engine_append(appender, row, sizeof row / sizeof row[0], error);
        if (i < import_rejects_shown)
            table->rejects[table->reject_count++] = *reject;
    }
    if (appender == NULL)
        return status;
    enum status closed = engine_appender_close(appender, status == STATUS_OK ? error : NULL);
    return status != STATUS_OK ? status : closed;
}

static enum status note_imported(struct run *run, const char *imported_as,
                                 const struct import_table *table, struct error *error)
{
    struct engine_values values = ENGINE_VALUES(
        engine_text("hash", run->hash), engine_text("connector", imported_as),
        engine_integer("read", table->read), engine_integer("accepted", table->accepted),
        engine_integer("rejected", table->rejected), engine_time("now", time_now()));
    return engine_execute(run->workspace->engine,
                          "insert into imported values "
                          "($hash, $connector, $read, $accepted, $rejected, $now)",
                          values, NULL, error);
}

/* Rows of one block, from the connector's select to the canonical table. */
static enum status import_block(struct run *run, const struct connector_block *block, bool first,
                                struct import_table *table, struct error *error)
{
    struct engine *writer = run->workspace->engine;
    const char *merge =
        embedded_text(arena_printf(run->arena, "collect/merge/%s.sql", block->table));
    const char *imported_as =
        first ? run->imported_as
              : arena_printf(run->arena, "%s:%s", run->imported_as, block->table);
    struct pipe_rejects rejects = {0};
    table->table = block->table;
    if (merge == NULL)
        return error_set(error, ERROR_INTERNAL, "no merge for the table %s", block->table);
    /* A file imported again replaces what it said about its rejected rows. */
    enum status status = engine_execute(
        writer, "delete from rejected where file_hash = $hash and connector = $connector",
        ENGINE_VALUES(engine_text("hash", run->hash), engine_text("connector", imported_as)), NULL,
        error);
    if (status == STATUS_OK)
        status = pipe_rows(run->reading, run->connector, block, writer, run->arena, error);
    if (status == STATUS_OK)
        status = engine_run(writer, merge, error);
    if (status == STATUS_OK)
        status = count_incoming(run, table, error);
    if (status == STATUS_OK)
        status = count_merged(run, table, error);
    if (status == STATUS_OK)
        status = pipe_find_rejects(run->reading, run->connector, block, run->view_with_rows,
                                   table->rejected > 0, first, writer, run->arena, &rejects, error);
    if (status == STATUS_OK) {
        table->read += rejects.unreadable;
        table->rejected += rejects.unreadable;
        table->accepted = table->read - table->rejected;
        status = keep_rejects(run, imported_as, &rejects, table, error);
    }
    if (status == STATUS_OK)
        status = note_imported(run, imported_as, table, error);
    if (status == STATUS_OK)
        status = engine_run(writer, "drop table incoming", error);
    return status;
}

/* All blocks in one transaction of the workspace. */
static enum status import_blocks(struct run *run, struct import_result *out, struct error *error)
{
    struct engine *writer = run->workspace->engine;
    enum status status = engine_begin(writer, error);
    if (status != STATUS_OK)
        return status;
    bool any = false;
    for (size_t i = 0; i < run->connector->block_count && status == STATUS_OK; i++) {
        status = import_block(run, &run->connector->blocks[i], i == 0, &out->tables[i], error);
        any = any || out->tables[i].added > 0 || out->tables[i].changed > 0;
    }
    if (status == STATUS_OK && any)
        status = workspace_bump_data_version(run->workspace, error);
    if (status == STATUS_OK)
        status = engine_commit(writer, error);
    if (status != STATUS_OK)
        engine_rollback(writer);
    return status;
}

static enum status show_blocks(struct run *run, struct import_result *out, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < run->connector->block_count && status == STATUS_OK; i++) {
        out->tables[i].table = run->connector->blocks[i].table;
        status = pipe_preview(run->reading, run->connector, &run->connector->blocks[i],
                              import_rows_shown, run->arena, &out->tables[i].rows, error);
    }
    return status;
}

static void prepare_result(const struct connector *connector, struct arena *arena,
                           struct import_result *out)
{
    *out = (struct import_result){
        .tables = arena_array(arena, connector->block_count, sizeof *out->tables),
        .table_count = connector->block_count,
    };
}

/* ---- The two entries -------------------------------------------------------------------- */

enum status import_file(struct workspace *workspace, const struct connector *connector,
                        const struct import_request *request,
                        const struct import_progress *progress, struct arena *arena,
                        struct import_result *out, struct error *error)
{
    prepare_result(connector, arena, out);
    if (connector->rows_from_code)
        return error_set(error, ERROR_INPUT,
                         "the connector %s reads a repository: assay import "
                         "%s DIR",
                         connector->name, connector->name);
    int file = -1;
    struct engine *reading = NULL;
    struct ticker *ticker = NULL;
    struct csv_header header;
    struct source_columns columns;
    const char *readable = NULL;
    enum status status = open_file(request->path, &file, error);
    if (status == STATUS_OK)
        status = workspace_read_key(workspace, arena, error);
    if (status == STATUS_OK)
        status = csv_header_read(arena, request->path, file, &header, error);
    if (status == STATUS_OK)
        status = source_match(arena, connector, &header, request, &columns, error);
    if (status == STATUS_OK)
        status = hash_sha256_file(file, request->path, out->file_hash, error);
    if (status != STATUS_OK)
        goto end;
    out->unused = columns.unused;
    out->unused_count = columns.unused_count;
    /* By descriptor: no glob in the name, and no other file in its place meanwhile. */
    readable = arena_printf(arena, "/proc/self/fd/%d", file);
    status = pipe_open(workspace, readable, connector, arena, &reading, error);
    if (status == STATUS_OK)
        status = engine_run(
            reading, source_view(arena, connector, &header, &columns, readable, false), error);
    if (status != STATUS_OK)
        goto end;
    struct run run = {
        .workspace = workspace,
        .reading = reading,
        .connector = connector,
        .hash = out->file_hash,
        .imported_as = connector->name,
        .arena = arena,
        .view_with_rows = source_view(arena, connector, &header, &columns, readable, true),
    };
    if (progress != NULL)
        ticker = ticker_start(reading, progress);
    status = request->dry_run ? show_blocks(&run, out, error) : import_blocks(&run, out, error);
end:
    ticker_stop(ticker);
    engine_close(reading);
    if (file >= 0)
        (void)close(file);
    return status;
}

enum status import_rows(struct workspace *workspace, const struct connector *connector,
                        const struct import_source *source, struct arena *arena,
                        struct import_result *out, struct error *error)
{
    prepare_result(connector, arena, out);
    struct engine *reading = NULL;
    struct engine_appender *appender = NULL;
    enum status status = pipe_open(workspace, NULL, connector, arena, &reading, error);
    if (status == STATUS_OK)
        status = engine_run(reading, source->create, error);
    if (status == STATUS_OK)
        status = engine_appender_open(reading, "source", &appender, error);
    if (status == STATUS_OK) {
        status = source->fill(source->context, appender, error);
        enum status closed = engine_appender_close(appender, status == STATUS_OK ? error : NULL);
        status = status != STATUS_OK ? status : closed;
    }
    if (status == STATUS_OK) {
        (void)snprintf(out->file_hash, sizeof out->file_hash, "%s", source->hash);
        struct run run = {
            .workspace = workspace,
            .reading = reading,
            .connector = connector,
            .hash = source->hash,
            .imported_as = source->imported_as,
            .arena = arena,
        };
        status = import_blocks(&run, out, error);
    }
    engine_close(reading);
    return status;
}
