#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum status error_set(struct error *error, enum status status, const char *format, ...)
{
    if (error == NULL)
        return status;
    va_list arguments;
    va_start(arguments, format);
    error->status = status;
    error->place[0] = '\0';
    (void)vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return status;
}

enum status error_at(struct error *error, enum status status, const char *file, int line,
                     int column, const char *format, ...)
{
    if (error == NULL)
        return status;
    va_list arguments;
    va_start(arguments, format);
    error->status = status;
    (void)vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    if (line > 0 && column > 0)
        (void)snprintf(error->place, sizeof error->place, "%s:%d:%d", file, line, column);
    else if (line > 0)
        (void)snprintf(error->place, sizeof error->place, "%s:%d", file, line);
    else
        (void)snprintf(error->place, sizeof error->place, "%s", file);
    return status;
}

enum status error_add(struct error *error, enum status status, const char *what)
{
    if (status == STATUS_OK || error == NULL)
        return status;
    size_t length = strlen(error->message);
    (void)snprintf(error->message + length, sizeof error->message - length, " (%s)", what);
    return status;
}

enum status error_no_room(struct error *error, const char *path)
{
    return error_at(error, ERROR_IO, path, 0, 0,
                    "no space left on the disk; what was there before is unharmed: make room, then "
                    "run the command again");
}

enum status error_unwritten(struct error *error, const char *path, int reason)
{
    if (reason == ENOSPC || reason == EDQUOT)
        return error_no_room(error, path);
    return error_at(error, ERROR_IO, path, 0, 0, "cannot be written: %s", strerror(reason));
}

enum status error_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}
