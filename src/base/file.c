#include "base/file.h"

#include "base/error.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum status file_read(struct arena *arena, const char *path, size_t max, char **out, size_t *length,
                      struct error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return error_at(error, ERROR_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
    struct stat about;
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        (void)close(file);
        return error_at(error, ERROR_INPUT, path, 0, 0, "this is not a regular file");
    }
    if ((uintmax_t)about.st_size > max) {
        (void)close(file);
        return error_at(error, ERROR_INPUT, path, 0, 0, "the file is over %zu bytes", max);
    }
    size_t size = (size_t)about.st_size;
    char *bytes = arena_alloc(arena, size + 1);
    size_t at = 0;
    while (at < size) {
        ssize_t got = read(file, bytes + at, size - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            int reason = errno;
            (void)close(file);
            return error_at(error, ERROR_IO, path, 0, 0, "cannot be read: %s", strerror(reason));
        }
        if (got == 0)
            break;
        at += (size_t)got;
    }
    (void)close(file);
    bytes[at] = '\0';
    if (memchr(bytes, '\0', at) != NULL)
        return error_at(error, ERROR_INPUT, path, 0, 0, "the file holds a NUL byte; it is no text");
    *out = bytes;
    if (length != NULL)
        *length = at;
    return STATUS_OK;
}

enum status file_read_any(struct arena *arena, const char *path, size_t max, char **out,
                          size_t *length, struct error *error)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rbe");
    if (file == NULL)
        return error_at(error, ERROR_INPUT, path, 0, 0, "cannot be read: %s", strerror(errno));
    struct text all = {.arena = arena};
    char piece[16 * 1024];
    size_t got = 0;
    while (all.length <= max && (got = fread(piece, 1, sizeof piece, file)) > 0)
        text_add_n(&all, piece, got);
    bool failed = ferror(file) != 0;
    int reason = errno;
    if (!standard)
        (void)fclose(file);
    if (failed)
        return error_at(error, ERROR_INPUT, path, 0, 0, "cannot be read: %s", strerror(reason));
    if (all.length > max)
        return error_at(error, ERROR_INPUT, path, 0, 0, "this is over %zu bytes; is it the file?",
                        max);
    *length = all.length;
    *out = arena_text_n(arena, text_get(&all), all.length);
    return STATUS_OK;
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return fsync(file) == 0;
}

/* A new name is on the disk when its folder is. */
static bool sync_folder_of(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    int length = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);
    (void)snprintf(folder, sizeof folder, "%.*s", length, slash == NULL ? "." : path);
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = file >= 0 && fsync(file) == 0;
    if (file >= 0)
        (void)close(file);
    return synced;
}

/* Puts the file beside it in its place; where `fresh`, only if nothing is there. */
static int move_into_place(const char *beside, const char *path, bool fresh)
{
    return fresh ? link(beside, path) : rename(beside, path);
}

static enum status write_whole(const char *path, const char *bytes, size_t length, unsigned mode,
                               bool fresh, struct error *error)
{
    char beside[4096];
    if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
        return error_at(error, ERROR_INPUT, path, 0, 0, "the path is too long");
    int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
    if (file < 0)
        return error_unwritten(error, path, errno);
    bool written = write_all(file, bytes, length);
    int reason = errno;
    if (close(file) != 0 && written) {
        written = false;
        reason = errno;
    }
    bool placed = written && move_into_place(beside, path, fresh) == 0;
    if (written && !placed)
        reason = errno;
    if (!placed || fresh)
        (void)unlink(beside);
    if (!placed && fresh && reason == EEXIST)
        return error_at(error, ERROR_INPUT, path, 0, 0, "it is there already");
    if (!placed)
        return error_unwritten(error, path, reason);
    if (!sync_folder_of(path))
        return error_at(error, ERROR_IO, path, 0, 0, "its folder cannot be synced: %s",
                        strerror(errno));
    return STATUS_OK;
}

enum status file_write(const char *path, const char *bytes, size_t length, unsigned mode,
                       struct error *error)
{
    return write_whole(path, bytes, length, mode, false, error);
}

enum status file_write_new(const char *path, const char *bytes, size_t length, unsigned mode,
                           struct error *error)
{
    return write_whole(path, bytes, length, mode, true, error);
}
