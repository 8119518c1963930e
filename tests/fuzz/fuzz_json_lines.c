/* A line of JSON, on any bytes: what is taken is what jansson takes (but for depth and the size of
   numbers, where jansson has limits of its own), members lie inside the line, and texts without
   their escapes are UTF-8 and no longer than before. */

#include "base/utf8.h"
#include "collect/json_lines.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    const char *line;
    size_t length;
    size_t members;
    size_t unescaped;
    char *scratch;
};

static void look(struct seen *seen, const struct json_piece *piece)
{
    if (piece->bytes < seen->line || piece->bytes + piece->length > seen->line + seen->length)
        abort();
    if (!piece->is_string)
        return;
    size_t length = json_unescape(piece, seen->scratch);
    if (length > piece->length || utf8_valid(seen->scratch, length) != length)
        abort();
    seen->unescaped += length;
}

static void visit(void *context, const struct json_piece *key, const struct json_piece *value)
{
    struct seen *seen = context;
    seen->members++;
    look(seen, key);
    look(seen, value);
    if (seen->unescaped > seen->length)
        abort();
}

/* The members that jansson takes come in no other number, unless a key stands twice. */
static void compare(const char *line, size_t length, enum json_fault fault, size_t members)
{
    /* jansson takes a NUL for the end; it is nowhere allowed. */
    if (memchr(line, '\0', length) != NULL) {
        if (fault == JSON_FINE || fault == JSON_NO_OBJECT)
            abort();
        return;
    }
    json_error_t error;
    json_t *value = json_loadb(line, length, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    enum json_error_code code = json_error_code(&error);
    bool limited =
        value == NULL && (code == json_error_numeric_overflow ||
                          code == json_error_stack_overflow || code == json_error_null_byte_in_key);
    if (fault == JSON_FINE && !limited && !json_is_object(value))
        abort();
    if (fault == JSON_FINE && value != NULL && json_object_size(value) > members)
        abort();
    if (fault == JSON_NO_OBJECT && !limited && (value == NULL || json_is_object(value)))
        abort();
    if ((fault == JSON_BROKEN || fault == JSON_NOT_UTF8 || fault == JSON_BLANK) && value != NULL)
        abort();
    json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *line = (const char *)data;
    struct seen seen = {line, size, 0, 0, malloc(size + 1)};
    enum json_fault fault = json_line_scan(line, size, visit, &seen);
    compare(line, size, fault, seen.members);
    free(seen.scratch);
    return 0;
}
