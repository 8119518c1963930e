/* Preloaded into a program by the tests: keeps a copy of every byte that it writes to a file, so
   that a search sees what was overwritten, truncated or removed again as well.

   KEPT_WRITES           the copy; what is written to it is appended
   KEPT_WRITES.paths     beside it: the path of each write, one a line
   KEPT_WRITES_ABORT     abort at the first write to a path that ends so */

#undef _FILE_OFFSET_BITS /* both names of pwrite are wanted */
#define _GNU_SOURCE

#include <fcntl.h>
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

static void abort_if_asked(const char *path)
{
    const char *end = getenv("KEPT_WRITES_ABORT");
    size_t length = strlen(path);
    if (end != NULL && strlen(end) <= length && strcmp(path + length - strlen(end), end) == 0)
        abort();
}

static void keep(int file, const void *bytes, size_t length)
{
    const char *copy = getenv("KEPT_WRITES");
    struct stat about;
    if (copy == NULL || fstat(file, &about) != 0 || !S_ISREG(about.st_mode))
        return;
    char link[64];
    char path[4200];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t got = readlink(link, path, sizeof path - 2);
    if (got < 0)
        got = 0;
    path[got] = '\0';
    abort_if_asked(path);
    append(copy, bytes, length);
    path[got] = '\n';
    char paths[4200];
    (void)snprintf(paths, sizeof paths, "%s.paths", copy);
    append(paths, path, (size_t)got + 1);
}

ssize_t write(int file, const void *bytes, size_t length)
{
    keep(file, bytes, length);
    return syscall(SYS_write, file, bytes, length);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset)
{
    keep(file, bytes, length);
    return syscall(SYS_pwrite64, file, bytes, length, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset)
{
    keep(file, bytes, length);
    return syscall(SYS_pwrite64, file, bytes, length, offset);
}
