#include "collect/dry_run.h"

#include "base/text.h"
#include "collect/dates.h"
#include "collect/numbers.h"
#include "collect/pipe.h"
#include "collect/rejects.h"
#include "collect/scale.h"
#include "engine/sql_text.h"

#include <string.h>

/* ---- Rows ------------------------------------------------------------------------------- */

/* The first rows that were accepted, as text; times in the workspace's zone. */
static enum status show_first(const struct dry_run *run, struct import_table *table,
                              struct error *error)
{
    struct engine *writer = run->workspace->engine;
    struct frame columns;
    struct text sql = {.arena = run->arena};
    enum status status =
        engine_query(writer,
                     "select column_name, column_type from (describe select * exclude (source_row, "
                     "reject, dropped) from incoming)",
                     ENGINE_NO_VALUES, run->arena, &columns, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < columns.rows; i++) {
        const char *name = sql_name(run->arena, frame_text(&columns, i, 0));
        bool is_time = strcmp(frame_text(&columns, i, 1), "TIMESTAMP") == 0;
        text_addf(&sql, is_time ? "%stimezone($zone, %s at time zone 'UTC')" : "%s%s",
                  i == 0 ? "select " : ", ", name);
        text_addf(&sql, "::varchar as %s", name);
    }
    text_addf(&sql, " from incoming where reject is null order by rowid limit %d",
              import_rows_shown);
    return engine_query(writer, sql.bytes,
                        ENGINE_VALUES(engine_text("zone", run->workspace->settings.time_zone)),
                        run->arena, &table->rows, error);
}

/* ---- What is refused -------------------------------------------------------------------- */

/* Records that the scan for the first table met and that are no rows. */
static enum status find_unreadable(const struct dry_run *run, const struct import_table *table,
                                   struct source_doubt *doubt, bool *any, struct error *error)
{
    const char *unreadable = source_file_unreadable(run->file, run->pass);
    bool knows = !table->goes_on && pipe_counts_records(run->connector);
    enum status status = source_file_verify(run->file, run->pass, run->reading,
                                            knows ? table->read : -1, run->arena, doubt, error);
    *any = status == STATUS_OK && unreadable != NULL;
    if (!*any)
        return status;
    return engine_run(run->reading,
                      arena_printf(run->arena, "create temp table unreadable as %s", unreadable),
                      error);
}

static enum status find_rejects(const struct dry_run *run, size_t number, bool unreadable,
                                struct import_table *table, struct error *error)
{
    int64_t broken = 0;
    const struct reject_origin origin = {
        .reading = run->reading,
        .writer = run->workspace->engine,
        .connector = run->connector,
        .block = &run->connector->blocks[number],
        .readable_only = !source_file_rows_are_free(run->file),
        .unreadable = unreadable ? "from unreadable" : NULL,
        .file_hash = run->file->hash,
        .imported_as = arena_printf(run->arena, "%zu", number),
    };
    enum status status = rejects_keep(&origin, table->rejected > 0, run->arena, &broken, error);
    table->read += broken;
    table->rejected += broken;
    table->accepted = table->read - table->rejected;
    if (status == STATUS_OK && table->rejected > 0)
        status = rejects_first(&origin, run->arena, table->rejects, import_rejects_shown,
                               &table->reject_count, error);
    return status;
}

static enum status try_block(const struct dry_run *run, size_t number, struct import_table *table,
                             struct source_doubt *doubt, struct error *error)
{
    struct engine *writer = run->workspace->engine;
    const struct connector_block *block = &run->connector->blocks[number];
    int64_t rows = 0;
    bool unreadable = false;
    table->table = block->table;
    enum status status = pipe_rows(run->reading, run->connector, block, writer, "temp.incoming",
                                   dry_run_rows, run->arena, &rows, error);
    if (status != STATUS_OK)
        return source_file_explain(run->file, status, error);
    table->goes_on = rows == dry_run_rows;
    status = rejects_count(writer, run->arena, table, error);
    if (status == STATUS_OK && number == 0)
        status = find_unreadable(run, table, doubt, &unreadable, error);
    if (status == STATUS_OK && strcmp(block->table, "measure") == 0)
        status = scale_check(writer, "incoming", ENGINE_NO_VALUES, run->connector, run->file->path,
                             run->arena, error);
    if (status == STATUS_OK)
        status = find_rejects(run, number, unreadable, table, error);
    if (status == STATUS_OK && table->rejected > 0)
        status = dates_check(run->reading, writer, run->connector, block, run->file->path,
                             run->arena, &table->note, error);
    if (status == STATUS_OK && table->rejected > 0)
        status = numbers_check(run->reading, writer, run->connector, block, run->arena,
                               &table->number_note, error);
    if (status == STATUS_OK)
        source_title_columns(run->arena, run->connector, block, run->columns, table);
    if (status == STATUS_OK)
        status = show_first(run, table, error);
    return status;
}

enum status dry_run_blocks(const struct dry_run *run, struct import_result *out,
                           struct error *error)
{
    struct engine *writer = run->workspace->engine;
    /* It hides the workspace's own from what keeps rejects. */
    enum status status =
        engine_run(writer, "create temp table rejected as from rejected limit 0", error);
    for (size_t i = 0; i < run->connector->block_count && status == STATUS_OK; i++)
        status = try_block(run, i, &out->tables[i], &out->doubt, error);
    (void)engine_run(
        writer, "drop table if exists temp.rejected; drop table if exists temp.incoming", NULL);
    return status;
}
