#include "collect/import.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/terminal.h"
#include "base/text.h"
#include "base/time.h"
#include "collect/connector_check.h"
#include "collect/dates.h"
#include "collect/dry_run.h"
#include "collect/last_import.h"
#include "collect/numbers.h"
#include "collect/pipe.h"
#include "collect/rejects.h"
#include "collect/scale.h"
#include "collect/source_view.h"
#include "collect/ticker.h"
#include "collect/unmet.h"

#include <stdio.h>
#include <string.h>

/* ---- One table -------------------------------------------------------------------------- */

/* Everything that the steps of one import share. */
struct run {
    struct workspace *workspace;
    struct engine *reading;
    const struct connector *connector;
    const char *hash;
    const char *imported_as;
    bool strict;
    struct arena *arena;
    const struct source_file *file; /* NULL: rows came from code */
    enum source_pass pass;          /* how `source` goes through the file */
    bool has_unreadable;            /* the reading engine's table of that name was made */
    /* how to make `source` count its rows once some were refused; NULL: it does already */
    const char *view_with_rows;
    /* how to make it keep what cannot be read */
    const char *view_that_keeps;
    const struct source_columns *columns; /* NULL: rows came from code */
    const char *print;                    /* of all that decides over the rows; NULL: not known */
    struct source_doubt doubt;
};

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

/* The name of a block's rows in `imported` and `rejected`: the connector's, with the table where it
   is not the first one, and a number where the table had a name already. */
static const char *name_of(const struct run *run, size_t block)
{
    if (block == 0)
        return run->imported_as;
    const struct connector_block *blocks = run->connector->blocks;
    size_t earlier = 0;
    for (size_t i = 1; i < block; i++)
        earlier += strcmp(blocks[i].table, blocks[block].table) == 0;
    const char *name = arena_printf(run->arena, "%s:%s", run->imported_as, blocks[block].table);
    return earlier == 0 ? name : arena_printf(run->arena, "%s:%zu", name, earlier + 1);
}

/* Keeps what was rejected, and counts it in. */
static enum status keep_rejects(struct run *run, size_t number, struct import_table *table,
                                struct error *error)
{
    int64_t unreadable = 0;
    const struct reject_origin origin = {
        .reading = run->reading,
        .writer = run->workspace->engine,
        .connector = run->connector,
        .block = &run->connector->blocks[number],
        .view_with_rows = run->view_with_rows,
        .readable_only = run->file != NULL && !source_file_rows_are_free(run->file),
        .unreadable = number == 0 && run->has_unreadable ? "from unreadable" : NULL,
        .file_hash = run->hash,
        .imported_as = name_of(run, number),
    };
    enum status status = rejects_keep(&origin, table->rejected > 0, run->arena, &unreadable, error);
    table->read += unreadable;
    table->rejected += unreadable;
    table->accepted = table->read - table->rejected;
    if (status == STATUS_OK && table->rejected > 0)
        status = rejects_first(&origin, run->arena, table->rejects, import_rejects_shown,
                               &table->reject_count, error);
    return status;
}

/* Where the rows of a block wait. */
static const char *waiting(const struct run *run, size_t block)
{
    return arena_printf(run->arena, "incoming_%zu", block);
}

/* What the scan for the first block left aside. It takes all columns that a record may be broken
   in; the scan for the next block may need few, and finds less. A record that is no row is one of
   the file, whatever tables it would have filled. */
static enum status keep_unreadable(struct run *run, int64_t rows, struct error *error)
{
    const char *unreadable = source_file_unreadable(run->file, run->pass);
    enum status status = source_file_verify(run->file, run->pass, run->reading,
                                            pipe_counts_records(run->connector) ? rows : -1,
                                            run->arena, &run->doubt, error);
    if (status != STATUS_OK || unreadable == NULL)
        return status;
    run->has_unreadable = true;
    return engine_run(run->reading,
                      arena_printf(run->arena, "create temp table unreadable as %s", unreadable),
                      error);
}

/* Takes the rows of one block out of the file. Most files hold nothing but rows and are read in the
   quick pass to their end; what ended it elsewhere, the next pass says or keeps. */
static enum status take_rows(struct run *run, size_t number, struct error *error)
{
    struct engine *writer = run->workspace->engine;
    const struct connector_block *block = &run->connector->blocks[number];
    const char *into = waiting(run, number);
    int64_t rows = 0;
    enum status status =
        pipe_rows(run->reading, run->connector, block, writer, into, 0, run->arena, &rows, error);
    bool whole = status == STATUS_OK;
    if (run->pass == PASS_QUICK && whole && number == 0 && pipe_counts_records(run->connector))
        whole = rows == run->file->csv.records;
    if (run->pass == PASS_QUICK && !whole && status != ERROR_STOPPED && status != ERROR_IO) {
        run->pass = PASS_KEEPING;
        status = engine_run(run->reading, run->view_that_keeps, error);
        if (status == STATUS_OK)
            status = pipe_rows(run->reading, run->connector, block, writer, into, 0, run->arena,
                               &rows, error);
    }
    if (status != STATUS_OK)
        return run->file != NULL ? source_file_explain(run->file, status, error) : status;
    return run->file != NULL && number == 0 ? keep_unreadable(run, rows, error) : STATUS_OK;
}

/* All blocks, before the workspace's transaction begins: a table that came to be in it would be
   looked through by one thread only. */
static enum status take_all_rows(struct run *run, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < run->connector->block_count && status == STATUS_OK; i++)
        status = take_rows(run, i, error);
    return status;
}

static void drop_rows(struct run *run)
{
    for (size_t i = 0; i < run->connector->block_count; i++)
        (void)engine_run(run->workspace->engine,
                         arena_printf(run->arena, "drop table if exists %s", waiting(run, i)),
                         NULL);
}

/* What a row gave and what was there before it are of one item, and their times may not be. */
static enum status look_for_parted(struct run *run, struct import_table *table, struct error *error)
{
    struct frame frame;
    enum status status = engine_query(run->workspace->engine,
                                      "select count(*), array_to_string(list(item_id order by "
                                      "item_id)[1:3], ', ') from parted",
                                      ENGINE_NO_VALUES, run->arena, &frame, error);
    if (status == STATUS_OK)
        status = engine_run(run->workspace->engine, "drop table parted", error);
    if (status != STATUS_OK || frame_integer(&frame, 0, 0) == 0)
        return status;
    long long items = (long long)frame_integer(&frame, 0, 0);
    table->parted_note = arena_printf(
        run->arena,
        "closed before opened or started, together with what an earlier row or import gave: %lld "
        "(%s%s). The times of the later one stand alone there",
        items, text_printable(run->arena, frame_text(&frame, 0, 1)), items > 3 ? ", …" : "");
    return STATUS_OK;
}

/* A year that was mistyped leaves the item without a close. */
static enum status look_for_future(struct run *run, struct import_table *table, struct error *error)
{
    struct frame frame;
    enum status status =
        engine_query(run->workspace->engine, embedded_text("collect/future_closes.sql"),
                     ENGINE_VALUES(engine_time("now", time_now())), run->arena, &frame, error);
    if (status != STATUS_OK || frame_integer(&frame, 0, 0) == 0)
        return status;
    long long items = (long long)frame_integer(&frame, 0, 0);
    table->future_note = arena_printf(
        run->arena,
        "closed_at lies in the future in items that are done: %lld (%s%s). When they "
        "were closed is unknown, so no time counts them; correct it where they come "
        "from, and import the file again",
        items, text_printable(run->arena, frame_text(&frame, 0, 1)), items > 3 ? ", …" : "");
    return STATUS_OK;
}

/* Do the calls name items that are here? */
static enum status look_for_items(struct run *run, size_t number, struct import_table *table,
                                  struct error *error)
{
    enum status status =
        unmet_calls(run->workspace->engine,
                    "select item_id from incoming where reject is null and grain = 'call'",
                    run->arena, &table->unmet_note, error);
    if (status == STATUS_OK && run->print != NULL)
        status = last_import_keep_unmet(run->workspace, name_of(run, number), table->unmet_note,
                                        run->arena, error);
    return status;
}

/* Rows of one block into the canonical table. */
static enum status import_block(struct run *run, size_t number, struct import_table *table,
                                struct error *error)
{
    struct engine *writer = run->workspace->engine;
    const struct connector_block *block = &run->connector->blocks[number];
    const char *merge =
        embedded_text(arena_printf(run->arena, "collect/merge/%s.sql", block->table));
    table->table = block->table;
    if (merge == NULL)
        return error_set(error, ERROR_INTERNAL, "no merge for the table %s", block->table);
    enum status status = engine_run(
        writer, arena_printf(run->arena, "alter table %s rename to incoming", waiting(run, number)),
        error);
    if (status == STATUS_OK && run->file != NULL && strcmp(block->table, "measure") == 0)
        status = scale_check(writer, "incoming", ENGINE_NO_VALUES, run->connector, run->file->path,
                             run->arena, error);
    if (status == STATUS_OK)
        status = engine_run(writer, merge, error);
    if (status == STATUS_OK)
        status = rejects_count(writer, run->arena, table, error);
    if (status == STATUS_OK)
        status = count_merged(run, table, error);
    if (status == STATUS_OK)
        status = keep_rejects(run, number, table, error);
    if (status == STATUS_OK && run->file != NULL && table->rejected > 0)
        status = dates_check(run->reading, writer, run->connector, block, run->file->path,
                             run->arena, &table->note, error);
    if (status == STATUS_OK && run->file != NULL && table->rejected > 0)
        status = numbers_check(run->reading, writer, run->connector, block, run->arena,
                               &table->number_note, error);
    if (status == STATUS_OK && run->file != NULL)
        source_title_columns(run->arena, run->connector, block, run->columns, table);
    if (status == STATUS_OK && strcmp(block->table, "item") == 0)
        status = look_for_parted(run, table, error);
    if (status == STATUS_OK && strcmp(block->table, "item") == 0)
        status = look_for_future(run, table, error);
    if (status == STATUS_OK && strcmp(block->table, "usage") == 0)
        status = look_for_items(run, number, table, error);
    if (status == STATUS_OK)
        status = note_imported(run, name_of(run, number), table, error);
    if (status == STATUS_OK)
        status = engine_run(writer, "drop table incoming", error);
    return status;
}

/* Takes everything back but what was rejected, and notes that nothing was accepted. */
static enum status refuse(struct run *run, struct import_result *out, struct error *error)
{
    struct engine *writer = run->workspace->engine;
    enum status status = rejects_take(writer, run->reading, run->hash, error);
    engine_rollback(writer);
    if (status == STATUS_OK)
        status = engine_begin(writer, error);
    if (status != STATUS_OK)
        return status;
    status = rejects_put(run->reading, writer, run->hash, error);
    for (size_t i = 0; i < out->table_count && status == STATUS_OK; i++) {
        struct import_table *table = &out->tables[i];
        table->accepted = table->added = table->changed = 0;
        status = note_imported(run, name_of(run, i), table, error);
    }
    if (status == STATUS_OK)
        status = engine_commit(writer, error);
    if (status != STATUS_OK)
        engine_rollback(writer);
    out->refused = true;
    return status;
}

/* Is there nothing to say of the rows that a user should see each time? */
static bool is_clean(const struct import_result *result, const struct source_doubt *doubt)
{
    bool clean = doubt->values == 0;
    for (size_t i = 0; i < result->table_count; i++) {
        const struct import_table *table = &result->tables[i];
        clean = clean && table->rejected == 0 && table->attrs_dropped == 0 &&
                table->future_note == NULL;
    }
    return clean;
}

/* All blocks in one transaction of the workspace. */
static enum status merge_blocks(struct run *run, struct import_result *out, struct error *error)
{
    struct engine *writer = run->workspace->engine;
    enum status status = engine_begin(writer, error);
    if (status != STATUS_OK)
        return status;
    bool any = false;
    bool any_rejected = false;
    for (size_t i = 0; i < run->connector->block_count && status == STATUS_OK; i++) {
        status = import_block(run, i, &out->tables[i], error);
        any = any || out->tables[i].added > 0 || out->tables[i].changed > 0;
        any_rejected = any_rejected || out->tables[i].rejected > 0;
    }
    if (status == STATUS_OK && run->strict && any_rejected)
        return refuse(run, out, error);
    if (status == STATUS_OK && any)
        status = workspace_bump_data_version(run->workspace, error);
    if (status == STATUS_OK && run->print != NULL && is_clean(out, &run->doubt))
        status = last_import_note(run->workspace, run->print, run->arena, error);
    if (status == STATUS_OK)
        status = engine_commit(writer, error);
    if (status != STATUS_OK)
        engine_rollback(writer);
    return status;
}

/* Tells again what the same import told, and notes that it was asked for. */
static enum status repeat_blocks(struct run *run, struct import_result *out, struct error *error)
{
    struct engine *writer = run->workspace->engine;
    out->repeated = true;
    enum status status = engine_begin(writer, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < run->connector->block_count && status == STATUS_OK; i++) {
        struct import_table *table = &out->tables[i];
        table->table = run->connector->blocks[i].table;
        status =
            last_import_told(run->workspace, run->hash, name_of(run, i), run->arena, table, error);
        if (status == STATUS_OK)
            status = note_imported(run, name_of(run, i), table, error);
    }
    if (status == STATUS_OK)
        status = engine_commit(writer, error);
    if (status != STATUS_OK)
        engine_rollback(writer);
    return status;
}

static enum status import_blocks(struct run *run, struct import_result *out, struct error *error)
{
    bool repeated = false;
    enum status status = STATUS_OK;
    if (run->print != NULL)
        status = last_import_is(run->workspace, run->print, run->arena, &repeated, error);
    if (status == STATUS_OK && repeated)
        return repeat_blocks(run, out, error);
    if (status == STATUS_OK)
        status = take_all_rows(run, error);
    if (status == STATUS_OK)
        status = merge_blocks(run, out, error);
    drop_rows(run);
    out->doubt = run->doubt;
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

/* Rows of CSV cost a pass in order, which is made when something was refused. Then refused rows are
   found by their position, which a select that orders need not give twice. */
static bool counts_at_once(const struct connector *connector, const struct source_file *file)
{
    bool any = source_file_rows_are_free(file);
    for (size_t i = 0; i < connector->block_count; i++)
        any = any || connector->blocks[i].reorders;
    return any;
}

/* The user's own select may misname a column of the table, which would be lost without a word.
   Where the select cannot be run, the scan says so, with its place. */
static enum status check_own_columns(const struct connector *connector, struct engine *reading,
                                     struct arena *arena, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < connector->block_count && status == STATUS_OK; i++) {
        struct frame given;
        const struct connector_block *block = &connector->blocks[i];
        if (pipe_columns(reading, connector, block, arena, &given, NULL) == STATUS_OK)
            status = connector_check_columns(arena, connector, block, &given, error);
    }
    return status;
}

/* ---- The two entries -------------------------------------------------------------------- */

static enum status open_source(const struct connector *connector,
                               const struct import_request *request, struct arena *arena,
                               struct source_file **out, struct error *error)
{
    if (connector->rows_from_code)
        return error_set(error, ERROR_INPUT,
                         "the connector %s reads a repository: assay import %s DIR",
                         connector->name, connector->name);
    bool only_json = connector->formats == connector_reads_json;
    enum status status = source_file_open(arena, request->path, only_json, out, error);
    if (status != STATUS_OK || (connector->formats & 1u << (*out)->format) != 0)
        return status;
    enum file_format format = (*out)->format;
    source_file_close(*out);
    return error_at(error, ERROR_INPUT, request->path, 0, 0,
                    "the file is %s, and the connector %s reads %s; export it as that",
                    file_format_title(format), connector->name, connector->reads);
}

enum status import_file(struct workspace *workspace, const struct connector *connector,
                        const struct import_request *request,
                        const struct import_progress *progress, struct arena *arena,
                        struct import_result *out, struct error *error)
{
    prepare_result(connector, arena, out);
    struct source_file *file = NULL;
    struct engine *reading = NULL;
    struct ticker *ticker = NULL;
    struct source_columns columns = {0};
    enum status status = open_source(connector, request, arena, &file, error);
    if (status != STATUS_OK || file == NULL)
        return status;
    memcpy(out->file_hash, file->hash, sizeof out->file_hash);
    status = workspace_read_key(workspace, arena, error);
    if (status == STATUS_OK)
        status = pipe_open(workspace, file, connector, progress != NULL, arena, &reading, error);
    if (status == STATUS_OK)
        status = source_match(arena, connector, file, request, &columns, error);
    bool at_once = status == STATUS_OK && (request->dry_run || counts_at_once(connector, file));
    bool quick = status == STATUS_OK && source_file_is_plain(file);
    enum source_pass pass = at_once ? PASS_COUNTING : quick ? PASS_QUICK : PASS_KEEPING;
    if (status == STATUS_OK)
        status = engine_run(reading, source_view(arena, connector, file, &columns, pass), error);
    if (status == STATUS_OK && !connector->built_in)
        status = check_own_columns(connector, reading, arena, error);
    if (status == STATUS_OK && progress != NULL)
        ticker = ticker_start(reading, progress);
    out->unused = columns.unused;
    out->unused_count = columns.unused_count;
    if (status == STATUS_OK && request->dry_run) {
        out->dry_run = true;
        out->zone = workspace->settings.time_zone;
        const struct dry_run run = {workspace, reading, connector, file, &columns, pass, arena};
        status = dry_run_blocks(&run, out, error);
    } else if (status == STATUS_OK) {
        struct run run = {
            .workspace = workspace,
            .reading = reading,
            .connector = connector,
            .hash = out->file_hash,
            .imported_as = connector->name,
            .strict = request->strict,
            .arena = arena,
            .file = file,
            .columns = &columns,
            .pass = pass,
            .view_with_rows =
                at_once ? NULL : source_view(arena, connector, file, &columns, PASS_COUNTING),
            /* A connector of the user's own may ask for the time of day. */
            .print = connector->built_in && request->program != NULL
                         ? last_import_print(arena, workspace, connector, request, file)
                         : NULL,
            .view_that_keeps = source_view(arena, connector, file, &columns, PASS_KEEPING),
        };
        status = import_blocks(&run, out, error);
    }
    ticker_stop(ticker);
    engine_close(reading);
    source_file_close(file);
    return status;
}

enum status import_rows(struct workspace *workspace, const struct connector *connector,
                        const struct import_source *source, struct arena *arena,
                        struct import_result *out, struct error *error)
{
    prepare_result(connector, arena, out);
    struct engine *reading = NULL;
    struct engine_appender *appender = NULL;
    enum status status = pipe_open(workspace, NULL, connector, false, arena, &reading, error);
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
            .pass = PASS_COUNTING,
        };
        status = import_blocks(&run, out, error);
    }
    engine_close(reading);
    return status;
}
