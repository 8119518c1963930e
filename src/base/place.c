#include "base/place.h"

#include "base/error.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { message_bytes = 1400 };

static enum status fail(struct error *error, const struct place *place, int line, int column,
                        const char *message)
{
    if (place->what != NULL)
        return error_at(error, ERROR_INPUT, place->file, line, column, "%s: %s", place->what,
                        message);
    return error_at(error, ERROR_INPUT, place->file, line, column, "%s", message);
}

enum status place_error(struct error *error, const struct place *place, const char *format, ...)
{
    char message[message_bytes];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return fail(error, place, place->line, place->column, message);
}

enum status place_error_in(struct error *error, const struct place *place, const char *text,
                           size_t length, size_t offset, const char *format, ...)
{
    char message[message_bytes];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (offset > length)
        offset = length;
    const char *line_start = text;
    int line = 0;
    for (const char *at = text; at < text + offset; at++) {
        if (*at == '\n') {
            line_start = at + 1;
            line++;
        }
    }
    int column = (int)utf8_count(line_start, (size_t)(text + offset - line_start));
    if (place->line == 0) /* a flag: lines and columns are those of its text */
        return fail(error, place, line + 1, column + 1, message);
    if (place->exact && line == 0)
        return fail(error, place, place->line, place->column + column, message);
    size_t used = strlen(message);
    (void)snprintf(message + used, sizeof message - used, " (character %zu of the text)",
                   utf8_count(text, offset) + 1);
    return fail(error, place, place->line, place->column, message);
}
