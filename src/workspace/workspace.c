#include "workspace/workspace.h"

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

static const char settings_name[] = "assay.yaml";
static const char registry_name[] = "registry.jsonl";
static const char key_name[] = "secret.key";
static const char database_name[] = "assay.duckdb";

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

/* ---- Finding ---------------------------------------------------------------------------- */

static bool is_workspace(struct arena *arena, const char *folder)
{
    return access(path_in(arena, folder, settings_name), F_OK) == 0;
}

/* The workspace that an absolute path is or lies in, or NULL. */
static const char *workspace_at_or_above(struct arena *arena, const char *path)
{
    char *folder = arena_text(arena, path);
    for (;;) {
        if (is_workspace(arena, folder))
            return folder;
        char *slash = strrchr(folder, '/');
        if (slash == NULL || folder[1] == '\0')
            return NULL;
        *(slash == folder ? slash + 1 : slash) = '\0';
    }
}

enum status workspace_find(struct arena *arena, const char *explicit_folder, const char **out,
                           struct error *error)
{
    const char *named = explicit_folder != NULL ? explicit_folder : getenv("ASSAY_WORKSPACE");
    if (named != NULL && named[0] != '\0') {
        if (!is_workspace(arena, named))
            return error_at(error, ERROR_INPUT, named, 0, 0,
                            "this folder is no workspace (it has no assay.yaml); run `assay init "
                            "%s`",
                            named);
        *out = arena_text(arena, named);
        return STATUS_OK;
    }
    char folder[PATH_MAX];
    if (getcwd(folder, sizeof folder) == NULL)
        return error_set(error, ERROR_IO, "the current folder cannot be read: %s", strerror(errno));
    *out = workspace_at_or_above(arena, folder);
    return STATUS_OK;
}

/* ---- Making one ------------------------------------------------------------------------- */

static bool holds_files(const char *folder)
{
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return false;
    bool found = false;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        found = found || entry->d_name[0] != '.';
    (void)closedir(dir);
    return found;
}

static enum status make_folder(const char *path, struct error *error)
{
    struct stat about;
    if (mkdir(path, 0700) == 0)
        return STATUS_OK;
    if (errno != EEXIST)
        return error_at(error, ERROR_IO, path, 0, 0, "cannot be made: %s", strerror(errno));
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
        return error_at(error, ERROR_INPUT, path, 0, 0, "this is a file, not a folder");
    return STATUS_OK;
}

static const char *system_time_zone(struct arena *arena)
{
    const char *named = getenv("TZ");
    if (named != NULL && strchr(named, '/') != NULL && named[0] != '/' && named[0] != ':')
        return named;
    char target[PATH_MAX];
    ssize_t length = readlink("/etc/localtime", target, sizeof target - 1);
    if (length <= 0)
        return "UTC";
    target[length] = '\0';
    const char *zone = strstr(target, "zoneinfo/");
    if (zone == NULL || strchr(zone + 9, '/') == NULL)
        return "UTC";
    return arena_text(arena, zone + 9);
}

static const char *last_part(struct arena *arena, const char *path)
{
    char resolved[PATH_MAX];
    const char *whole = realpath(path, resolved) != NULL ? resolved : path;
    const char *slash = strrchr(whole, '/');
    const char *part = slash != NULL && slash[1] != '\0' ? slash + 1 : whole;
    size_t length = strlen(part);
    /* assay.yaml is UTF-8, and a folder need not be. */
    return utf8_valid(part, length) == length ? arena_text(arena, part) : "assay";
}

/* The engine takes the time zone on trust until a time is read: try it here. */
static enum status check_time_zone(struct arena *arena, struct engine *engine,
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

static enum status create_schema(struct arena *arena, struct engine *engine, struct error *error)
{
    enum status status = engine_begin(engine, error);
    if (status != STATUS_OK)
        return status;
    status = engine_run(engine, embedded_text("workspace/schema.sql"), error);
    if (status == STATUS_OK)
        status = engine_run(engine,
                            arena_printf(arena,
                                         "insert into about_workspace values "
                                         "('schema', '%d'), ('data_version', '0')",
                                         schema_version),
                            error);
    if (status == STATUS_OK)
        return engine_commit(engine, error);
    engine_rollback(engine);
    return status;
}

static enum status create_database(struct arena *arena, const char *folder,
                                   const struct settings *settings, struct error *error)
{
    struct engine *engine = NULL;
    const char *path = path_in(arena, folder, database_name);
    enum status status = engine_open(
        arena_printf(arena, "duckdb:%s", path),
        &(struct engine_options){.memory = settings->memory, .threads = settings->threads}, &engine,
        error);
    if (status == STATUS_OK)
        status = create_schema(arena, engine, error);
    if (status == STATUS_OK)
        status = check_time_zone(arena, engine, settings, error);
    engine_close(engine);
    if (status == STATUS_OK && chmod(path, 0600) != 0)
        status = error_at(error, ERROR_IO, path, 0, 0, "%s", strerror(errno));
    return status;
}

static const char use_cases_text[] = "# Which kind of work an item is: the first rule that fits "
                                     "names it. Without a rule that fits,\n"
                                     "# an item keeps the use case that its source gave.\n"
                                     "#\n"
                                     "# - use_case: support.billing\n"
                                     "#   when: source = 'items' and attr('group') = 'Billing'\n"
                                     "[]\n";

/* Commands below would find one of two workspaces, and which depends on where they run. */
static enum status check_place(struct arena *arena, const char *folder, struct error *error)
{
    char path[PATH_MAX];
    if (folder[0] == '\0')
        return error_set(error, ERROR_INPUT,
                         "the folder has no name; name one, such as: assay init q3");
    if (is_workspace(arena, folder))
        return error_at(error, ERROR_INPUT, folder, 0, 0, "this is a workspace already");
    if (realpath(folder, path) == NULL) { /* not there yet: it will be made in the folder above */
        char *parent = arena_text(arena, folder);
        size_t length = strlen(parent);
        while (length > 1 && parent[length - 1] == '/')
            parent[--length] = '\0';
        char *slash = strrchr(parent, '/');
        if (slash != NULL)
            slash[slash == parent ? 1 : 0] = '\0';
        if (realpath(slash != NULL ? parent : ".", path) == NULL)
            return STATUS_OK; /* making it will say why */
    }
    const char *around = workspace_at_or_above(arena, path);
    if (around != NULL)
        return error_at(error, ERROR_INPUT, folder, 0, 0,
                        "this lies inside the workspace %s; make the new one outside of it",
                        around);
    return STATUS_OK;
}

enum status workspace_init(const char *folder, const struct workspace_options *options,
                           struct error *error)
{
    struct arena *arena = arena_create();
    struct settings settings = {
        .time_zone_place = {.file = "--timezone"},
        .week_starts = "monday",
        .min_group = settings_min_group,
        .own_data = options->own_data,
    };
    struct hash_key key;
    struct registry registry;
    static const char *const folders[] = {"plans", "metrics", "connectors", "reports"};
    static const char *const parts[] = {database_name, key_name, registry_name, settings_name};
    enum status status = check_place(arena, folder, error);
    if (status != STATUS_OK)
        goto end;
    bool unfinished = access(path_in(arena, folder, ".assay-init"), F_OK) == 0;
    if (holds_files(folder) && !unfinished) {
        status = error_at(error, ERROR_INPUT, folder, 0, 0,
                          "the folder is not empty; name a new one: assay init %s/assay", folder);
        goto end;
    }
    status = make_folder(folder, error);
    if (status == STATUS_OK && chmod(folder, 0700) != 0)
        status = error_at(error, ERROR_IO, folder, 0, 0, "%s", strerror(errno));
    /* assay.yaml comes last: without it the folder is no workspace, and init starts over. */
    if (status == STATUS_OK)
        status = text_write_file(path_in(arena, folder, ".assay-init"), "", 0, 0600, error);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && status == STATUS_OK; i++)
        (void)unlink(path_in(arena, folder, parts[i]));
    for (size_t i = 0; i < sizeof folders / sizeof folders[0] && status == STATUS_OK; i++)
        status = make_folder(path_in(arena, folder, folders[i]), error);
    if (status != STATUS_OK)
        goto end;
    settings.name = options->name != NULL ? options->name : last_part(arena, folder);
    settings.time_zone = options->time_zone != NULL ? options->time_zone : system_time_zone(arena);
    status = create_database(arena, folder, &settings, error);
    if (status != STATUS_OK)
        goto end;
    hash_key_random(&key);
    status = text_write_file(path_in(arena, folder, key_name), (const char *)key.bytes,
                             sizeof key.bytes, 0600, error);
    hash_key_forget(&key);
    if (status == STATUS_OK)
        status = text_write_file(path_in(arena, folder, "use_cases.yaml"), use_cases_text,
                                 sizeof use_cases_text - 1, 0600, error);
    if (status == STATUS_OK) {
        struct registry_field fields[] = {
            {"setting", "min_group", 0},
            {"value", NULL, options->own_data ? 1 : settings.min_group},
            {"own_data", options->own_data ? "yes" : "no", 0},
        };
        status = registry_append(path_in(arena, folder, registry_name), "setting", fields,
                                 sizeof fields / sizeof fields[0], &registry, error);
    }
    if (status == STATUS_OK) {
        const char *text = settings_text(arena, &settings);
        status =
            text_write_file(path_in(arena, folder, settings_name), text, strlen(text), 0600, error);
    }
    if (status == STATUS_OK)
        (void)unlink(path_in(arena, folder, ".assay-init"));
end:
    arena_destroy(arena);
    return status;
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
            {"setting", "min_group", 0},
            {"value", NULL, min_group},
            {"own_data", settings->own_data ? "yes" : "no", 0},
        };
        status = registry_append(workspace_path(workspace, arena, registry_name), "setting", fields,
                                 sizeof fields / sizeof fields[0], registry, error);
        known = status == STATUS_OK;
    }
    workspace->group_rule_known = known;
    workspace->group_rule_changes = registry->group_rules > 0 ? (long)registry->group_rules - 1 : 0;
    return status;
}

/* The database remembers how long the registry was: a shorter one was cut. */
static enum status check_registry(struct workspace *workspace, struct arena *arena,
                                  struct error *error)
{
    const char *path = workspace_path(workspace, arena, registry_name);
    const char *lines = "";
    const char *head = "";
    enum status status = workspace_get(workspace, "registry_lines", arena, &lines, error);
    if (status == STATUS_OK)
        status = workspace_get(workspace, "registry_head", arena, &head, error);
    if (status != STATUS_OK)
        return status;
    size_t noted = strtoull(lines, NULL, 10);
    size_t known = noted > 0 ? noted : 1; /* init writes the first line */
    status = registry_read(path, &workspace->registry, error);
    if (status == ERROR_INPUT && workspace->registry.lines < known)
        return error_at(error, ERROR_INPUT, path, (int)workspace->registry.lines + 1, 0,
                        "this line was cut or edited; restore the registry from a backup");
    if (status != STATUS_OK)
        return status;
    if (workspace->registry.lines < known)
        return error_at(error, ERROR_INPUT, path, 0, 0,
                        "the registry has %zu lines, and had %zu; restore it from a backup",
                        workspace->registry.lines, known);
    if (workspace->registry.lines == known && head[0] != '\0' &&
        strcmp(head, workspace->registry.head) != 0)
        return error_at(error, ERROR_INPUT, path, (int)known, 0,
                        "this line is another one than assay wrote; restore the registry from a "
                        "backup");
    status = register_group_rule(workspace, arena, error);
    if (status != STATUS_OK || !workspace->writable || workspace->registry.lines == noted)
        return status;
    return workspace_note_registry(workspace, arena, error);
}

/* ---- The key ----------------------------------------------------------------------------- */

/* Another key would give the same people other pseudonyms. */
static enum status check_key(struct workspace *workspace, struct arena *arena, const char *path,
                             struct error *error)
{
    static const char probe[] = "the key of this workspace";
    const char *known = "";
    char digits[17] = {0};
    hash_pseudonym(&workspace->key, probe, sizeof probe - 1, digits);
    enum status status = workspace_get(workspace, "key_check", arena, &known, error);
    if (status != STATUS_OK || strcmp(known, digits) == 0)
        return status;
    if (known[0] != '\0')
        return error_at(error, ERROR_INPUT, path, 0, 0,
                        "this is another key than the one that the data were read with; restore it "
                        "from a backup");
    return workspace->writable ? workspace_put(workspace, "key_check", digits, error) : STATUS_OK;
}

enum status workspace_read_key(struct workspace *workspace, struct arena *arena,
                               struct error *error)
{
    const char *path = workspace_path(workspace, arena, key_name);
    struct hash_key *key = &workspace->key;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT)
        return error_at(error, ERROR_INPUT, path, 0, 0,
                        "the key of the pseudonyms is gone, and imports need it; restore it from a "
                        "backup, or import into a new workspace (reports do without it)");
    if (file < 0)
        return error_at(error, ERROR_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
    ssize_t got = read(file, key->bytes, sizeof key->bytes);
    (void)close(file);
    if (got != (ssize_t)sizeof key->bytes)
        return error_at(error, ERROR_INPUT, path, 0, 0,
                        "the key is damaged; without it new rows get other pseudonyms than the old "
                        "ones: restore it from a backup");
    return check_key(workspace, arena, path, error);
}

/* ---- Opening it -------------------------------------------------------------------------- */

static enum status open_as_it_is(struct arena *arena, const char *folder, bool write, bool wait,
                                 const char *command, bool *old, struct workspace **out,
                                 struct error *error)
{
    struct workspace *workspace = arena_alloc(arena, sizeof *workspace);
    workspace->folder = arena_text(arena, folder);
    workspace->writable = write;
    workspace->lock = -1;
    const char *database = path_in(arena, folder, database_name);
    enum status status =
        settings_read(arena, path_in(arena, folder, settings_name), &workspace->settings, error);
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
        status = check_time_zone(arena, workspace->engine, &workspace->settings, error);
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
