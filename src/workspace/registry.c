#define _DEFAULT_SOURCE /* flock */

#include "workspace/registry.h"

#include "base/error.h"
#include "base/file.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { registry_bytes = 64 * 1024 * 1024 };

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
        if (newline == NULL)
            return error_at(error, ERROR_INPUT, path, (int)out->lines + 1, 0,
                            "the last line is cut off; remove it to go on from the line before");
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

static json_t *number_json(double number)
{
    bool whole = number == (double)(json_int_t)number;
    return whole ? json_integer((json_int_t)number) : json_real(number);
}

static void add_fields(json_t *object, const struct registry_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct registry_field *field = &fields[i];
        json_t *value = NULL;
        if (field->fields != NULL) {
            value = json_object();
            add_fields(value, field->fields, field->field_count);
        } else {
            value = field->text != NULL ? json_string(field->text) : number_json(field->number);
        }
        (void)json_object_set_new(object, field->name, value);
    }
}

static char *make_line(const char *kind, const struct registry_field *fields, size_t count,
                       const struct registry *before)
{
    struct arena *arena = arena_create();
    json_t *object = json_pack("{s:I, s:s, s:s, s:s}", "n", (json_int_t)before->lines + 1, "at",
                               time_format(arena, time_now()), "kind", kind, "prev", before->head);
    add_fields(object, fields, count);
    char *line = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(object);
    arena_destroy(arena);
    return line;
}

static bool append_synced(int file, const char *line)
{
    size_t length = strlen(line);
    char *bytes = malloc(length + 2);
    if (bytes == NULL)
        return false;
    (void)snprintf(bytes, length + 2, "%s\n", line);
    /* One write, so that a line is never half there but for a crash inside it. */
    ssize_t wrote = write(file, bytes, length + 1);
    free(bytes);
    if (wrote >= 0 && wrote != (ssize_t)length + 1)
        errno = ENOSPC; /* a disk that takes a part says no more than that */
    return wrote == (ssize_t)length + 1 && fsync(file) == 0;
}

enum status registry_append(const char *path, const char *kind, const struct registry_field *fields,
                            size_t count, struct registry *out, struct error *error)
{
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return error_unwritten(error, path, errno);
    enum status status = STATUS_OK;
    char *line = NULL;
    struct registry before = {0};
    struct stat about;
    if (!lock_file(file, LOCK_EX) || fstat(file, &about) != 0) {
        status = error_at(error, ERROR_IO, path, 0, 0, "cannot be locked: %s", strerror(errno));
        goto end;
    }
    status = read_locked(path, &nobody, &before, error);
    if (status != STATUS_OK)
        goto end;
    line = make_line(kind, fields, count, &before);
    if (line == NULL) {
        status = error_memory(error);
        goto end;
    }
    if (!append_synced(file, line)) {
        int reason = errno;
        /* Takes back what a full disk let through of the line. */
        (void)!ftruncate(file, about.st_size);
        status = error_unwritten(error, path, reason);
        goto end;
    }
    status = read_locked(path, &nobody, out, error);
end:
    free(line);
    (void)close(file);
    return status;
}
