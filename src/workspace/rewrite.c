#include "workspace/rewrite.h"

#include "base/error.h"
#include "base/text.h"
#include "engine/sql_text.h"
#include "workspace/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void rewrite_remove_left(const char *database)
{
    struct arena *arena = arena_create();
    (void)unlink(arena_printf(arena, "%s.new", database));
    (void)unlink(arena_printf(arena, "%s.new.wal", database));
    arena_destroy(arena);
}

static enum status copy_tables(struct engine *from, struct engine *to, struct arena *arena,
                               struct error *error)
{
    struct frame tables;
    enum status status = engine_query(
        from,
        "select table_name, sql from duckdb_tables() where not internal and not temporary "
        "and database_name = current_database() order by table_name",
        ENGINE_NO_VALUES, arena, &tables, error);
    for (size_t i = 0; status == STATUS_OK && i < tables.rows; i++) {
        const char *name = frame_text(&tables, i, 0);
        status = engine_run(to, frame_text(&tables, i, 1), error);
        if (status == STATUS_OK)
            status =
                engine_pipe(from, arena_printf(arena, "select * from %s", sql_name(arena, name)),
                            ENGINE_NO_VALUES, to, name, NULL, error);
    }
    return status;
}

/* All tables in one transaction, and on the disk when this returns. */
static enum status fill(struct engine *from, struct engine *to, struct arena *arena,
                        struct error *error)
{
    enum status status = engine_begin(to, error);
    if (status != STATUS_OK)
        return status;
    status = copy_tables(from, to, arena, error);
    if (status == STATUS_OK)
        status = engine_commit(to, error);
    else
        engine_rollback(to);
    if (status == STATUS_OK)
        status = engine_run(to, "checkpoint", error);
    return status;
}

static enum status sync_path(const char *path, struct error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fsync(file) != 0) {
        int reason = errno;
        if (file >= 0)
            (void)close(file);
        return error_at(error, ERROR_IO, path, 0, 0, "cannot be synced: %s", strerror(reason));
    }
    (void)close(file);
    return STATUS_OK;
}

/* A log beside a database would be replayed into whatever database has that name. */
static enum status refuse_log(struct arena *arena, const char *database, struct error *error)
{
    const char *log = arena_printf(arena, "%s.wal", database);
    if (access(log, F_OK) == 0)
        return error_at(error, ERROR_ENGINE, log, 0, 0,
                        "the engine has left its log; nothing was replaced");
    return STATUS_OK;
}

/* The new database's word on how long the registry will be; then it is closed, and on the disk. */
static enum status complete(struct engine **fresh, const struct registry *after,
                            const char *renewed, struct arena *arena, struct error *error)
{
    struct workspace noting = {.engine = *fresh, .registry = *after};
    enum status status = workspace_note_registry(&noting, arena, error);
    if (status == STATUS_OK)
        status = engine_run(*fresh, "checkpoint", error);
    engine_close(*fresh);
    *fresh = NULL;
    if (status == STATUS_OK)
        status = refuse_log(arena, renewed, error);
    if (status == STATUS_OK && chmod(renewed, 0600) != 0)
        status = error_at(error, ERROR_IO, renewed, 0, 0, "%s", strerror(errno));
    return status == STATUS_OK ? sync_path(renewed, error) : status;
}

/* The registry's line, and then the new database in the old one's place, which is what makes it
   true; where that fails the line is taken back. */
static enum status replace(struct registry_line *line, const char *database, const char *renewed,
                           struct error *error)
{
    enum status status = registry_line_write(line, error);
    if (status != STATUS_OK || rename(renewed, database) == 0)
        return status;
    status = error_at(error, ERROR_IO, database, 0, 0, "cannot be replaced: %s", strerror(errno));
    return registry_line_take_back(line)
               ? status
               : error_add(error, status, "the registry has the line already, and keeps it");
}

/* With the new database filled and the line begun. The old engine is closed: it would write its log
   beside the new database. */
static enum status finish(struct workspace *workspace, struct engine **fresh,
                          struct registry_line *line, const struct registry *after,
                          const char *database, const char *renewed, struct arena *arena,
                          struct error *error)
{
    enum status status = complete(fresh, after, renewed, arena, error);
    if (status != STATUS_OK)
        return status;
    engine_rollback(workspace->engine);
    engine_close(workspace->engine);
    workspace->engine = NULL;
    status = refuse_log(arena, database, error);
    if (status == STATUS_OK)
        status = replace(line, database, renewed, error);
    if (status == STATUS_OK)
        workspace->registry = *after;
    return status;
}

enum status workspace_rewrite(struct workspace *workspace, const char *kind,
                              const struct registry_field *fields, size_t count,
                              struct error *error)
{
    struct arena *arena = arena_create();
    const char *database = workspace_path(workspace, arena, DATABASE_NAME);
    const char *renewed = arena_printf(arena, "%s.new", database);
    const struct engine_options options = {.memory = workspace->settings.memory,
                                           .threads = workspace->settings.threads};
    struct engine *fresh = NULL;
    struct registry_line *line = NULL;
    struct registry after;
    rewrite_remove_left(database);
    enum status status =
        engine_open(arena_printf(arena, "duckdb:%s", renewed), &options, &fresh, error);
    if (status == STATUS_OK)
        status = fill(workspace->engine, fresh, arena, error);
    if (status == STATUS_OK)
        status = registry_line_begin(workspace_path(workspace, arena, REGISTRY_NAME), kind, fields,
                                     count, &after, &line, error);
    if (status == STATUS_OK)
        status = finish(workspace, &fresh, line, &after, database, renewed, arena, error);
    registry_line_end(line);
    engine_close(fresh);
    if (status != STATUS_OK)
        rewrite_remove_left(database);
    if (status == STATUS_OK) {
        status = sync_path(workspace->folder, error);
        if (status == STATUS_OK)
            status = engine_open(arena_printf(arena, "duckdb:%s", database), &options,
                                 &workspace->engine, error);
        status = error_add(error, status, "what was asked for is done, and stands in the registry");
    }
    arena_destroy(arena);
    return status;
}
