#include "collect/connector.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { connector_bytes = 1 << 20, headers_max = 64 };

/* ---- Header lines ----------------------------------------------------------------------- */

struct header {
    const char *key;
    size_t offset; /* of a const char * in struct connector */
};

#define PLAIN(key, member)                                                                         \
    {                                                                                              \
        key, offsetof(struct connector, member)                                                    \
    }

static const struct header plain_headers[] = {
    PLAIN("connector", name),        PLAIN("about", about),
    PLAIN("reads", reads),           PLAIN("seen", seen),
    PLAIN("example", example),       PLAIN("gaps", gaps),
    PLAIN("export", export_command),
};

static const char *const header_names[] = {"connector",   "about",   "reads",   "seen",
                                           "from memory", "example", "gaps",    "export",
                                           "options",     "attrs",   "columns", "into"};

/* Splits "a, b=c, d!" at commas into trimmed words. */
static const char **split_words(struct arena *arena, const char *text, size_t *count)
{
    size_t capacity = 0;
    const char **words = NULL;
    *count = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, ",");
        const char *word = text_trimmed(arena, text, length);
        if (word[0] != '\0') {
            words = arena_grow(arena, words, *count, &capacity, sizeof *words);
            words[(*count)++] = word;
        }
        text += length;
        if (*text == ',')
            text++;
    }
    return words;
}

static enum status take_options(struct arena *arena, const char *value, struct connector *out,
                                int line, struct error *error)
{
    size_t count = 0;
    const char **words = split_words(arena, value, &count);
    out->options = arena_array(arena, count, sizeof *out->options);
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(words[i], '=');
        if (equals == NULL)
            return error_at(error, ERROR_INPUT, out->path, line, 1,
                            "options: \"%s\" has no default; write %s=VALUE", words[i], words[i]);
        out->options[i].name = text_trimmed(arena, words[i], (size_t)(equals - words[i]));
        out->options[i].value = text_trimmed(arena, equals + 1, strlen(equals + 1));
        for (size_t j = 0; j < i; j++)
            if (strcmp(out->options[i].name, out->options[j].name) == 0)
                return error_at(error, ERROR_INPUT, out->path, line, 1,
                                "options: %s stands here twice; leave one", out->options[i].name);
    }
    out->option_count = count;
    return STATUS_OK;
}

static void take_attrs(struct arena *arena, const char *value, struct connector *out)
{
    out->attrs = split_words(arena, value, &out->attr_count);
    out->any_attrs = out->attr_count == 1 && strcmp(out->attrs[0], "*") == 0;
}

static void take_columns(struct arena *arena, const char *value, struct connector *out)
{
    size_t count = 0;
    const char **words = split_words(arena, value, &count);
    struct connector_column *columns =
        arena_array(arena, out->column_count + count, sizeof *columns);
    if (out->column_count > 0)
        memcpy(columns, out->columns, out->column_count * sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(words[i]);
        bool required = words[i][length - 1] == '!';
        columns[out->column_count++] = (struct connector_column){
            arena_text_n(arena, words[i], required ? length - 1 : length), required};
    }
    out->columns = columns;
}

static enum status take_header(struct arena *arena, const char *key, const char *value, int line,
                               struct connector *out, struct error *error)
{
    if (strcmp(key, "options") == 0)
        return take_options(arena, value, out, line, error);
    if (strcmp(key, "attrs") == 0)
        take_attrs(arena, value, out);
    else if (strcmp(key, "columns") == 0)
        take_columns(arena, value, out);
    else
        for (size_t i = 0; i < sizeof plain_headers / sizeof plain_headers[0]; i++)
            if (strcmp(key, plain_headers[i].key) == 0) {
                const char **member = (const char **)((char *)out + plain_headers[i].offset);
                /* A second line of the same key continues the first; lines of a file stay lines. */
                const char *between = strcmp(key, "example") == 0 ? "\n" : " ";
                *member = *member == NULL ? value
                                          : arena_printf(arena, "%s%s%s", *member, between, value);
            }
    return STATUS_OK;
}

/* "-- key: value" where key is one of ours. */
static bool split_header(struct arena *arena, const char *line, size_t length, const char **key,
                         const char **value)
{
    if (length < 3 || strncmp(line, "--", 2) != 0)
        return false;
    const char *text = text_trimmed(arena, line + 2, length - 2);
    if (strncmp(text, "from memory", 11) == 0) {
        *key = "seen";
        *value = text;
        return true;
    }
    const char *colon = strchr(text, ':');
    if (colon == NULL)
        return false;
    *key = text_trimmed(arena, text, (size_t)(colon - text));
    *value = text_trimmed(arena, colon + 1, strlen(colon + 1));
    for (size_t i = 0; i < sizeof header_names / sizeof header_names[0]; i++)
        if (strcmp(*key, header_names[i]) == 0)
            return true;
    return false;
}

/* ---- Blocks ----------------------------------------------------------------------------- */

static const char *const tables[] = {
    "item",  "step",   "usage", "measure", "review",  "assignment", "membership",
    "alias", "policy", "price", "seat",    "invoice", "labour",     "link",
};

static enum status start_block(struct arena *arena, const char *table, int line,
                               struct connector *out, size_t *capacity, struct error *error)
{
    bool known = false;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        known = known || strcmp(table, tables[i]) == 0;
    if (!known) {
        const char *nearest = text_nearest(table, tables, sizeof tables / sizeof tables[0]);
        return error_at(error, ERROR_INPUT, out->path, line, 1,
                        "into: a connector can't fill a table \"%s\"%s%s", table,
                        nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "");
    }
    out->blocks = arena_grow(arena, out->blocks, out->block_count, capacity, sizeof *out->blocks);
    out->blocks[out->block_count++] =
        (struct connector_block){.table = arena_text(arena, table), .line = line + 1};
    return STATUS_OK;
}

/* Does the select hold a word by which rows could come in another order than they are read in? One
   inside a text or a comment counts, too: no more than time is lost. */
static bool reorders(const char *select)
{
    static const char *const words[] = {
        "order",     "group",  "distinct", "limit",  "offset", "over",    "join",   "union",
        "intersect", "except", "exists",   "sample", "using",  "qualify", "window", "lateral"};
    for (const char *at = select; *at != '\0';) {
        size_t length = 0;
        while (isalnum((unsigned char)at[length]) != 0 || at[length] == '_')
            length++;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            if (strlen(words[i]) == length && strncasecmp(at, words[i], length) == 0)
                return true;
        at += length > 0 ? length : 1;
    }
    return false;
}

/* The length of a select without the comments behind it, which are about what follows. */
static size_t without_last_comments(const char *select)
{
    size_t length = strlen(select);
    for (;;) {
        while (length > 0 && isspace((unsigned char)select[length - 1]))
            length--;
        size_t line = length;
        while (line > 0 && select[line - 1] != '\n')
            line--;
        size_t first = line;
        while (first < length && isspace((unsigned char)select[first]))
            first++;
        if (length - first < 2 || strncmp(select + first, "--", 2) != 0)
            return length;
        length = line;
    }
}

/* Takes the text of a block, from after its `-- into:` line up to its end. */
static enum status finish_block(struct arena *arena, struct connector *out, const char *start,
                                const char *end, struct error *error)
{
    if (out->block_count == 0)
        return STATUS_OK;
    struct connector_block *block = &out->blocks[out->block_count - 1];
    const char *first = start; /* the newline of the `-- into:` line itself */
    char *select = text_trimmed(arena, start, (size_t)(end - start));
    size_t length = without_last_comments(select);
    if (length > 0 && select[length - 1] == ';')
        length--;
    select[length] = '\0';
    if (length == 0)
        return error_at(error, ERROR_INPUT, out->path, block->line - 1, 1,
                        "into: %s has no select behind it", block->table);
    block->column = 1;
    for (; start < end && isspace((unsigned char)*start); start++) {
        block->line += *start == '\n' && start != first;
        block->column = *start == '\n' ? 1 : block->column + 1;
    }
    block->select = select;
    block->reorders = reorders(select);
    return STATUS_OK;
}

static enum status check_complete(const struct connector *connector, struct error *error)
{
    const char *missing = connector->name == NULL    ? "-- connector: NAME"
                          : connector->about == NULL ? "-- about: TEXT"
                          : connector->reads == NULL ? "-- reads: csv, json, parquet"
                          : connector->seen == NULL  ? "-- seen: DOCUMENT, DATE (or -- from memory)"
                          : connector->block_count == 0 ? "-- into: TABLE"
                                                        : NULL;
    if (missing != NULL)
        return error_at(error, ERROR_INPUT, connector->path, 1, 1,
                        "the connector lacks the line `%s`", missing);
    return STATUS_OK;
}

/* The first line that is the header of that key. */
static int line_of_header(struct arena *arena, const char *text, const char *wanted)
{
    int line = 1;
    for (const char *at = text; *at != '\0'; line++) {
        size_t length = strcspn(at, "\n");
        const char *key = NULL;
        const char *value = NULL;
        if (split_header(arena, at, length, &key, &value) && strcmp(key, wanted) == 0)
            return line;
        at += length + (at[length] == '\n');
    }
    return 1;
}

/* "csv, json" as bits. */
static enum status take_formats(struct arena *arena, struct connector *out, struct error *error)
{
    static const char *const formats[] = {"csv", "json", "parquet"};
    size_t count = 0;
    int line = line_of_header(arena, out->text, "reads");
    const char **words = split_words(arena, out->reads, &count);
    out->rows_from_code = strcmp(out->reads, "git") == 0;
    for (size_t i = 0; i < count && !out->rows_from_code; i++) {
        size_t format = 0;
        while (format < 3 && strcmp(words[i], formats[format]) != 0)
            format++;
        if (format == 3)
            return error_at(error, ERROR_INPUT, out->path, line, 1,
                            "reads: \"%s\" is none of csv, json, parquet", words[i]);
        out->formats |= 1u << format;
    }
    if (count == 0)
        return error_at(error, ERROR_INPUT, out->path, line, 1,
                        "reads: names no format; write csv, json or parquet");
    return STATUS_OK;
}

enum status connector_parse(struct arena *arena, const char *path, const char *text,
                            struct connector *out, struct error *error)
{
    *out = (struct connector){.path = path, .text = text};
    size_t capacity = 0;
    const char *block_start = text;
    int line = 1;
    enum status status = STATUS_OK;
    for (const char *at = text; *at != '\0' && status == STATUS_OK; line++) {
        size_t length = strcspn(at, "\n");
        const char *key = NULL;
        const char *value = NULL;
        if (split_header(arena, at, length, &key, &value)) {
            if (strcmp(key, "into") == 0) {
                status = finish_block(arena, out, block_start, at, error);
                block_start = at + length;
                if (status == STATUS_OK)
                    status = start_block(arena, value, line, out, &capacity, error);
            } else if (out->block_count == 0)
                status = take_header(arena, key, value, line, out, error);
        } else if (out->block_count == 0 && length > 0 && strncmp(at, "--", 2) != 0)
            status =
                error_at(error, ERROR_INPUT, path, line, 1, "a statement before `-- into: TABLE`");
        at += length;
        if (*at == '\n')
            at++;
        if (*at == '\0' && status == STATUS_OK)
            status = finish_block(arena, out, block_start, at, error);
    }
    if (status != STATUS_OK)
        return status;
    status = check_complete(out, error);
    return status == STATUS_OK && out->reads != NULL ? take_formats(arena, out, error) : status;
}

/* ---- Finding ---------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **connector_paths(struct arena *arena, const char *folder, size_t *count)
{
    *count = 0;
    DIR *dir = folder == NULL ? NULL : opendir(folder);
    if (dir == NULL)
        return NULL;
    size_t capacity = 0;
    const char **paths = NULL;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.' && ends_with(entry->d_name, ".sql")) {
            paths = arena_grow(arena, paths, *count, &capacity, sizeof *paths);
            paths[(*count)++] = arena_printf(arena, "%s/%s", folder, entry->d_name);
        }
    (void)closedir(dir);
    if (paths != NULL)
        qsort(paths, *count, sizeof *paths, by_text);
    return paths;
}

enum status connector_read(struct arena *arena, const char *path, struct connector *out,
                           struct error *error)
{
    char *text = NULL;
    enum status status = file_read(arena, path, connector_bytes, &text, NULL, error);
    if (status == STATUS_OK)
        status = connector_parse(arena, path, text, out, error);
    return status;
}

static const char built_in_folder[] = "connectors/";

static enum status parse_built_in(struct arena *arena, const struct embedded *file,
                                  struct connector *out, struct error *error)
{
    const char *path = arena_printf(arena, "builtin/%s", file->path);
    enum status status = connector_parse(arena, path, file->text, out, error);
    out->built_in = true;
    return status;
}

enum status connector_list(struct arena *arena, const char *folder, struct connector **out,
                           size_t *count, size_t *broken, struct error *error)
{
    size_t own = 0;
    size_t capacity = 0;
    const char **paths = connector_paths(arena, folder, &own);
    struct connector *list = NULL;
    *count = 0;
    *broken = 0;
    for (size_t i = 0; i < own; i++) {
        struct connector one;
        if (connector_read(arena, paths[i], &one, error) != STATUS_OK) {
            (*broken)++;
            continue;
        }
        list = arena_grow(arena, list, *count, &capacity, sizeof *list);
        list[(*count)++] = one;
    }
    for (const struct embedded *file = embedded_files; file->path != NULL; file++) {
        if (strncmp(file->path, built_in_folder, sizeof built_in_folder - 1) != 0)
            continue;
        struct connector one;
        enum status status = parse_built_in(arena, file, &one, error);
        if (status != STATUS_OK)
            return status;
        list = arena_grow(arena, list, *count, &capacity, sizeof *list);
        list[(*count)++] = one;
    }
    *out = list;
    return STATUS_OK;
}

enum status connector_find(struct arena *arena, const char *folder, const char *name,
                           struct connector *out, struct error *error)
{
    if (folder != NULL && strchr(name, '/') == NULL) {
        size_t own = 0;
        const char **paths = connector_paths(arena, folder, &own);
        const char *wanted = arena_printf(arena, "%s/%s.sql", folder, name);
        for (size_t i = 0; i < own; i++)
            if (strcmp(paths[i], wanted) == 0)
                return connector_read(arena, paths[i], out, error);
    }
    struct connector *list = NULL;
    size_t count = 0;
    size_t broken = 0;
    enum status status = connector_list(arena, folder, &list, &count, &broken, error);
    if (status != STATUS_OK)
        return status;
    const char **names = arena_array(arena, count, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        names[i] = list[i].name;
        if (list[i].name != NULL && strcmp(list[i].name, name) == 0) {
            *out = list[i];
            return STATUS_OK;
        }
    }
    const char *nearest = text_nearest(name, names, count);
    if (nearest != NULL)
        return error_set(error, ERROR_INPUT, "there is no connector \"%s\"; did you mean %s?", name,
                         nearest);
    return error_set(error, ERROR_INPUT,
                     "there is no connector \"%s\"; `assay connectors` lists them", name);
}

enum status connector_set(struct connector *connector, const char *name, const char *value,
                          struct error *error)
{
    const char *names[headers_max];
    size_t count = 0;
    for (size_t i = 0; i < connector->option_count; i++) {
        if (strcmp(connector->options[i].name, name) == 0) {
            connector->options[i].value = value;
            return STATUS_OK;
        }
        if (count < headers_max)
            names[count++] = connector->options[i].name;
    }
    const char *nearest = text_nearest(name, names, count);
    return error_at(error, ERROR_INPUT, "--set", 0, 0,
                    "the connector %s has no option \"%s\"%s%s; `assay connectors show %s` lists "
                    "them",
                    connector->name, name, nearest != NULL ? "; did you mean " : "",
                    nearest != NULL ? nearest : "", connector->name);
}
