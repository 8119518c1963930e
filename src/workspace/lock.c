#define _DEFAULT_SOURCE /* flock */

#include "workspace/lock.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

static enum status say_who(int file, bool write, struct error *error)
{
    char owner[256] = {0};
    ssize_t got = pread(file, owner, sizeof owner - 1, 0);
    if (got > 0 && owner[0] != '\0')
        return error_set(error, ERROR_BUSY,
                         "workspace in use by %s; try again later, or add --wait", owner);
    return error_set(error, ERROR_BUSY,
                     write ? "workspace in use by another assay command that reads it; try again "
                             "later, or add --wait"
                           : "workspace in use by another assay command; try again later, or add "
                             "--wait");
}

static void sign(int file, const char *command)
{
    time_t now = time(NULL);
    struct tm local;
    char clock_time[16] = "?";
    if (localtime_r(&now, &local) != NULL)
        (void)strftime(clock_time, sizeof clock_time, "%H:%M", &local);
    char owner[256];
    int length = snprintf(owner, sizeof owner, "`%s` (pid %ld, since %s)", command, (long)getpid(),
                          clock_time);
    /* Best effort: the name is a courtesy, the lock is what counts. */
    if (ftruncate(file, 0) == 0 && length > 0)
        (void)!pwrite(file, owner, (size_t)length, 0);
}

enum status lock_refuse_write(const char *folder, const char *command, int reason,
                              struct error *error)
{
    return error_at(error, ERROR_IO, folder, 0, 0,
                    "`%s` has to write to the workspace, and may not (%s); run it as the owner, "
                    "where the workspace can be written",
                    command, strerror(reason));
}

enum status lock_take(const char *folder, bool write, bool wait, const char *command, int *out,
                      struct error *error)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/lock", folder) >= (int)sizeof path)
        return error_at(error, ERROR_INPUT, folder, 0, 0, "the path is too long");
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool refused = file < 0 && (errno == EACCES || errno == EROFS || errno == EPERM);
    if (refused && write)
        return lock_refuse_write(folder, command, errno, error);
    if (refused)
        file = open(path, O_RDONLY | O_CLOEXEC);
    if (refused && file < 0 && errno == ENOENT) {
        *out = -1;
        return STATUS_OK;
    }
    if (file < 0 && errno == ENOSPC)
        return error_no_room(error, path);
    if (file < 0)
        return error_at(error, ERROR_IO, path, 0, 0, "cannot be opened: %s", strerror(errno));
    int operation = write ? LOCK_EX : LOCK_SH;
    int result = flock(file, operation | LOCK_NB);
    if (result != 0 && errno == EWOULDBLOCK && !wait) {
        enum status status = say_who(file, write, error);
        (void)close(file);
        return status;
    }
    while (result != 0) {
        if (errno != EINTR && errno != EWOULDBLOCK) {
            int reason = errno;
            (void)close(file);
            return error_at(error, ERROR_IO, path, 0, 0, "cannot be locked: %s", strerror(reason));
        }
        result = flock(file, wait ? operation : operation | LOCK_NB);
        if (result != 0 && errno == EWOULDBLOCK && !wait) {
            enum status status = say_who(file, write, error);
            (void)close(file);
            return status;
        }
    }
    if (write)
        sign(file, command);
    else /* what a writer that died has left there */
        (void)!ftruncate(file, 0);
    *out = file;
    return STATUS_OK;
}

void lock_release(int lock)
{
    if (lock < 0)
        return;
    /* Fails for a reader whose descriptor is read only; it has signed nothing. */
    (void)!ftruncate(lock, 0);
    (void)close(lock);
}
