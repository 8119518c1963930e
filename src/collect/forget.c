#include "collect/forget.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/file.h"
#include "base/table.h"
#include "base/text.h"
#include "base/utf8.h"
#include "collect/pseudonyms.h"
#include "workspace/rewrite.h"

#include <stdio.h>
#include <string.h>

/* ---- Names ------------------------------------------------------------------------------ */

enum { names_bytes = 16 * 1024 * 1024 };

/* Lines of the file as rows of `source`; what they hold is never quoted. */
static enum status append_names(const char *path, const char *bytes, size_t length,
                                struct arena *arena, struct engine_appender *appender,
                                struct error *error)
{
    enum status status = STATUS_OK;
    static const char mark[] = "\xef\xbb\xbf";
    size_t at = length >= 3 && memcmp(bytes, mark, 3) == 0 ? 3 : 0;
    for (int line = 1; at < length && status == STATUS_OK; line++) {
        const char *start = bytes + at;
        const char *newline = memchr(start, '\n', length - at);
        size_t size = newline != NULL ? (size_t)(newline - start) : length - at;
        at += size + 1;
        while (size > 0 && start[size - 1] == '\r')
            size--;
        if (utf8_valid(start, size) != size || memchr(start, '\0', size) != NULL)
            return error_at(error, ERROR_INPUT, path, line, 0,
                            "this line is not UTF-8 text; save the file as UTF-8");
        status = engine_append(
            appender, (struct engine_value[]){engine_text("", arena_text_n(arena, start, size))}, 1,
            error);
    }
    return status;
}

/* The temporary table `wanted` of the workspace's engine: the names' pseudonyms. */
static enum status want_names(struct workspace *workspace, const char *path, struct arena *arena,
                              struct error *error)
{
    struct arena *clear = arena_create(); /* the names, no longer than needed */
    struct engine *reading = NULL;
    struct engine_appender *appender = NULL;
    char *bytes = NULL;
    size_t length = 0;
    enum status status = workspace_read_key(workspace, clear, error);
    if (status == STATUS_OK)
        status = file_read_any(clear, path, names_bytes, &bytes, &length, error);
    if (status == STATUS_OK)
        status = pseudonyms_open(workspace, arena, &reading, error);
    if (status == STATUS_OK)
        status = engine_run(reading, "create table source(name varchar)", error);
    if (status == STATUS_OK)
        status = engine_appender_open(reading, "source", &appender, error);
    if (status == STATUS_OK) {
        status = append_names(path, bytes, length, clear, appender, error);
        enum status closed = engine_appender_close(appender, status == STATUS_OK ? error : NULL);
        status = status != STATUS_OK ? status : closed;
    }
    arena_destroy(clear);
    if (status == STATUS_OK)
        status = engine_run(workspace->engine, "create temp table wanted(worker varchar)", error);
    if (status == STATUS_OK)
        status = engine_pipe(reading, "select worker_of(name) from source", ENGINE_NO_VALUES,
                             workspace->engine, "wanted", NULL, error);
    engine_close(reading);
    return status;
}

/* ---- Removing --------------------------------------------------------------------------- */

/* In this order: what belongs to an item goes by the ids found before. */
static const struct {
    const char *thing;
    const char *file;
} removals[] = {
    {"items", "item"},
    {"calls of AI tools", "usage"},
    {"measures", "measure"},
    {"steps", "step"},
    {"reviews", "review"},
    {"further names of items", "link"},
    {"assignments", "assignment"},
    {"memberships", "membership"},
    {"seats", "seat"},
    {"parts of published numbers", "published_work"},
    {"further names of people", "alias"},
};
TABLE_OF(removals, forget_counts);

static enum status run_file(struct workspace *workspace, const char *name, struct arena *arena,
                            int64_t *changed, struct error *error)
{
    const char *sql = embedded_text(arena_printf(arena, "collect/forget/%s.sql", name));
    if (sql == NULL)
        return error_set(error, ERROR_INTERNAL, "no collect/forget/%s.sql", name);
    return engine_execute(workspace->engine, sql, ENGINE_NO_VALUES, changed, error);
}

static enum status remove_rows(struct workspace *workspace, struct arena *arena,
                               struct forget_result *out, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < forget_counts && status == STATUS_OK; i++) {
        out->removed[i].thing = removals[i].thing;
        status = run_file(workspace, removals[i].file, arena, &out->removed[i].rows, error);
    }
    if (status == STATUS_OK)
        status = run_file(workspace, "usage_of_others", arena, &out->calls_of_others, error);
    /* Derived from all of it, and made anew from what is left. */
    if (status == STATUS_OK)
        status = engine_run(workspace->engine,
                            "drop table if exists facts; drop view if exists usage_link; "
                            "drop table if exists found_link",
                            error);
    if (status == STATUS_OK)
        status = workspace_put(workspace, "facts", "", error);
    if (status == STATUS_OK)
        status = workspace_bump_data_version(workspace, error);
    return status;
}

static enum status find_people(struct workspace *workspace, const char *path, struct arena *arena,
                               struct forget_result *out, struct error *error)
{
    struct frame found;
    enum status status = want_names(workspace, path, arena, error);
    if (status == STATUS_OK)
        status = engine_run(workspace->engine, embedded_text("collect/forget/find.sql"), error);
    if (status == STATUS_OK)
        status = engine_query(workspace->engine,
                              TEXT_FILLED(arena, embedded_text("collect/forget/found.sql"),
                                          {"people", embedded_text("workspace/people.sql")}),
                              ENGINE_NO_VALUES, arena, &found, error);
    if (status != STATUS_OK)
        return status;
    out->given = frame_integer(&found, 0, 0);
    out->found = frame_integer(&found, 0, 1);
    out->pseudonyms = frame_integer(&found, 0, 2);
    if (out->given == 0)
        return error_at(error, ERROR_INPUT, path, 0, 0, "holds no name; write one per line");
    return STATUS_OK;
}

enum status forget_people(struct workspace *workspace, const struct forget_request *request,
                          struct arena *arena, struct forget_result *out, struct error *error)
{
    *out = (struct forget_result){.counted = workspace->settings.own_data};
    enum status status = engine_begin(workspace->engine, error);
    if (status != STATUS_OK)
        return status;
    status = find_people(workspace, request->path, arena, out, error);
    if (status == STATUS_OK && out->found > 0)
        status = remove_rows(workspace, arena, out, error);
    if (status == STATUS_OK && out->found > 0 && !request->dry_run) {
        const struct registry_field fields[] = {{.name = "names", .number = (double)out->found}};
        status = workspace_rewrite(workspace, "forget", fields, 1, error);
        if (status == STATUS_OK)
            return STATUS_OK;
    }
    if (workspace->engine != NULL)
        engine_rollback(workspace->engine);
    return status;
}
