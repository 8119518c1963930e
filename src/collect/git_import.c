#include "collect/git_import.h"

#include "base/error.h"
#include "base/time.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const char source_table[] =
    "create table source (source_row bigint, sha varchar, repository varchar, committed_at "
    "varchar, "
    "person varchar, tool varchar, size varchar, reworked varchar, reverted varchar, "
    "new_item varchar, pull varchar)";

struct rows {
    const struct git_history *history;
    const char *repository;
    const char *clone; /* the pseudonym of its folder: 16 characters */
    struct arena *arena;
};

static enum status append_commit(const struct rows *rows, const struct git_commit *commit,
                                 struct engine_appender *appender, struct error *error)
{
    const char *size =
        commit->size_known
            ? arena_printf(rows->arena, "%lld",
                           (long long)commit->lines_added + (long long)commit->lines_deleted)
            : NULL;
    /* What is known to be reworked stays so; "no" from a clone that lacks lines means nothing. */
    const char *reworked = commit->reworked ? "1" : commit->rework_known ? "0" : NULL;
    /* The owner of a repository may be a person: whose number it is, links by sha have to say. */
    const char *pull = commit->pull == 0
                           ? NULL
                           : arena_printf(rows->arena, "pull:%.16s#%lld@%s", rows->clone,
                                          (long long)commit->pull, commit->sha);
    const struct engine_value row[] = {
        engine_null("", ENGINE_INTEGER),
        engine_text("", commit->sha),
        engine_text("", rows->repository),
        engine_text("", time_format(rows->arena, commit->committer_time)),
        engine_text("", commit->person),
        engine_text("", commit->tool),
        engine_text("", size),
        engine_text("", reworked),
        engine_text("", commit->reverted ? "1" : "0"),
        engine_text("", commit->seen_before || commit->is_merge ? "no" : "yes"),
        engine_text("", pull),
    };
    return engine_append(appender, row, sizeof row / sizeof row[0], error);
}

static enum status append_late_revert(const struct rows *rows, const struct git_late_revert *revert,
                                      struct engine_appender *appender, struct error *error)
{
    const struct engine_value row[] = {
        engine_null("", ENGINE_INTEGER),
        engine_text("", revert->sha),
        engine_text("", rows->repository),
        engine_text("", time_format(rows->arena, revert->committer_time)),
        engine_text("", NULL),
        engine_text("", NULL),
        engine_text("", NULL),
        engine_text("", NULL),
        engine_text("", "1"),
        engine_text("", "no"),
        engine_text("", NULL),
    };
    return engine_append(appender, row, sizeof row / sizeof row[0], error);
}

static enum status fill(void *context, struct engine_appender *appender, struct error *error)
{
    const struct rows *rows = context;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < rows->history->count && status == STATUS_OK; i++) {
        const struct git_commit *commit = &rows->history->commits[i];
        if (!commit->is_bot)
            status = append_commit(rows, commit, appender, error);
    }
    for (size_t i = 0; i < rows->history->late_revert_count && status == STATUS_OK; i++)
        status = append_late_revert(rows, &rows->history->late_reverts[i], appender, error);
    return status;
}

/* The head that the last import of the same folder ended with, NULL for the first. The folder is
   known by a pseudonym of its path only, since a path may name a person. */
static enum status last_head(struct workspace *workspace, const char *imported_as,
                             struct arena *arena, const char **out, struct error *error)
{
    struct frame frame;
    enum status status =
        engine_query(workspace->engine,
                     "select file_hash from imported where connector = $connector "
                     "order by imported_at desc limit 1",
                     ENGINE_VALUES(engine_text("connector", imported_as)), arena, &frame, error);
    if (status == STATUS_OK)
        *out = frame.rows > 0 ? frame_text(&frame, 0, 0) : NULL;
    return status;
}

static bool report(void *context, size_t done, size_t total)
{
    const struct git_import_request *request = context;
    request->progress(request->progress_context, (int64_t)done, (int64_t)total);
    return true;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

/* "https://host/app.git" and "git@host:app.git" say where a repository is, and are none. */
static bool is_address(const char *text)
{
    const char *colon = strchr(text, ':');
    if (colon == NULL || colon == text)
        return false;
    return strncmp(colon, "://", 3) == 0 || memchr(text, '/', (size_t)(colon - text)) == NULL;
}

/* "app" of an address. */
static const char *name_of_clone(struct arena *arena, const char *address)
{
    size_t end = strlen(address);
    while (end > 0 && address[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && strchr("/:", address[start - 1]) == NULL)
        start--;
    if (end - start > 4 && memcmp(address + end - 4, ".git", 4) == 0)
        end -= 4;
    return arena_text_n(arena, address + start, end - start);
}

static enum status refuse_folder(struct arena *arena, const char *folder, int reason,
                                 struct error *error)
{
    if (!is_address(folder))
        return error_at(error, ERROR_INPUT, folder, 0, 0, "cannot be read: %s", strerror(reason));
    /* A web address may hold a password; it is not said again. */
    const char *scheme = strstr(folder, "://");
    const char *said = scheme != NULL && strchr(scheme, '@') != NULL ? "URL" : folder;
    const char *name = name_of_clone(arena, folder);
    return error_set(error, ERROR_INPUT,
                     "a repository is read from a folder, and nothing is fetched; clone it first: "
                     "git clone %s %s && assay import git %s",
                     said, name, name);
}

enum status git_import(struct workspace *workspace, const struct git_import_request *request,
                       struct arena *arena, struct git_import_result *out, struct error *error)
{
    *out = (struct git_import_result){0};
    char resolved[PATH_MAX];
    if (realpath(request->folder, resolved) == NULL)
        return refuse_folder(arena, request->folder, errno, error);
    char name[16];
    enum status status = workspace_read_key(workspace, arena, error);
    if (status != STATUS_OK)
        return status;
    hash_pseudonym(&workspace->key, resolved, strlen(resolved), name);
    const char *imported_as = arena_printf(arena, "git:%.16s", name);
    struct connector connector;
    struct import_result result;
    const char *since = NULL;
    status = connector_find(arena, NULL, "git", &connector, error);
    if (status == STATUS_OK)
        status = last_head(workspace, imported_as, arena, &since, error);
    if (status != STATUS_OK)
        return status;
    const struct git_names names = {
        .tools = workspace->settings.ai_tools,
        .tool_count = workspace->settings.ai_tool_count,
        .bots = workspace->settings.bots,
        .bot_count = workspace->settings.bot_count,
    };
    const struct git_options options = {
        .since_commit = since,
        .names = &names,
        .progress = request->progress != NULL ? report : NULL,
        .context = (void *)request,
    };
    status = git_log_read(arena, request->folder, &options, &out->history, error);
    if (status != STATUS_OK)
        return status;
    struct rows rows = {&out->history, last_part(resolved), name, arena};
    const struct import_source source = {
        .create = source_table,
        .fill = fill,
        .context = &rows,
        .hash = out->history.head,
        .imported_as = imported_as,
    };
    status = import_rows(workspace, &connector, &source, arena, &result, error);
    if (status != STATUS_OK)
        return status;
    out->continued = since != NULL && out->history.since_found;
    out->items = result.tables[0];
    out->measures = result.tables[1];
    for (size_t i = 0; i < out->history.count; i++) {
        const struct git_commit *commit = &out->history.commits[i];
        out->marked +=
            !commit->is_merge && !commit->is_bot && !commit->seen_before && commit->tool != NULL;
    }
    return STATUS_OK;
}
