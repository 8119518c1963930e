#include "collect/rejects.h"

#include "base/embedded.h"
#include "base/text.h"
#include "collect/pipe.h"

/* ---- Places ----------------------------------------------------------------------------- */

/* Fills the writer's table `refused` from `incoming`. */
static enum status find_refused(const struct reject_origin *origin, struct arena *arena,
                                struct error *error)
{
    struct frame frame;
    enum status status = engine_query(origin->writer, "select min(rowid)::bigint from incoming",
                                      ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    return engine_execute(origin->writer, embedded_text("collect/refused_positions.sql"),
                          ENGINE_VALUES(engine_integer("first", frame_integer(&frame, 0, 0))), NULL,
                          error);
}

/* Gives refused rows their place in the file: by their position in the select's output, which a
   second scan in order repeats with row numbers. */
static enum status find_places(const struct reject_origin *origin, struct arena *arena,
                               struct error *error)
{
    const char *select = NULL;
    enum status status = pipe_select(arena, origin->connector, origin->block, &select, error);
    if (status == STATUS_OK)
        status = engine_run(origin->reading, origin->view_with_rows, error);
    if (status == STATUS_OK)
        status = engine_run(origin->reading,
                            "create or replace temp table refused(position bigint)", error);
    if (status == STATUS_OK)
        status = engine_pipe(origin->writer, "select position from refused", ENGINE_NO_VALUES,
                             origin->reading, "temp.refused", NULL, error);
    if (status == STATUS_OK)
        status = engine_run(origin->writer, "create temp table place(position bigint, row bigint)",
                            error);
    if (status != STATUS_OK)
        return status;
    const char *sql = embedded_text("collect/refused_places.sql");
    status = engine_pipe(origin->reading, TEXT_FILLED(arena, sql, {"select", select}),
                         pipe_options(arena, origin->connector), origin->writer, "temp.place", NULL,
                         error);
    if (status == STATUS_OK)
        status = engine_run(origin->writer,
                            "update refused set row = place.row from place where place.position = "
                            "refused.position;"
                            "drop table place;",
                            error);
    return status;
}

/* ---- Keeping ---------------------------------------------------------------------------- */

enum status rejects_keep(const struct reject_origin *origin, bool checked, struct arena *arena,
                         int64_t *unreadable, struct error *error)
{
    struct engine *writer = origin->writer;
    bool counted_later = origin->view_with_rows != NULL;
    *unreadable = 0;
    enum status status =
        engine_run(writer,
                   "create temp table unreadable(row bigint, column_name varchar, reason varchar);"
                   "create temp table refused(position bigint, row bigint, reject varchar);",
                   error);
    if (status == STATUS_OK && origin->unreadable != NULL)
        status = engine_pipe(origin->reading, origin->unreadable, ENGINE_NO_VALUES, writer,
                             "temp.unreadable", unreadable, error);
    if (status == STATUS_OK && checked)
        status = find_refused(origin, arena, error);
    if (status == STATUS_OK && checked && counted_later)
        status = find_places(origin, arena, error);
    const struct engine_values about = ENGINE_VALUES(engine_text("file_hash", origin->file_hash),
                                                     engine_text("connector", origin->imported_as),
                                                     engine_bool("shifts", origin->readable_only));
    if (status == STATUS_OK)
        status = engine_execute(
            writer, "delete from rejected where file_hash = $file_hash and connector = $connector",
            about, NULL, error);
    if (status == STATUS_OK && (checked || *unreadable > 0))
        status =
            engine_execute(writer, embedded_text("collect/keep_rejects.sql"), about, NULL, error);
    if (status == STATUS_OK)
        status = engine_run(writer, "drop table unreadable; drop table refused;", error);
    return status;
}

static void take_row(struct arena *arena, const struct frame *frame, size_t row, size_t column,
                     struct import_reject *out)
{
    *out = (struct import_reject){
        .row = frame_integer(frame, row, column),
        .column = arena_text(arena, frame_text(frame, row, column + 1)),
        .reason = arena_text(arena, frame_text(frame, row, column + 2)),
    };
}

enum status rejects_count(struct engine *writer, struct arena *arena, struct import_table *out,
                          struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        writer, "select count(*), count(reject), coalesce(sum(dropped), 0)::bigint from incoming",
        ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    out->read = frame_integer(&frame, 0, 0);
    out->rejected = frame_integer(&frame, 0, 1);
    out->attrs_dropped = frame_integer(&frame, 0, 2);
    return STATUS_OK;
}

enum status rejects_first(const struct reject_origin *origin, struct arena *arena,
                          struct import_reject *out, size_t max, size_t *count, struct error *error)
{
    struct frame frame;
    *count = 0;
    enum status status = engine_query(
        origin->writer,
        "select row, column_name, reason from rejected where file_hash = $file_hash and connector "
        "= $connector order by row nulls last, rowid limit $max",
        ENGINE_VALUES(engine_text("file_hash", origin->file_hash),
                      engine_text("connector", origin->imported_as),
                      engine_integer("max", (int64_t)max)),
        arena, &frame, error);
    for (size_t i = 0; status == STATUS_OK && i < frame.rows; i++)
        take_row(arena, &frame, i, 0, &out[(*count)++]);
    return status;
}

/* ---- Past a roll back ------------------------------------------------------------------- */

enum status rejects_take(struct engine *writer, struct engine *reading, const char *file_hash,
                         struct error *error)
{
    enum status status = engine_run(reading,
                                    "create temp table kept_rejects(file_hash varchar, connector "
                                    "varchar, row bigint, column_name varchar, reason varchar)",
                                    error);
    if (status != STATUS_OK)
        return status;
    return engine_pipe(writer, "from rejected where file_hash = $file_hash order by rowid",
                       ENGINE_VALUES(engine_text("file_hash", file_hash)), reading,
                       "temp.kept_rejects", NULL, error);
}

enum status rejects_put(struct engine *reading, struct engine *writer, const char *file_hash,
                        struct error *error)
{
    enum status status =
        engine_execute(writer, "delete from rejected where file_hash = $file_hash",
                       ENGINE_VALUES(engine_text("file_hash", file_hash)), NULL, error);
    if (status != STATUS_OK)
        return status;
    return engine_pipe(reading, "from kept_rejects", ENGINE_NO_VALUES, writer, "rejected", NULL,
                       error);
}

/* ---- Listing ---------------------------------------------------------------------------- */

enum { rows_a_page = 100000 };

enum status rejects_each(struct engine *engine,
                         void (*visit)(void *context, const struct reject_row *row), void *context,
                         struct error *error)
{
    enum status status = STATUS_OK;
    int64_t after = -1;
    for (size_t got = rows_a_page; got == rows_a_page && status == STATUS_OK;) {
        struct arena *arena = arena_create();
        struct frame frame = {0};
        status = engine_query(
            engine, embedded_text("collect/kept_rejects.sql"),
            ENGINE_VALUES(engine_integer("after", after), engine_integer("max", rows_a_page)),
            arena, &frame, error);
        got = status == STATUS_OK ? frame.rows : 0;
        for (size_t i = 0; i < got; i++) {
            struct reject_row row = {frame_text(&frame, i, 1), frame_text(&frame, i, 2), {0}};
            take_row(arena, &frame, i, 3, &row.reject);
            after = frame_integer(&frame, i, 0);
            visit(context, &row);
        }
        arena_destroy(arena);
    }
    return status;
}
