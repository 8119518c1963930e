#include "workspace/inside.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/file.h"
#include "base/utf8.h"
#include "workspace/schema.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *path_in(struct arena *arena, const char *folder, const char *name)
{
    return arena_printf(arena, "%s/%s", folder, name);
}

static const char unfinished_name[] = ".assay-init";

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
    const char *path = path_in(arena, folder, DATABASE_NAME);
    enum status status = engine_open(
        arena_printf(arena, "duckdb:%s", path),
        &(struct engine_options){.memory = settings->memory, .threads = settings->threads}, &engine,
        error);
    if (status == STATUS_OK)
        status = create_schema(arena, engine, error);
    engine_close(engine);
    if (status == STATUS_OK && chmod(path, 0600) != 0)
        status = error_at(error, ERROR_IO, path, 0, 0, "%s", strerror(errno));
    return status;
}

/* Before anything is made. */
static enum status check_time_zone(struct arena *arena, const struct settings *settings,
                                   struct error *error)
{
    struct engine *engine = NULL;
    enum status status =
        engine_open("duckdb::memory:", &(struct engine_options){0}, &engine, error);
    if (status == STATUS_OK)
        status = workspace_try_time_zone(arena, engine, settings, error);
    engine_close(engine);
    return status;
}

static const char use_cases_name[] = "use_cases.yaml";
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
    if (workspace_is(arena, folder))
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

static const char *const folders[] = {"plans", "metrics", "connectors", "reports"};
static const char *const parts[] = {DATABASE_NAME, KEY_NAME,       REGISTRY_NAME,
                                    SETTINGS_NAME, use_cases_name, unfinished_name};
static const char *const ends[] = {"", ".new", ".wal"};

/* What an init that did not come to its end has left. A folder with something in it stays, and so
   does the workspace's own where `whole` is not asked for. */
static void remove_made(struct arena *arena, const char *folder, bool whole)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (size_t end = 0; end < sizeof ends / sizeof *ends; end++)
            (void)unlink(arena_printf(arena, "%s/%s%s", folder, parts[i], ends[end]));
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        (void)rmdir(path_in(arena, folder, folders[i]));
    if (whole)
        (void)rmdir(folder);
}

static enum status check_empty(struct arena *arena, const char *folder, struct error *error)
{
    bool unfinished = access(path_in(arena, folder, unfinished_name), F_OK) == 0;
    if (holds_files(folder) && !unfinished)
        return error_at(error, ERROR_INPUT, folder, 0, 0,
                        "the folder is not empty; name a new one: assay init %s/assay", folder);
    return STATUS_OK;
}

/* A folder that is not a workspace before assay.yaml is in it: without that, init starts over. */
static enum status make_folders(struct arena *arena, const char *folder, struct error *error)
{
    enum status status = make_folder(folder, error);
    if (status == STATUS_OK && chmod(folder, 0700) != 0)
        status = error_at(error, ERROR_IO, folder, 0, 0, "%s", strerror(errno));
    if (status == STATUS_OK)
        remove_made(arena, folder, false);
    if (status == STATUS_OK)
        status = file_write(path_in(arena, folder, unfinished_name), "", 0, 0600, error);
    for (size_t i = 0; i < sizeof folders / sizeof folders[0] && status == STATUS_OK; i++)
        status = make_folder(path_in(arena, folder, folders[i]), error);
    return status;
}

static enum status write_key(struct arena *arena, const char *folder, struct error *error)
{
    struct hash_key key;
    hash_key_random(&key);
    enum status status = file_write(path_in(arena, folder, KEY_NAME), (const char *)key.bytes,
                                    sizeof key.bytes, 0600, error);
    hash_key_forget(&key);
    return status;
}

static enum status write_registry(struct arena *arena, const char *folder,
                                  const struct settings *settings, struct error *error)
{
    struct registry registry;
    const struct registry_field fields[] = {
        {.name = "setting", .text = "min_group"},
        {.name = "value", .number = settings->own_data ? 1 : settings->min_group},
        {.name = "own_data", .text = settings->own_data ? "yes" : "no"},
    };
    return registry_append(path_in(arena, folder, REGISTRY_NAME), "setting", fields,
                           sizeof fields / sizeof fields[0], &registry, error);
}

static enum status write_files(struct arena *arena, const char *folder,
                               const struct settings *settings, struct error *error)
{
    const char *text = settings_text(arena, settings);
    enum status status = write_key(arena, folder, error);
    if (status == STATUS_OK)
        status = file_write(path_in(arena, folder, use_cases_name), use_cases_text,
                            sizeof use_cases_text - 1, 0600, error);
    if (status == STATUS_OK)
        status = write_registry(arena, folder, settings, error);
    if (status == STATUS_OK)
        status = file_write(path_in(arena, folder, SETTINGS_NAME), text, strlen(text), 0600, error);
    if (status == STATUS_OK)
        (void)unlink(path_in(arena, folder, unfinished_name));
    return status;
}

static enum status make(struct arena *arena, const char *folder, struct settings *settings,
                        struct error *error)
{
    enum status status = make_folders(arena, folder, error);
    if (settings->name == NULL) /* the folder's, which has one now that it is there */
        settings->name = last_part(arena, folder);
    if (status == STATUS_OK)
        status = create_database(arena, folder, settings, error);
    return status == STATUS_OK ? write_files(arena, folder, settings, error) : status;
}

enum status workspace_init(const char *folder, const struct workspace_options *options,
                           struct error *error)
{
    struct arena *arena = arena_create();
    struct settings settings = {
        .name = options->name,
        .time_zone_place = {.file = "--timezone"},
        .week_starts = "monday",
        .min_group = settings_min_group,
        .own_data = options->own_data,
    };
    settings.time_zone = options->time_zone != NULL ? options->time_zone : system_time_zone(arena);
    bool is_new = access(folder, F_OK) != 0;
    enum status status = check_place(arena, folder, error);
    if (status == STATUS_OK)
        status = check_empty(arena, folder, error);
    if (status == STATUS_OK)
        status = check_time_zone(arena, &settings, error);
    if (status == STATUS_OK) {
        status = make(arena, folder, &settings, error);
        if (status != STATUS_OK)
            remove_made(arena, folder, is_new);
    }
    arena_destroy(arena);
    return status;
}
