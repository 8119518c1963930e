#include "workspace/schema.h"

#include "base/embedded.h"
#include "base/error.h"

const char *schema_embedded_migration(struct arena *arena, long to)
{
    return embedded_text(arena_printf(arena, "workspace/migrations/%ld.sql", to));
}

static enum status migrate(struct engine *engine, struct arena *arena, long from, long to,
                           schema_migration migration, struct error *error)
{
    enum status status = STATUS_OK;
    for (long next = from + 1; next <= to && status == STATUS_OK; next++) {
        const char *sql = migration(arena, next);
        status = sql != NULL ? engine_run(engine, sql, error)
                             : error_set(error, ERROR_INTERNAL, "no migration to schema %ld", next);
    }
    if (status == STATUS_OK)
        status = engine_execute(
            engine, "update about_workspace set value = $schema where thing = 'schema'",
            ENGINE_VALUES(engine_text("schema", arena_printf(arena, "%ld", to))), NULL, error);
    return status;
}

enum status schema_bring_forward(struct engine *engine, long from, long to,
                                 schema_migration migration, struct error *error)
{
    struct arena *arena = arena_create();
    enum status status = engine_begin(engine, error);
    if (status == STATUS_OK) {
        status = migrate(engine, arena, from, to, migration, error);
        if (status == STATUS_OK)
            status = engine_commit(engine, error);
        if (status != STATUS_OK)
            engine_rollback(engine);
    }
    arena_destroy(arena);
    return status;
}
