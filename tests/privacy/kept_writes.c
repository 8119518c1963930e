/* Preloaded into a program by the tests: keeps a copy of every byte that it writes to a file, so
   that a search sees what was overwritten, truncated or removed again as well.

   KEPT_WRITES           the copy; what is written to it is appended
   KEPT_WRITES.paths     beside it: the path of each write, one a line
   KEPT_WRITES_ABORT     abort at the first write to a path that ends so

   And fails as a disk would, without KEPT_WRITES, too:

   FULL_FROM             a number: this write to a file and all after it find no room
   NO_RENAME             a path that nothing can be renamed to, by its end
   NO_CLOSE              closing a file whose path ends so finds the quota used up */

#undef _FILE_OFFSET_BITS /* both names of pwrite are wanted */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void append(const char *path, const void *bytes, size_t length)
{
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0 || syscall(SYS_write, file, bytes, length) != (ssize_t)length)
        _exit(99); /* a copy with holes would prove nothing */
    (void)close(file);
}

/* Does the path end as the variable says? */
static int ends_as(const char *path, const char *variable)
{
    const char *end = getenv(variable);
    size_t length = strlen(path);
    return end != NULL && strlen(end) <= length && strcmp(path + length - strlen(end), end) == 0;
}

static void abort_if_asked(const char *path)
{
    if (ends_as(path, "KEPT_WRITES_ABORT"))
        abort();
}

/* Its length, or 0; `path` holds it without an end. */
static size_t path_of(int file, char *path, size_t capacity)
{
    char link[64];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t got = readlink(link, path, capacity);
    return got < 0 ? 0 : (size_t)got;
}

/* Threads write, too. */
static int is_full(int file)
{
    static atomic_long writes;
    const char *from = getenv("FULL_FROM");
    struct stat about;
    return from != NULL && fstat(file, &about) == 0 && S_ISREG(about.st_mode) &&
           atomic_fetch_add(&writes, 1) + 1 >= atol(from);
}

static void keep(int file, const void *bytes, size_t length)
{
    const char *copy = getenv("KEPT_WRITES");
    struct stat about;
    if (copy == NULL || fstat(file, &about) != 0 || !S_ISREG(about.st_mode))
        return;
    char path[4200];
    size_t got = path_of(file, path, sizeof path - 2);
    path[got] = '\0';
    abort_if_asked(path);
    append(copy, bytes, length);
    path[got] = '\n';
    char paths[4200];
    (void)snprintf(paths, sizeof paths, "%s.paths", copy);
    append(paths, path, got + 1);
}

ssize_t write(int file, const void *bytes, size_t length)
{
    if (is_full(file)) {
        errno = ENOSPC;
        return -1;
    }
    keep(file, bytes, length);
    return syscall(SYS_write, file, bytes, length);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset)
{
    if (is_full(file)) {
        errno = ENOSPC;
        return -1;
    }
    keep(file, bytes, length);
    return syscall(SYS_pwrite64, file, bytes, length, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset)
{
    if (is_full(file)) {
        errno = ENOSPC;
        return -1;
    }
    keep(file, bytes, length);
    return syscall(SYS_pwrite64, file, bytes, length, offset);
}

int rename(const char *from, const char *to)
{
    if (ends_as(to, "NO_RENAME")) {
        errno = EIO;
        return -1;
    }
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int close(int file)
{
    char path[4200];
    path[getenv("NO_CLOSE") != NULL ? path_of(file, path, sizeof path - 1) : 0] = '\0';
    int asked = ends_as(path, "NO_CLOSE");
    int result = (int)syscall(SYS_close, file);
    if (asked)
        errno = EDQUOT;
    return asked ? -1 : result;
}
