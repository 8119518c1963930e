#include "workspace/inside.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "workspace/lock.h"
#include "workspace/rewrite.h"
#include "workspace/schema.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *path_in(struct arena *arena, const char *folder, const char *name)
{
    return arena_printf(arena, "%s/%s", folder, name);
}

char *workspace_path(const struct workspace *workspace, struct arena *arena, const char *name)
{
    return path_in(arena, workspace->folder, name);
}

int workspace_min_group(const struct workspace *workspace)
{
    return workspace->settings.own_data ? 1 : workspace->settings.min_group;
}

/* ---- What is kept about it -------------------------------------------------------------- */

enum status workspace_get(struct workspace *workspace, const char *thing, struct arena *arena,
                          const char **out, struct error *error)
{
    struct frame frame;
    enum status status =
        engine_query(workspace->engine, "select value from about_workspace where thing = $thing",
                     ENGINE_VALUES(engine_text("thing", thing)), arena, &frame, error);
    if (status == STATUS_OK)
        *out = frame.rows > 0 ? frame_text(&frame, 0, 0) : "";
    return status;
}

enum status workspace_put(struct workspace *workspace, const char *thing, const char *value,
                          struct error *error)
{
    /* One statement: a command that is killed between two would leave the thing without a value. */
    return engine_execute(workspace->engine,
                          "merge into about_workspace a "
                          "using (select $thing::varchar as thing, $value::varchar as value) n "
                          "on a.thing = n.thing "
                          "when matched then update set value = n.value "
                          "when not matched then insert values (n.thing, n.value)",
                          ENGINE_VALUES(engine_text("thing", thing), engine_text("value", value)),
                          NULL, error);
}

enum status workspace_data_version(struct workspace *workspace, int64_t *out, struct error *error)
{
    struct arena *arena = arena_create();
    const char *text = "";
    enum status status = workspace_get(workspace, "data_version", arena, &text, error);
    if (status == STATUS_OK)
        *out = strtoll(text, NULL, 10);
    arena_destroy(arena);
    return status;
}

enum status workspace_bump_data_version(struct workspace *workspace, struct error *error)
{
    int64_t version = 0;
    enum status status = workspace_data_version(workspace, &version, error);
    if (status != STATUS_OK)
        return status;
    char text[32];
    (void)snprintf(text, sizeof text, "%lld", (long long)version + 1);
    return workspace_put(workspace, "data_version", text, error);
}

/* ---- Opening ---------------------------------------------------------------------------- */

enum status workspace_try_time_zone(struct arena *arena, struct engine *engine,
                                    const struct settings *settings, struct error *error)
{
    struct frame frame;
    if (engine_query(engine, "select timezone($zone, timestamp '2026-01-01')",
                     ENGINE_VALUES(engine_text("zone", settings->time_zone)), arena, &frame,
                     NULL) == STATUS_OK)
        return STATUS_OK;
    return place_error(error, &settings->time_zone_place,
                       "there is no time zone \"%.60s\"; write a name such as Europe/Berlin",
                       settings->time_zone);
}

/* A macro or function in the file could stand in the place of the engine's own. */
static enum status refuse_foreign_functions(struct workspace *workspace, struct arena *arena,
                                            struct error *error)
{
    struct frame frame;
    enum status status = engine_query(workspace->engine,
                                      "select count(*) from duckdb_functions() where not internal",
                                      ENGINE_NO_VALUES, arena, &frame, error);
    if (status == STATUS_OK && frame_integer(&frame, 0, 0) > 0)
        status = error_at(error, ERROR_INPUT, workspace->folder, 0, 0,
                          "the database holds functions that assay did not make; it cannot be "
                          "trusted");
    return status;
}

/* old   the schema is older, and the workspace is open for reading */
static enum status check_schema(struct workspace *workspace, struct arena *arena, bool *old,
                                struct error *error)
{
    const char *text = "";
    enum status status = workspace_get(workspace, "schema", arena, &text, error);
    if (status != STATUS_OK)
        return status;
    long version = strtol(text, NULL, 10);
    if (version > schema_version)
        return error_at(error, ERROR_INPUT, workspace->folder, 0, 0,
                        "made by a newer assay (schema %ld, this one knows %d); update assay",
                        version, schema_version);
    *old = version < schema_version && !workspace->writable;
    if (version == schema_version || *old)
        return STATUS_OK;
    return schema_bring_forward(workspace->engine, version, schema_version,
                                schema_embedded_migration, error);
}

/* Rows that a killed command had spilled (pseudonyms, but rows) lie there until somebody removes
   them. */
static void remove_left_spills(struct arena *arena, const char *database)
{
    const char *folder = arena_printf(arena, "%s.tmp", database);
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (strncmp(entry->d_name, "duckdb_temp", 11) == 0)
            (void)unlink(path_in(arena, folder, entry->d_name));
    (void)closedir(dir);
    (void)rmdir(folder);
}

enum status workspace_note_registry(struct workspace *workspace, struct arena *arena,
                                    struct error *error)
{
    /* Together: a count without its head would be a line that assay did not write. */
    enum status status = engine_begin(workspace->engine, error);
    if (status != STATUS_OK)
        return status;
    status = workspace_put(workspace, "registry_lines",
                           arena_printf(arena, "%zu", workspace->registry.lines), error);
    if (status == STATUS_OK)
        status = workspace_put(workspace, "registry_head", workspace->registry.head, error);
    if (status == STATUS_OK)
        status = engine_commit(workspace->engine, error);
    if (status != STATUS_OK)
        engine_rollback(workspace->engine);
    return status;
}

/* A changed min_group or own_data is a line of the registry, and is said at the head of reports.
   Whether it is there, the registry itself says: a line is written once, whatever fails after. */
static enum status register_group_rule(struct workspace *workspace, struct arena *arena,
                                       struct error *error)
{
    const struct settings *settings = &workspace->settings;
    struct registry *registry = &workspace->registry;
    int min_group = workspace_min_group(workspace);
    enum status status = STATUS_OK;
    bool known = registry->group_rules > 0 && registry->min_group == min_group &&
                 registry->own_data == settings->own_data;
    if (!known && workspace->writable) {
        const struct registry_field fields[] = {
            {.name = "setting", .text = "min_group"},
            {.name = "value", .number = min_group},
            {.name = "own_data", .text = settings->own_data ? "yes" : "no"},
        };
        status = registry_append(workspace_path(workspace, arena, REGISTRY_NAME), "setting", fields,
                                 sizeof fields / sizeof fields[0], registry, error);
        known = status == STATUS_OK;
    }
    workspace->group_rule_known = known;
    workspace->group_rule_changes = registry->group_rules > 0 ? (long)registry->group_rules - 1 : 0;
    return status;
}

/* What of the registry has gone, of `known` lines that the database knows of. */
static enum status check_length(const struct registry *registry, enum status read, const char *path,
                                size_t known, const char *head, struct error *error)
{
    if (read == ERROR_INPUT && registry->lines < known)
        return error_at(
            error, ERROR_INPUT, path, (int)registry->lines + 1, 0,
            "this line or the one before it was changed, or one between them is missing; "
            "restore the registry from a backup");
    if (read == ERROR_INPUT && registry->cut)
        return error_at(error, ERROR_INPUT, path, (int)registry->lines + 1, 0,
                        "the last line is cut off; remove it to go on from the line before");
    if (read != STATUS_OK)
        return read;
    if (registry->lines == 0 && access(path, F_OK) != 0)
        return error_at(error, ERROR_INPUT, path, 0, 0,
                        "the registry is missing; restore it from a backup");
    if (registry->lines < known)
        return error_at(error, ERROR_INPUT, path, 0, 0,
                        "the registry has %zu lines, and had %zu; restore it from a backup",
                        registry->lines, known);
    if (registry->lines == known && head[0] != '\0' && strcmp(head, registry->head) != 0)
        return error_at(error, ERROR_INPUT, path, (int)known, 0,
                        "this line is another one than assay wrote; restore the registry from a "
                        "backup");
    return STATUS_OK;
}

/* The database remembers how long the registry was: a shorter one was cut. */
static enum status check_registry(struct workspace *workspace, struct arena *arena,
                                  struct error *error)
{
    const char *path = workspace_path(workspace, arena, REGISTRY_NAME);
    const char *lines = "";
    const char *head = "";
    enum status status = workspace_get(workspace, "registry_lines", arena, &lines, error);
    if (status == STATUS_OK)
        status = workspace_get(workspace, "registry_head", arena, &head, error);
    if (status != STATUS_OK)
        return status;
    size_t noted = strtoull(lines, NULL, 10);
    size_t known = noted > 0 ? noted : 1; /* init writes the first line */
    status = check_length(&workspace->registry, registry_read(path, &workspace->registry, error),
                          path, known, head, error);
    if (status == STATUS_OK)
        status = register_group_rule(workspace, arena, error);
    if (status != STATUS_OK || !workspace->writable || workspace->registry.lines == noted)
        return status;
    return workspace_note_registry(workspace, arena, error);
}

static enum status open_as_it_is(struct arena *arena, const char *folder, bool write, bool wait,
                                 const char *command, bool *old, struct workspace **out,
                                 struct error *error)
{
    struct workspace *workspace = arena_alloc(arena, sizeof *workspace);
    workspace->folder = arena_text(arena, folder);
    workspace->writable = write;
    workspace->lock = -1;
    const char *database = path_in(arena, folder, DATABASE_NAME);
    enum status status =
        settings_read(arena, path_in(arena, folder, SETTINGS_NAME), &workspace->settings, error);
    if (status == STATUS_OK)
        status = lock_take(folder, write, wait, command, &workspace->lock, error);
    if (status == STATUS_OK && access(database, F_OK) != 0)
        status = error_at(error, ERROR_INPUT, database, 0, 0,
                          "the database is missing; restore it from a backup");
    if (status != STATUS_OK)
        goto fail;
    if (write && access(database, W_OK) != 0) {
        status = lock_refuse_write(folder, command, errno, error);
        goto fail;
    }
    if (write) {
        remove_left_spills(arena, database);
        rewrite_remove_left(database);
    }
    const struct engine_options options = {.read_only = !write,
                                           .memory = workspace->settings.memory,
                                           .threads = workspace->settings.threads};
    status = engine_open(arena_printf(arena, "duckdb:%s", database), &options, &workspace->engine,
                         error);
    if (status == STATUS_OK)
        status = workspace_try_time_zone(arena, workspace->engine, &workspace->settings, error);
    if (status == STATUS_OK)
        status = refuse_foreign_functions(workspace, arena, error);
    if (status == STATUS_OK)
        status = check_schema(workspace, arena, old, error);
    if (status == STATUS_OK && *old)
        goto done; /* what follows may not be there yet */
    if (status == STATUS_OK)
        status = check_registry(workspace, arena, error);
    if (status != STATUS_OK)
        goto fail;
done:
    *out = workspace;
    return STATUS_OK;
fail:
    workspace_close(workspace);
    return status;
}

enum status workspace_open(struct arena *arena, const char *folder, bool write, bool wait,
                           const char *command, struct workspace **out, struct error *error)
{
    struct workspace *workspace = NULL;
    bool old = false;
    enum status status =
        open_as_it_is(arena, folder, write, wait, command, &old, &workspace, error);
    if (status == STATUS_OK && old) { /* brought forward by whoever opens it for writing */
        workspace_close(workspace);
        workspace = NULL;
        status = open_as_it_is(arena, folder, true, wait, command, &old, &workspace, error);
        if (status == STATUS_OK) {
            workspace_close(workspace);
            status = open_as_it_is(arena, folder, write, wait, command, &old, &workspace, error);
        }
    }
    if (status == STATUS_OK)
        *out = workspace;
    return status;
}

void workspace_note_later(const char *folder, bool wait, const char *command)
{
    struct arena *arena = arena_create();
    struct workspace *workspace = NULL;
    if (workspace_open(arena, folder, true, wait, command, &workspace, NULL) == STATUS_OK)
        workspace_close(workspace); /* opening it for writing has noted it */
    arena_destroy(arena);
}

void workspace_close(struct workspace *workspace)
{
    if (workspace == NULL)
        return;
    hash_key_forget(&workspace->key);
    engine_close(workspace->engine);
    lock_release(workspace->lock);
    workspace->engine = NULL;
    workspace->lock = -1;
}
