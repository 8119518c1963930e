#include "collect/source_view.h"

#include "base/error.h"
#include "base/terminal.h"
#include "base/text.h"
#include "engine/sql_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- Matching --------------------------------------------------------------------------- */

/* The column of a name: the very same, else in any case; SIZE_MAX: none. */
static size_t column_number(const struct source_file *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->names[i], name) == 0)
            return i;
    for (size_t i = 0; i < file->count; i++)
        if (strcasecmp(file->names[i], name) == 0)
            return i;
    return SIZE_MAX;
}

static bool has_no_header(const struct source_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        if (looks_like_data(file->names[i]))
            return file->format == FORMAT_CSV;
    return false;
}

static const char *all_names(struct arena *arena, const char *const *names, size_t count)
{
    struct text all = {.arena = arena};
    for (size_t i = 0; i < count && all.length < 400; i++)
        text_addf(&all, "%s%s", all.length > 0 ? ", " : "", names[i]);
    return text_get(&all);
}

/* Names that look like values are neither listed nor suggested. */
static enum status no_such_column(struct arena *arena, const char *flag, const char *wanted,
                                  const struct source_file *file, struct error *error)
{
    int line = file->format == FORMAT_CSV ? 1 : 0;
    if (has_no_header(file))
        return error_at(
            error, ERROR_INPUT, file->path, line, 0,
            "%sthe file has no column \"%s\"; its first line looks like data. Give it a "
            "line with the columns' names",
            flag, wanted);
    const char **shown = arena_array(arena, file->count, sizeof *shown);
    size_t count = 0;
    for (size_t i = 0; i < file->count; i++)
        if (!looks_like_data(file->names[i]))
            shown[count++] = text_printable(arena, file->names[i]);
    const char *nearest = text_nearest(wanted, shown, count);
    const char *all = all_names(arena, shown, count);
    if (nearest != NULL)
        return error_at(error, ERROR_INPUT, file->path, line, 0,
                        "%sthe file has no column \"%s\"; did you mean \"%s\"? It has: %s", flag,
                        wanted, nearest, all);
    return error_at(error, ERROR_INPUT, file->path, line, 0,
                    "%sthe file has no column \"%s\"; it has: %s", flag, wanted, all);
}

/* Marks a file column as used and gives its SQL. */
static const char *use_column(struct arena *arena, const struct source_file *file, bool *used,
                              size_t column)
{
    used[column] = true;
    return source_file_column(arena, file, column);
}

static const char *mapped_to(const struct import_request *request, const char *target)
{
    for (size_t i = 0; i < request->map_count; i++)
        if (strcmp(request->maps[i].target, target) == 0)
            return request->maps[i].column;
    return NULL;
}

static bool is_key_of(const char *target, const char *prefix)
{
    return strncmp(target, prefix, strlen(prefix)) == 0 && target[strlen(prefix)] != '\0';
}

static enum status check_targets(struct arena *arena, const struct connector *connector,
                                 const struct import_request *request, struct error *error)
{
    const char **names = arena_array(arena, connector->column_count, sizeof *names);
    for (size_t c = 0; c < connector->column_count; c++)
        names[c] = connector->columns[c].name;
    for (size_t i = 0; i < request->map_count; i++) {
        const char *target = request->maps[i].target;
        for (size_t j = 0; j < i; j++)
            if (strcmp(request->maps[j].target, target) == 0)
                return error_at(error, ERROR_INPUT, "--map", 0, 0,
                                "%s is mapped twice, to \"%s\" and to \"%s\"; keep one", target,
                                request->maps[j].column, request->maps[i].column);
        bool known = is_key_of(target, "attr.") || is_key_of(target, "measure.");
        for (size_t c = 0; c < connector->column_count && !known; c++)
            known = strcmp(names[c], target) == 0;
        if (known)
            continue;
        const char *nearest = text_nearest(target, names, connector->column_count);
        return error_at(error, ERROR_INPUT, "--map", 0, 0,
                        "the connector %s has no column \"%s\"%s%s; `assay connectors show %s` "
                        "lists them",
                        connector->name, target, nearest != NULL ? "; did you mean " : "",
                        nearest != NULL ? nearest : "", connector->name);
    }
    return STATUS_OK;
}

/* map {'key': column, …} of all file columns that were mapped to, or are named, prefix.KEY. */
static enum status match_keys(struct arena *arena, const char *prefix,
                              const struct source_file *file, const struct import_request *request,
                              bool *used, const char **out, struct error *error)
{
    struct text map = {.arena = arena};
    for (size_t i = 0; i < request->map_count; i++) {
        const struct import_map *one = &request->maps[i];
        if (!is_key_of(one->target, prefix))
            continue;
        size_t column = column_number(file, one->column);
        if (column == SIZE_MAX)
            return no_such_column(arena, "--map: ", one->column, file, error);
        text_addf(&map, "%s%s: %s", map.length > 0 ? ", " : "",
                  sql_literal(arena, one->target + strlen(prefix)),
                  use_column(arena, file, used, column));
    }
    for (size_t i = 0; i < file->count; i++)
        if (is_key_of(file->names[i], prefix) && mapped_to(request, file->names[i]) == NULL)
            text_addf(&map, "%s%s: %s", map.length > 0 ? ", " : "",
                      sql_literal(arena, file->names[i] + strlen(prefix)),
                      use_column(arena, file, used, i));
    *out = map.length == 0 ? "null::map(varchar, varchar)"
                           : arena_printf(arena, "map {%s}", map.bytes);
    return STATUS_OK;
}

enum status source_match(struct arena *arena, const struct connector *connector,
                         const struct source_file *file, const struct import_request *request,
                         struct source_columns *out, struct error *error)
{
    bool *used = arena_array(arena, file->count, sizeof *used);
    /* Of JSON lines that are all broken no column is known: they are rejected one by one. */
    bool is_known = file->format != FORMAT_JSON || file->json.records > 0;
    *out = (struct source_columns){
        .expressions = arena_array(arena, connector->column_count, sizeof(char *)),
        .names = arena_array(arena, connector->column_count, sizeof(char *)),
    };
    enum status status = check_targets(arena, connector, request, error);
    for (size_t c = 0; c < connector->column_count && status == STATUS_OK; c++) {
        const char *target = connector->columns[c].name;
        const char *mapped = mapped_to(request, target);
        size_t column = column_number(file, mapped != NULL ? mapped : target);
        out->expressions[c] = "null::varchar";
        if (column != SIZE_MAX) {
            out->expressions[c] = use_column(arena, file, used, column);
            if (!looks_like_data(file->names[column]))
                out->names[c] = text_printable(arena, file->names[column]);
        } else if (mapped != NULL && is_known)
            status = no_such_column(arena, "--map: ", mapped, file, error);
        else if (connector->columns[c].required && is_known) {
            status = no_such_column(arena, "", target, file, error);
            if (error != NULL) {
                size_t length = strlen(error->message);
                (void)snprintf(error->message + length, sizeof error->message - length,
                               ". Name it: --map %s=\"COLUMN\"", target);
            }
        }
    }
    if (status == STATUS_OK && is_known)
        status = match_keys(arena, "attr.", file, request, used, &out->attrs, error);
    if (status == STATUS_OK && is_known)
        status = match_keys(arena, "measure.", file, request, used, &out->measures, error);
    if (!is_known)
        out->attrs = out->measures = "null::map(varchar, varchar)";
    out->unused = arena_array(arena, file->count, sizeof *out->unused);
    for (size_t i = 0; i < file->count; i++)
        if (!used[i] && connector->column_count > 0)
            out->unused[out->unused_count++] =
                looks_like_data(file->names[i]) ? "(a name that looks like data)" : file->names[i];
    return status;
}

/* ---- What a column is called ------------------------------------------------------------ */

/* The text of the select's own item that gives the column: up to its alias, or the name alone. */
static const char *item_of(struct arena *arena, const char *select, const char *column)
{
    int depth = 0;
    const char *start = select + strcspn(select, " \n");
    for (const char *at = start;; at++) {
        depth += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
        bool ends = *at == '\0' || (depth == 0 && strncmp(at, "\nfrom ", 6) == 0);
        if (!ends && (*at != ',' || depth > 0))
            continue;
        const char *item = text_trimmed(arena, start, (size_t)(at - start));
        size_t length = strlen(item);
        size_t size = strlen(column);
        bool quoted = length > 0 && item[length - 1] == '"';
        size_t behind = size + (quoted ? 2 : 0);
        if (length >= behind && strncmp(item + length - behind + quoted, column, size) == 0 &&
            (length == behind ||
             (length > behind + 4 && strncmp(item + length - behind - 4, " as ", 4) == 0)))
            return arena_text_n(arena, item, length == behind ? length : length - behind - 4);
        if (ends)
            return NULL;
        start = at + 1;
    }
}

static bool is_sign_of_name(char c)
{
    return isalnum((unsigned char)c) != 0 || c == '_';
}

/* Does the name stand in the text, as a word? */
static bool names_word(const char *text, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = text; (at = strstr(at, name)) != NULL; at++)
        if ((at == text || !is_sign_of_name(at[-1])) && !is_sign_of_name(at[length]))
            return true;
    return false;
}

const char *source_column_title(struct arena *arena, const struct connector *connector,
                                const struct connector_block *block,
                                const struct source_columns *columns, const char *column)
{
    struct text names = {.arena = arena};
    const char *item = column != NULL ? item_of(arena, block->select, column) : NULL;
    for (size_t c = 0; item != NULL && c < connector->column_count; c++)
        if (columns->names[c] != NULL && names_word(item, connector->columns[c].name) &&
            strcmp(columns->names[c], column) != 0)
            text_addf(&names, "%s\"%s\"", names.length > 0 ? " or " : "", columns->names[c]);
    return names.length > 0 ? arena_printf(arena, "%s (%s)", column, names.bytes) : column;
}

static const char *titled(struct arena *arena, const struct connector *connector,
                          const struct connector_block *block, const struct source_columns *columns,
                          const char *note)
{
    const char *colon = note != NULL ? strstr(note, ": ") : NULL;
    if (colon == NULL)
        return note;
    const char *column = arena_text_n(arena, note, (size_t)(colon - note));
    return arena_printf(arena, "%s%s",
                        source_column_title(arena, connector, block, columns, column), colon);
}

void source_title_columns(struct arena *arena, const struct connector *connector,
                          const struct connector_block *block, const struct source_columns *columns,
                          struct import_table *table)
{
    for (size_t i = 0; i < table->reject_count; i++)
        table->rejects[i].column =
            source_column_title(arena, connector, block, columns, table->rejects[i].column);
    table->note = titled(arena, connector, block, columns, table->note);
    table->number_note = titled(arena, connector, block, columns, table->number_note);
}

/* ---- The view --------------------------------------------------------------------------- */

char *source_view(struct arena *arena, const struct connector *connector,
                  const struct source_file *file, const struct source_columns *columns,
                  enum source_pass pass)
{
    struct text sql = {.arena = arena};
    text_addf(&sql, "create or replace view source as select %s as source_row",
              source_file_row(file, pass));
    for (size_t i = 0; i < file->count && connector->column_count == 0; i++)
        text_addf(&sql, ", %s as %s", source_file_column(arena, file, i),
                  sql_name(arena, file->names[i]));
    for (size_t c = 0; c < connector->column_count; c++)
        text_addf(&sql, ", %s as %s", columns->expressions[c],
                  sql_name(arena, connector->columns[c].name));
    if (connector->column_count > 0)
        text_addf(&sql, ", %s as attrs, %s as measures", columns->attrs, columns->measures);
    text_addf(&sql, " from %s", source_file_relation(arena, file, pass));
    return sql.bytes;
}
