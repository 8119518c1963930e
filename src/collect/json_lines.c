/* A file of JSON lines: cutting it into lines, finding its columns, reading their cells. */

#include "collect/json_lines.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- Lines ------------------------------------------------------------------------------ */

enum { block_bytes = 1 << 18 };

/* A window over the file that always begins at a line. */
struct lines {
    struct unpacker *unpacker;
    char *bytes;
    size_t capacity;
    size_t start;
    size_t end;
    bool ended;
    int64_t number; /* of the last line given */
};

static enum status lines_open(int file, const char *path, enum packing packing, struct lines *out,
                              struct error *error)
{
    *out = (struct lines){0};
    out->bytes = malloc(block_bytes);
    if (out->bytes == NULL)
        return error_memory(error);
    out->capacity = block_bytes;
    return unpacker_open(file, path, packing, &out->unpacker, error);
}

static void lines_close(struct lines *lines)
{
    unpacker_close(lines->unpacker);
    free(lines->bytes);
}

/* Reads on behind lines->end, making room first. */
static enum status lines_fill(struct lines *lines, struct error *error)
{
    if (lines->start > 0) {
        memmove(lines->bytes, lines->bytes + lines->start, lines->end - lines->start);
        lines->end -= lines->start;
        lines->start = 0;
    }
    if (lines->capacity - lines->end < block_bytes / 2) {
        char *larger = realloc(lines->bytes, lines->capacity * 2);
        if (larger == NULL)
            return error_memory(error);
        lines->bytes = larger;
        lines->capacity *= 2;
    }
    size_t room = lines->capacity - lines->end;
    size_t got = 0;
    enum status status =
        unpacker_read(lines->unpacker, lines->bytes + lines->end, room, &got, error);
    lines->end += got;
    lines->ended = got < room;
    return status;
}

/* The next line without its newline; *line is NULL at the end. One over json_line_bytes_max is
   passed over as it comes and given with *too_long and no bytes. */
static enum status lines_next(struct lines *lines, const char **line, size_t *length,
                              bool *too_long, struct error *error)
{
    size_t looked = 0;
    *line = NULL;
    *length = 0;
    *too_long = false;
    for (;;) {
        const char *from = lines->bytes + lines->start;
        size_t held = lines->end - lines->start;
        const char *newline =
            held > looked ? memchr(from + looked, '\n', held - looked) : (const char *)NULL;
        if (newline != NULL || (lines->ended && (held > 0 || *too_long))) {
            *length = newline != NULL ? (size_t)(newline - from) : held;
            *line = from;
            lines->start += *length + (newline != NULL);
            *too_long = *too_long || *length > json_line_bytes_max;
            break;
        }
        if (lines->ended)
            return STATUS_OK;
        looked = held;
        if (held > json_line_bytes_max) {
            *too_long = true;
            lines->start = lines->end;
            looked = 0;
        }
        enum status status = lines_fill(lines, error);
        if (status != STATUS_OK)
            return status;
    }
    lines->number++;
    static const char mark[] = "\xef\xbb\xbf";
    if (lines->number == 1 && *length >= 3 && memcmp(*line, mark, 3) == 0) {
        *line += 3;
        *length -= 3;
    }
    return STATUS_OK;
}

/* ---- Columns ---------------------------------------------------------------------------- */

static bool is_name(const char *name, const char *key, size_t length)
{
    return strncasecmp(name, key, length) == 0 && name[length] == '\0';
}

/* The column of a key without escapes; they mostly come in the same order, so the one behind the
   last is looked at first. SIZE_MAX: none. */
static size_t find_column(const struct json_columns *columns, const char *key, size_t length,
                          size_t hint)
{
    if (hint < columns->count && is_name(columns->names[hint], key, length))
        return hint;
    for (size_t c = 0; c < columns->count; c++)
        if (is_name(columns->names[c], key, length))
            return c;
    return SIZE_MAX;
}

/* The key's text: itself, or unescaped into scratch, which is as long as the line. */
static void key_text(const struct json_piece *key, char *scratch, const char **text, size_t *length)
{
    *text = key->bytes;
    *length = key->length;
    if (key->escaped) {
        *length = json_unescape(key, scratch);
        *text = scratch;
    }
}

struct survey {
    struct arena *arena;
    struct json_columns *columns;
    size_t hint;
    bool too_many;
};

static void note_column(void *context, const struct json_piece *key, const struct json_piece *value)
{
    struct survey *survey = context;
    char scratch[1024];
    const char *text = NULL;
    size_t length = 0;
    (void)value;
    /* No column is named like that, and nothing could ask for it. */
    if (key->length == 0 || key->length > sizeof scratch)
        return;
    key_text(key, scratch, &text, &length);
    if (memchr(text, '\0', length) != NULL)
        return;
    struct json_columns *columns = survey->columns;
    size_t found = find_column(columns, text, length, survey->hint);
    survey->hint = found + 1;
    if (found != SIZE_MAX)
        return;
    survey->too_many = columns->count == json_columns_max;
    if (survey->too_many)
        return;
    columns->names = arena_grow(survey->arena, columns->names, columns->count, &columns->capacity,
                                sizeof *columns->names);
    columns->names[columns->count++] = arena_text_n(survey->arena, text, length);
    survey->hint = columns->count;
}

static bool is_lone_bracket(const char *line, size_t length)
{
    char bracket = 0;
    for (size_t i = 0; i < length; i++) {
        if (strchr(" \t\r", line[i]) != NULL)
            continue;
        if (bracket != 0)
            return false;
        bracket = line[i];
    }
    return bracket == '{';
}

enum status json_survey_read(struct arena *arena, int file, const char *path, enum packing packing,
                             struct json_survey *out, struct error *error)
{
    struct lines lines;
    struct json_columns seen = {0};
    struct survey survey = {.arena = arena, .columns = &seen};
    *out = (struct json_survey){0};
    enum status status = lines_open(file, path, packing, &lines, error);
    while (status == STATUS_OK) {
        const char *line = NULL;
        size_t length = 0;
        bool too_long = false;
        status = lines_next(&lines, &line, &length, &too_long, error);
        if (status != STATUS_OK || line == NULL)
            break;
        if (out->records + out->faults == 0 && is_lone_bracket(line, length)) {
            status = error_at(error, ERROR_INPUT, path, (int)lines.number, 0,
                              "the first object is spread over lines; write each on one: jq -c . "
                              "FILE > FILE.jsonl");
            break;
        }
        /* Columns of a line that turns out to be broken are no columns. */
        size_t before = seen.count;
        survey.hint = 0;
        enum json_fault fault =
            too_long ? JSON_TOO_LONG : json_line_scan(line, length, note_column, &survey);
        out->records += fault == JSON_FINE;
        out->faults += fault != JSON_FINE && fault != JSON_BLANK;
        if (fault != JSON_FINE)
            seen.count = before;
        else if (survey.too_many)
            status = error_at(error, ERROR_INPUT, path, (int)lines.number, 0,
                              "the objects have over %d different keys: they are no records of "
                              "one kind. Put what varies into one key, as an object",
                              json_columns_max);
        survey.too_many = false;
    }
    lines_close(&lines);
    out->columns = seen;
    return status;
}

/* ---- Reading ---------------------------------------------------------------------------- */

struct json_reader {
    struct lines lines;
    const struct json_columns *columns;
    bool *wanted;
    struct json_cell *cells; /* the caller's, while a line is scanned */
    size_t hint;
    char *scratch; /* unescaped texts of the line */
    size_t scratch_capacity;
    size_t scratch_used;
};

enum status json_reader_open(int file, const char *path, enum packing packing,
                             const struct json_columns *columns, const bool *wanted,
                             struct json_reader **out, struct error *error)
{
    struct json_reader *reader = calloc(1, sizeof *reader);
    bool *copy = calloc(columns->count + 1, sizeof *copy);
    if (reader == NULL || copy == NULL) {
        free(reader);
        free(copy);
        return error_memory(error);
    }
    if (columns->count > 0)
        memcpy(copy, wanted, columns->count * sizeof *copy);
    reader->columns = columns;
    reader->wanted = copy;
    enum status status = lines_open(file, path, packing, &reader->lines, error);
    if (status != STATUS_OK) {
        json_reader_close(reader);
        return status;
    }
    *out = reader;
    return STATUS_OK;
}

void json_reader_close(struct json_reader *reader)
{
    if (reader == NULL)
        return;
    lines_close(&reader->lines);
    free(reader->scratch);
    free(reader->wanted);
    free(reader);
}

static void take_cell(void *context, const struct json_piece *key, const struct json_piece *value)
{
    struct json_reader *reader = context;
    const char *text = NULL;
    size_t length = 0;
    char *free_room = reader->scratch + reader->scratch_used;
    key_text(key, free_room, &text, &length);
    size_t column = find_column(reader->columns, text, length, reader->hint);
    if (column == SIZE_MAX)
        return;
    reader->hint = column + 1;
    if (!reader->wanted[column])
        return;
    struct json_cell *cell = &reader->cells[column];
    *cell = (struct json_cell){value->bytes, value->length};
    if (value->is_null || value->length == 0) /* an empty text is missing, as in CSV */
        *cell = (struct json_cell){NULL, 0};
    else if (value->escaped) {
        *cell = (struct json_cell){free_room, json_unescape(value, free_room)};
        reader->scratch_used += cell->length;
    }
}

/* All texts of a line, unescaped, are no longer than the line; so is any one key. */
static enum status make_scratch(struct json_reader *reader, size_t length, struct error *error)
{
    reader->scratch_used = 0;
    if (length <= reader->scratch_capacity)
        return STATUS_OK;
    free(reader->scratch);
    reader->scratch_capacity = length * 2;
    reader->scratch = malloc(reader->scratch_capacity);
    if (reader->scratch != NULL)
        return STATUS_OK;
    reader->scratch_capacity = 0;
    return error_memory(error);
}

enum status json_reader_next(struct json_reader *reader, int64_t *line, enum json_fault *fault,
                             struct json_cell *cells, struct error *error)
{
    *line = 0;
    do {
        const char *bytes = NULL;
        size_t length = 0;
        bool too_long = false;
        enum status status = lines_next(&reader->lines, &bytes, &length, &too_long, error);
        if (status == STATUS_OK && bytes == NULL)
            return STATUS_OK;
        if (status == STATUS_OK && !too_long)
            status = make_scratch(reader, length, error);
        if (status != STATUS_OK)
            return status;
        for (size_t c = 0; c < reader->columns->count; c++)
            cells[c] = (struct json_cell){NULL, 0};
        reader->cells = cells;
        reader->hint = 0;
        *fault = too_long ? JSON_TOO_LONG : json_line_scan(bytes, length, take_cell, reader);
    } while (*fault == JSON_BLANK);
    *line = reader->lines.number;
    return STATUS_OK;
}
