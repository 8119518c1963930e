#include "collect/csv_header.h"

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool starts(const char *bytes, size_t length, const char *magic, size_t size)
{
    return length >= size && memcmp(bytes, magic, size) == 0;
}

/* End of the first record: the first newline outside of quotes. */
static size_t record_length(const char *bytes, size_t length)
{
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '"')
            quoted = !quoted;
        else if (!quoted && (bytes[i] == '\n' || bytes[i] == '\r'))
            return i;
    }
    return length;
}

static char find_delimiter(const char *record, size_t length)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    size_t counts[sizeof candidates] = {0};
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        if (record[i] == '"')
            quoted = !quoted;
        for (size_t c = 0; !quoted && c < sizeof candidates; c++)
            counts[c] += record[i] == candidates[c];
    }
    size_t best = 0;
    for (size_t c = 1; c < sizeof candidates; c++)
        if (counts[c] > counts[best])
            best = c;
    return candidates[best];
}

/* One field without its quotes; doubled quotes become one. */
static const char *field_text(struct arena *arena, const char *field, size_t length)
{
    char *text = text_trimmed(arena, field, length);
    size_t size = strlen(text);
    if (size < 2 || text[0] != '"' || text[size - 1] != '"')
        return text;
    size_t at = 0;
    for (size_t i = 1; i + 1 < size; i++) {
        text[at++] = text[i];
        if (text[i] == '"' && text[i + 1] == '"')
            i++;
    }
    return text_trimmed(arena, text, at);
}

static enum status add_name(struct arena *arena, const char *path, const char *name,
                            struct csv_header *header, size_t *capacity, struct error *error)
{
    int column = (int)header->count + 1;
    if (name[0] == '\0')
        return error_at(error, ERROR_INPUT, path, 1, 0,
                        "column %d of the header has no name; the first line must name each column",
                        column);
    for (size_t i = 0; i < header->count; i++)
        if (strcasecmp(header->names[i], name) == 0)
            return error_at(error, ERROR_INPUT, path, 1, 0,
                            "columns %zu and %d are both named \"%.80s\"; rename one", i + 1,
                            column, name);
    header->names =
        arena_grow(arena, header->names, header->count, capacity, sizeof *header->names);
    header->names[header->count++] = name;
    return STATUS_OK;
}

enum status csv_header_parse(struct arena *arena, const char *path, const char *bytes,
                             size_t length, struct csv_header *out, struct error *error)
{
    if (starts(bytes, length, "\xef\xbb\xbf", 3)) {
        bytes += 3;
        length -= 3;
    }
    size_t end = record_length(bytes, length);
    if (memchr(bytes, '\0', end) != NULL)
        return error_at(error, ERROR_INPUT, path, 1, 0,
                        "the header holds a NUL byte; this is no CSV file");
    struct csv_header header = {.delimiter = find_delimiter(bytes, end)};
    size_t capacity = 0;
    size_t start = 0;
    bool quoted = false;
    for (size_t i = 0; i <= end; i++) {
        if (i < end && bytes[i] == '"')
            quoted = !quoted;
        if (i < end && (quoted || bytes[i] != header.delimiter))
            continue;
        enum status status = add_name(arena, path, field_text(arena, bytes + start, i - start),
                                      &header, &capacity, error);
        if (status != STATUS_OK)
            return status;
        start = i + 1;
    }
    *out = header;
    return STATUS_OK;
}
