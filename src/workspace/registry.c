#define _DEFAULT_SOURCE /* flock */

#include "workspace/registry.h"

#include "base/error.h"
#include "base/file.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is read. The last MiB is for lines that may not be put off: see room_for. */
enum { registry_bytes = 64 * 1024 * 1024, registry_reserve = 1024 * 1024 };

static const char no_head[hash_hex_length + 1] =
    "0000000000000000000000000000000000000000000000000000000000000000";

static void take_group_rule(const json_t *line, struct registry *registry)
{
    const char *kind = json_string_value(json_object_get(line, "kind"));
    const char *setting = json_string_value(json_object_get(line, "setting"));
    const char *own = json_string_value(json_object_get(line, "own_data"));
    if (kind == NULL || setting == NULL || strcmp(kind, "setting") != 0 ||
        strcmp(setting, "min_group") != 0)
        return;
    registry->group_rules++;
    registry->min_group = json_number_value(json_object_get(line, "value"));
    registry->own_data = own != NULL && strcmp(own, "yes") == 0;
}

/* Who wants to see each line, or nobody. */
struct visiting {
    registry_visitor visit;
    void *context;
};

/* Takes the line behind those in registry. */
static enum status take_line(const char *path, const char *line, size_t length,
                             const struct visiting *visiting, struct registry *registry,
                             struct error *error)
{
    int number = (int)registry->lines + 1;
    json_error_t problem;
    json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &problem);
    if (!json_is_object(object)) {
        json_decref(object);
        return error_at(error, ERROR_INPUT, path, number, 0,
                        "this line is no JSON object; the registry was cut or edited: restore it "
                        "from a backup");
    }
    const char *prev = json_string_value(json_object_get(object, "prev"));
    json_int_t n = json_integer_value(json_object_get(object, "n"));
    bool right = prev != NULL && strcmp(prev, registry->head) == 0 && n == number;
    if (right)
        take_group_rule(object, registry);
    if (right && visiting->visit != NULL)
        visiting->visit(object, visiting->context);
    json_decref(object);
    if (!right)
        return error_at(error, ERROR_INPUT, path, number, 0,
                        "the chain breaks here: this line does not follow the one before it; "
                        "restore the registry from a backup");
    hash_sha256(line, length + 1, registry->head); /* with its newline */
    registry->lines++;
    return STATUS_OK;
}

static enum status check_chain(const char *path, const char *bytes, size_t length,
                               const struct visiting *visiting, struct registry *out,
                               struct error *error)
{
    *out = (struct registry){0};
    (void)snprintf(out->head, sizeof out->head, "%s", no_head);
    const char *at = bytes;
    const char *end = bytes + length;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL) {
            out->cut = true;
            return error_at(error, ERROR_INPUT, path, (int)out->lines + 1, 0,
                            "the last line is cut off; `assay registry verify` says what to do");
        }
        enum status status = take_line(path, at, (size_t)(newline - at), visiting, out, error);
        if (status != STATUS_OK)
            return status;
        at = newline + 1;
    }
    return STATUS_OK;
}

/* The caller holds a lock on it, so that no line is half written. */
static enum status read_locked(const char *path, const struct visiting *visiting,
                               struct registry *out, struct error *error)
{
    struct arena *arena = arena_create();
    char *bytes = NULL;
    size_t length = 0;
    enum status status = file_read(arena, path, registry_bytes, &bytes, &length, error);
    if (status == STATUS_OK)
        status = check_chain(path, bytes, length, visiting, out, error);
    arena_destroy(arena);
    return status;
}

/* Whether the lock is held afterwards; waits for whoever holds it. */
static bool lock_file(int file, int operation)
{
    int result = 0;
    do
        result = flock(file, operation);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

static const struct visiting nobody = {NULL, NULL};

enum status registry_visit(const char *path, registry_visitor visit, void *context,
                           struct registry *out, struct error *error)
{
    const struct visiting visiting = {visit, context};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) {
        *out = (struct registry){0};
        (void)snprintf(out->head, sizeof out->head, "%s", no_head);
        return STATUS_OK;
    }
    if (file < 0)
        return error_at(error, ERROR_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
    enum status status =
        lock_file(file, LOCK_SH)
            ? read_locked(path, &visiting, out, error)
            : error_at(error, ERROR_IO, path, 0, 0, "cannot be locked: %s", strerror(errno));
    (void)close(file);
    return status;
}

enum status registry_read(const char *path, struct registry *out, struct error *error)
{
    return registry_visit(path, NULL, NULL, out, error);
}

/* ---- Appending ----------------------------------------------------------------------------- */

/* NULL: no number that JSON has. */
static json_t *number_json(double number)
{
    static const double exact = 9007199254740992.0; /* 2^53: from here on digits are missing */
    bool whole = fabs(number) < exact && number == (double)(json_int_t)number;
    return whole ? json_integer((json_int_t)number) : json_real(number);
}

/* The name of the first field that JSON cannot hold (text that is not UTF-8, a number that is
   none), or NULL. */
static const char *add_fields(json_t *object, const struct registry_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct registry_field *field = &fields[i];
        json_t *value = NULL;
        const char *wrong = NULL;
        if (field->fields != NULL) {
            value = json_object();
            wrong = add_fields(value, field->fields, field->field_count);
        } else {
            value = field->text != NULL ? json_string(field->text) : number_json(field->number);
        }
        if (json_object_set_new(object, field->name, value) != 0 && wrong == NULL)
            wrong = field->name;
        if (wrong != NULL)
            return wrong;
    }
    return NULL;
}

/* The line behind `before`, with its newline; the caller frees it. */
static enum status make_line(const char *kind, const struct registry_field *fields, size_t count,
                             const struct registry *before, char **out, struct error *error)
{
    struct arena *arena = arena_create();
    json_t *object = json_pack("{s:I, s:s, s:s, s:s}", "n", (json_int_t)before->lines + 1, "at",
                               time_format(arena, time_now()), "kind", kind, "prev", before->head);
    const char *wrong = object != NULL ? add_fields(object, fields, count) : NULL;
    char *line = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(15));
    size_t length = line != NULL ? strlen(line) : 0;
    char *whole = line != NULL ? malloc(length + 2) : NULL;
    if (whole != NULL)
        (void)snprintf(whole, length + 2, "%s\n", line);
    free(line);
    json_decref(object);
    arena_destroy(arena);
    if (whole == NULL)
        return error_memory(error);
    if (wrong != NULL) {
        free(whole);
        return error_set(error, ERROR_INPUT,
                         "%s: what is not UTF-8 text, or no number, cannot stand in the registry",
                         wrong);
    }
    *out = whole;
    return STATUS_OK;
}

/* What has to be registered whatever else is: that people were forgotten, and from how many people
   on things are shown. A registry that was full for these would keep people in the database. */
static bool may_use_reserve(const char *kind)
{
    return strcmp(kind, "forget") == 0 || strcmp(kind, "setting") == 0;
}

/* A registry that grew beyond what is read would be of no use to anybody. */
static enum status room_for(const char *path, const char *kind, size_t held, size_t length,
                            struct error *error)
{
    size_t most = registry_bytes - (may_use_reserve(kind) ? 0 : registry_reserve);
    if (held <= most && length <= most - held)
        return STATUS_OK;
    return error_at(error, ERROR_INPUT, path, 0, 0,
                    "the registry is full (%d MiB), and nothing was added; keep this workspace as "
                    "it is for its record, and go on in a new one: assay init",
                    registry_bytes / 1024 / 1024);
}

/* One write, so that a line is never half there but for a crash inside it. */
static bool append_synced(int file, const char *line)
{
    size_t length = strlen(line);
    ssize_t wrote = write(file, line, length);
    if (wrote >= 0 && wrote != (ssize_t)length)
        errno = ENOSPC; /* a disk that takes a part says no more than that */
    return wrote == (ssize_t)length && fsync(file) == 0;
}

struct registry_line {
    const char *path; /* the caller's */
    int file;         /* locked */
    off_t held;       /* bytes before the line */
    char *text;
};

/* Reads the chain, and makes the line that follows it; its text is there if it may be written. */
static enum status prepare(struct registry_line *line, const char *kind,
                           const struct registry_field *fields, size_t count, struct registry *out,
                           struct error *error)
{
    struct registry after = {0};
    char *text = NULL;
    struct stat about;
    if (!lock_file(line->file, LOCK_EX) || fstat(line->file, &about) != 0)
        return error_at(error, ERROR_IO, line->path, 0, 0, "cannot be locked: %s", strerror(errno));
    line->held = about.st_size;
    enum status status = read_locked(line->path, &nobody, &after, error);
    if (status == STATUS_OK)
        status = make_line(kind, fields, count, &after, &text, error);
    if (status == STATUS_OK)
        status = room_for(line->path, kind, (size_t)line->held, strlen(text), error);
    /* As it will be read: a line that could not be is not written. */
    if (status == STATUS_OK)
        status = take_line(line->path, text, strlen(text) - 1, &nobody, &after, error);
    if (status != STATUS_OK) {
        free(text);
        return status;
    }
    line->text = text;
    *out = after;
    return STATUS_OK;
}

enum status registry_line_begin(const char *path, const char *kind,
                                const struct registry_field *fields, size_t count,
                                struct registry *out, struct registry_line **line,
                                struct error *error)
{
    struct registry_line *begun = calloc(1, sizeof *begun);
    if (begun == NULL)
        return error_memory(error);
    begun->path = path;
    begun->file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    enum status status = begun->file >= 0 ? prepare(begun, kind, fields, count, out, error)
                                          : error_unwritten(error, path, errno);
    if (begun->text != NULL)
        *line = begun;
    else
        registry_line_end(begun);
    return status;
}

enum status registry_line_write(struct registry_line *line, struct error *error)
{
    if (append_synced(line->file, line->text))
        return STATUS_OK;
    int reason = errno;
    (void)registry_line_take_back(line);
    return error_unwritten(error, line->path, reason);
}

bool registry_line_take_back(struct registry_line *line)
{
    return ftruncate(line->file, line->held) == 0 && fsync(line->file) == 0;
}

void registry_line_end(struct registry_line *line)
{
    if (line == NULL)
        return;
    if (line->file >= 0)
        (void)close(line->file);
    free(line->text);
    free(line);
}

enum status registry_append(const char *path, const char *kind, const struct registry_field *fields,
                            size_t count, struct registry *out, struct error *error)
{
    struct registry_line *line = NULL;
    struct registry after;
    enum status status = registry_line_begin(path, kind, fields, count, &after, &line, error);
    if (line == NULL)
        return status;
    status = registry_line_write(line, error);
    if (status == STATUS_OK)
        *out = after;
    registry_line_end(line);
    return status;
}
