#include "assignment/unit_file.h"

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "collect/csv_header.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- Which columns ------------------------------------------------------------------------ */

static const char *const unit_names[] = {"unit", "item", "item_id", "worker", "team"};

static bool names_units(const char *name)
{
    for (size_t i = 0; i < sizeof unit_names / sizeof *unit_names; i++)
        if (strcasecmp(name, unit_names[i]) == 0)
            return true;
    return false;
}

static bool is_kind(const char *name, const char *kind)
{
    bool other_name = strcmp(kind, "item") == 0 && strcasecmp(name, "item_id") == 0;
    return other_name || strcasecmp(name, kind) == 0;
}

/* The column of the units: named as their kind, else "unit". -1: none. */
static int unit_column(const struct csv_header *header, const char *kind)
{
    int found = -1;
    for (size_t i = 0; i < header->count; i++) {
        if (is_kind(header->names[i], kind))
            return (int)i;
        if (strcasecmp(header->names[i], "unit") == 0)
            found = (int)i;
    }
    return found;
}

/* Does the first line name columns? A list may have none. */
static enum status find_columns(const char *path, const struct csv_header *header, const char *kind,
                                bool *named, struct unit_file *out, struct error *error)
{
    static const char *const nameless[] = {""};
    int column = unit_column(header, kind);
    *named = column >= 0;
    out->columns = column >= 0 ? header->names : nameless;
    out->column_count = column >= 0 ? header->count : 1;
    out->unit_column = column >= 0 ? (size_t)column : 0;
    for (size_t i = 0; column < 0 && i < header->count; i++)
        if (names_units(header->names[i]))
            return error_at(error, ERROR_INPUT, path, 1, 0,
                            "the plan draws units of the kind %s, and no column is named %s or "
                            "unit",
                            kind, kind);
    if (column < 0 && header->count > 1)
        return error_at(error, ERROR_INPUT, path, 1, 0,
                        "no column is named %s; name the columns in the first line, the units' "
                        "%s, or give one unit per line",
                        kind, kind);
    return STATUS_OK;
}

/* ---- Rows --------------------------------------------------------------------------------- */

struct scan {
    const char *bytes;
    size_t length;
    size_t at;
    int line;
    char delimiter;
};

static bool ends_field(const struct scan *scan)
{
    return scan->at == scan->length || scan->bytes[scan->at] == scan->delimiter ||
           scan->bytes[scan->at] == '\n' || scan->bytes[scan->at] == '\r';
}

/* In quotes, two of them being one; false: the text ends inside. */
static bool quoted_field(struct scan *scan, struct text *field)
{
    for (scan->at++; scan->at < scan->length; scan->at++) {
        char byte = scan->bytes[scan->at];
        scan->line += byte == '\n';
        if (byte == '"' && scan->at + 1 < scan->length && scan->bytes[scan->at + 1] == '"')
            scan->at++;
        else if (byte == '"') {
            scan->at++;
            return true;
        }
        text_add_n(field, &byte, 1);
    }
    return false;
}

static bool next_field(struct arena *arena, struct scan *scan, const char **out)
{
    struct text field = {.arena = arena};
    if (scan->at < scan->length && scan->bytes[scan->at] == '"' && !quoted_field(scan, &field))
        return false;
    size_t start = scan->at;
    while (!ends_field(scan))
        scan->at++;
    text_add_n(&field, scan->bytes + start, scan->at - start);
    *out = text_trimmed(arena, text_get(&field), field.length);
    return true;
}

/* Over the end of a line; false: the row goes on. */
static bool end_row(struct scan *scan)
{
    if (scan->at == scan->length)
        return true;
    char byte = scan->bytes[scan->at++];
    if (byte == '\r' && scan->at < scan->length && scan->bytes[scan->at] == '\n')
        byte = scan->bytes[scan->at++];
    scan->line += byte == '\n' || byte == '\r';
    return byte == '\n' || byte == '\r';
}

static enum status next_row(struct arena *arena, const char *path, struct scan *scan,
                            const struct unit_file *file, const char **cells, bool *blank,
                            struct error *error)
{
    int line = scan->line;
    size_t count = 0;
    *blank = true;
    for (bool ended = false; !ended; count++) {
        const char *cell = "";
        if (!next_field(arena, scan, &cell))
            return error_at(error, ERROR_INPUT, path, line, 0, "the quote in this line never ends");
        ended = end_row(scan);
        *blank = *blank && cell[0] == '\0';
        if (count < file->column_count)
            cells[count] = cell;
        else if (cell[0] != '\0')
            return error_at(error, ERROR_INPUT, path, line, 0,
                            "this line has more cells than the first line has; put texts with "
                            "commas into quotes");
    }
    for (; count < file->column_count; count++)
        cells[count] = "";
    if (!*blank && cells[file->unit_column][0] == '\0')
        return error_at(error, ERROR_INPUT, path, line, 0, "this line names no unit");
    return STATUS_OK;
}

static enum status read_rows(struct arena *arena, const char *path, struct scan *scan, bool named,
                             struct unit_file *out, struct error *error)
{
    size_t capacity = 0;
    size_t line_capacity = 0;
    int *lines = NULL;
    bool first = named;
    while (scan->at < scan->length) {
        const char **cells = arena_array(arena, out->column_count, sizeof *cells);
        bool blank = false;
        int line = scan->line;
        enum status status = next_row(arena, path, scan, out, cells, &blank, error);
        if (status != STATUS_OK)
            return status;
        if (!blank && !first) {
            out->cells = arena_grow(arena, out->cells, out->count, &capacity, sizeof *out->cells);
            lines = arena_grow(arena, lines, out->count, &line_capacity, sizeof *lines);
            out->cells[out->count] = cells;
            lines[out->count++] = line;
        }
        first = false;
    }
    out->lines = lines;
    if (out->count == 0)
        return error_at(error, ERROR_INPUT, path, 0, 0, "there is no unit in it");
    return STATUS_OK;
}

enum status unit_file_parse(struct arena *arena, const char *path, const char *bytes, size_t length,
                            const char *kind, struct unit_file *out, struct error *error)
{
    static const char mark[] = "\xef\xbb\xbf";
    struct csv_header header = {0};
    bool named = false;
    *out = (struct unit_file){0};
    if (length >= 3 && memcmp(bytes, mark, 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    size_t blank = strspn(bytes, " \t\r\n");
    if (blank >= length)
        return error_at(error, ERROR_INPUT, path, 0, 0, "there is no unit in it");
    if (memchr(bytes, '\0', length) != NULL || utf8_valid(bytes, length) != length)
        return error_at(error, ERROR_INPUT, path, 0, 0,
                        "this is not UTF-8 text; save the file as CSV in UTF-8");
    struct error unused;
    /* A list without a first line of names may not look like one. */
    if (csv_header_parse(arena, path, bytes, length, &header, &unused) != STATUS_OK)
        return error_at(error, ERROR_INPUT, path, 1, 0,
                        "the first line names no columns; name each one once, the units' %s", kind);
    enum status status = find_columns(path, &header, kind, &named, out, error);
    struct scan scan = {.bytes = bytes, .length = length, .line = 1, .delimiter = header.delimiter};
    return status == STATUS_OK ? read_rows(arena, path, &scan, named, out, error) : status;
}
