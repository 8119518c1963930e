#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

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

enum status error_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}
