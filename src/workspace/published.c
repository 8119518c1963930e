#define _DEFAULT_SOURCE /* flock */

#include "workspace/published.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { report_bytes = 64 * 1024 * 1024, reports_max = 10000 };

static const char folder_name[] = "reports";
static const char unnamed[] = ".unnamed"; /* written, and not yet published */

static const char *path_in(struct arena *arena, const char *folder, const char *name)
{
    return arena_printf(arena, "%s/%s", folder, name);
}

/* ---- From the registry ------------------------------------------------------------------------
 */

struct listing {
    struct arena *arena;
    struct published *list;
    size_t count;
    size_t capacity;
    size_t lines;
};

static const char *text_of(struct listing *listing, const json_t *line, const char *key)
{
    const char *text = json_string_value(json_object_get(line, key));
    return arena_text(listing->arena, text != NULL ? text : "");
}

static void take_line(const json_t *line, void *context)
{
    struct listing *listing = context;
    const char *kind = json_string_value(json_object_get(line, "kind"));
    listing->lines++;
    if (kind == NULL || strcmp(kind, "publish") != 0)
        return;
    listing->list = arena_grow(listing->arena, listing->list, listing->count, &listing->capacity,
                               sizeof *listing->list);
    struct published *one = &listing->list[listing->count++];
    *one = (struct published){
        .name = text_of(listing, line, "report"),
        .file = text_of(listing, line, "file"),
        .at = text_of(listing, line, "at"),
        .data_version = json_integer_value(json_object_get(line, "data_version")),
        .line = listing->lines,
    };
    (void)snprintf(one->hash, sizeof one->hash, "%s", text_of(listing, line, "sha256"));
}

/* ---- The files ---------------------------------------------------------------------------------
 */

/* Is there such a file, and with this hash? */
static enum published_state state_of(const char *path, const char *hash)
{
    struct arena *arena = arena_create();
    char *text = NULL;
    size_t length = 0;
    char found[hash_hex_length + 1] = "";
    enum published_state state = PUBLISHED_CHANGED;
    if (access(path, F_OK) != 0)
        state = PUBLISHED_MISSING;
    else if (file_read(arena, path, report_bytes, &text, &length, NULL) == STATUS_OK) {
        hash_sha256(text, length, found);
        if (strcmp(found, hash) == 0)
            state = PUBLISHED_WHOLE;
    }
    arena_destroy(arena);
    return state;
}

static const char *beside(struct arena *arena, const char *path)
{
    return arena_printf(arena, "%s%s", path, unnamed);
}

/* Where the file lies: under its name, or, where a killed command left it so, beside it. */
static const char *find_file(const char *folder, const struct published *published,
                             struct arena *arena, enum published_state *state)
{
    const char *path = path_in(arena, folder, published->file);
    const char *left = beside(arena, path);
    *state = state_of(path, published->hash);
    if (*state != PUBLISHED_MISSING || state_of(left, published->hash) != PUBLISHED_WHOLE)
        return path;
    *state = PUBLISHED_WHOLE;
    return left;
}

/* Ends what a killed command began: what has its line takes its name. Where the folder cannot be
   written it is read from beside. */
static void finish(const char *folder, struct published *published, struct arena *arena)
{
    const char *path = path_in(arena, folder, published->file);
    const char *found = find_file(folder, published, arena, &published->state);
    if (published->state == PUBLISHED_WHOLE && strcmp(found, path) != 0)
        (void)rename(found, path);
}

enum status published_list(const char *folder, struct arena *arena, struct published **out,
                           size_t *count, struct error *error)
{
    struct listing listing = {.arena = arena};
    struct registry registry;
    enum status status = registry_visit(path_in(arena, folder, "registry.jsonl"), take_line,
                                        &listing, &registry, error);
    for (size_t i = 0; i < listing.count; i++)
        finish(folder, &listing.list[i], arena);
    *out = listing.list;
    *count = listing.count;
    return status;
}

static enum status no_such(const struct published *list, size_t count, const char *name,
                           struct arena *arena, struct error *error)
{
    const char **names = arena_array(arena, count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = list[i].name;
    const char *nearest = text_nearest(name, names, count);
    if (count == 0)
        return error_set(error, ERROR_INPUT, "no report was published yet: assay report --publish");
    return error_set(error, ERROR_INPUT, "no report \"%.80s\" was published%s%s%s", name,
                     nearest != NULL ? "; did you mean "
                                     : "; `assay report --list` shows those "
                                       "that were",
                     nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
}

enum status published_read(const char *folder, const char *name, struct arena *arena,
                           struct published *out, const char **text, struct error *error)
{
    struct published *list = NULL;
    size_t count = 0;
    char *bytes = NULL;
    enum status status = published_list(folder, arena, &list, &count, error);
    if (status != STATUS_OK)
        return status;
    size_t i = 0;
    while (i < count && strcmp(list[i].name, name) != 0)
        i++;
    if (i == count)
        return no_such(list, count, name, arena, error);
    *out = list[i];
    const char *path = find_file(folder, &list[i], arena, &out->state);
    if (out->state != PUBLISHED_WHOLE)
        return error_at(error, ERROR_INPUT, list[i].file, 0, 0,
                        out->state == PUBLISHED_MISSING
                            ? "this report was published, and the file is not here; restore it "
                              "from a copy"
                            : "this is not the file that was published (its SHA-256 is not the "
                              "one of line %zu of the registry); restore it from a copy",
                        list[i].line);
    status = file_read(arena, path, report_bytes, &bytes, NULL, error);
    *text = bytes;
    return status;
}

/* ---- Keeping one --------------------------------------------------------------------------------
 */

/* NAME of the first, NAME-2 and on of further ones: the first that no line and no file has. */
static enum status choose_name(const char *folder, const char *period, bool again,
                               struct arena *arena, struct published *out, struct error *error)
{
    struct published *list = NULL;
    size_t count = 0;
    enum status status = published_list(folder, arena, &list, &count, error);
    for (size_t n = 1; status == STATUS_OK && n < reports_max; n++) {
        const char *name = n == 1 ? period : arena_printf(arena, "%s-%zu", period, n);
        const char *file = arena_printf(arena, "%s/%s.json", folder_name, name);
        bool taken = access(path_in(arena, folder, file), F_OK) == 0;
        for (size_t i = 0; i < count && !taken; i++)
            taken = strcmp(list[i].name, name) == 0;
        if (!taken) {
            *out = (struct published){.name = name, .file = file};
            return STATUS_OK;
        }
        if (!again)
            return error_at(error, ERROR_INPUT, file, 0, 0,
                            "a report of this period was published already, and stays as it is; "
                            "--again publishes a further one beside it");
    }
    return status == STATUS_OK ? error_set(error, ERROR_INPUT, "too many reports of one period")
                               : status;
}

static enum status add_line(const char *folder, const struct published *of, struct arena *arena,
                            struct registry *registry, struct error *error)
{
    const struct registry_field fields[] = {
        {.name = "report", .text = of->name},
        {.name = "file", .text = of->file},
        {.name = "sha256", .text = of->hash},
        {.name = "data_version", .number = (double)of->data_version},
    };
    return registry_append(path_in(arena, folder, "registry.jsonl"), "publish", fields,
                           sizeof fields / sizeof *fields, registry, error);
}

/* Whether the registry has the line of a file, where adding it failed: it may have failed after the
   line was written. A registry that cannot be read may have it. */
static bool may_have_line(const char *folder, const struct published *of, struct arena *arena)
{
    struct listing listing = {.arena = arena};
    struct registry registry;
    if (registry_visit(path_in(arena, folder, "registry.jsonl"), take_line, &listing, &registry,
                       NULL) != STATUS_OK)
        return true;
    for (size_t i = 0; i < listing.count; i++)
        if (strcmp(listing.list[i].name, of->name) == 0 &&
            strcmp(listing.list[i].hash, of->hash) == 0)
            return true;
    return false;
}

/* The file beside its name, the line, the name. */
static enum status keep(const char *folder, const char *period, const char *text, bool again,
                        struct arena *arena, struct published *out, struct error *error)
{
    struct registry registry;
    int64_t data_version = out->data_version;
    enum status status = choose_name(folder, period, again, arena, out, error);
    if (status != STATUS_OK)
        return status;
    const char *path = path_in(arena, folder, out->file);
    const char *written = beside(arena, path);
    out->data_version = data_version;
    hash_sha256(text, strlen(text), out->hash);
    status = file_write(written, text, strlen(text), 0600, error);
    if (status == STATUS_OK) {
        status = add_line(folder, out, arena, &registry, error);
        if (status != STATUS_OK && !may_have_line(folder, out, arena))
            (void)unlink(written);
    }
    if (status != STATUS_OK)
        return status;
    out->line = registry.lines;
    memcpy(out->head, registry.head, sizeof out->head);
    out->state = PUBLISHED_WHOLE;
    /* It is published by its line; the next that looks tries its name again. */
    if (rename(written, path) != 0)
        out->file = beside(arena, out->file);
    return STATUS_OK;
}

enum status published_keep(const char *folder, const char *period, const char *text,
                           int64_t data_version, bool again, struct arena *arena,
                           struct published *out, struct error *error)
{
    const char *reports = path_in(arena, folder, folder_name);
    if (mkdir(reports, 0700) != 0 && errno != EEXIST)
        return error_unwritten(error, reports, errno);
    /* One at a time: two may be about to take the same name. */
    int lock = open(reports, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0 || flock(lock, LOCK_EX) != 0) {
        int reason = errno;
        if (lock >= 0)
            (void)close(lock);
        return error_unwritten(error, reports, reason);
    }
    out->data_version = data_version;
    enum status status = keep(folder, period, text, again, arena, out, error);
    (void)close(lock);
    return status;
}
