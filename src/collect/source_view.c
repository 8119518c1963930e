#include "collect/source_view.h"

#include "base/error.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static char *quoted(struct arena *arena, const char *text, char mark)
{
    struct text out = {.arena = arena};
    text_add_n(&out, &mark, 1);
    for (; *text != '\0'; text++) {
        if (*text == mark)
            text_add_n(&out, &mark, 1);
        text_add_n(&out, text, 1);
    }
    text_add_n(&out, &mark, 1);
    return out.bytes;
}

char *sql_literal(struct arena *arena, const char *text)
{
    return quoted(arena, text, '\'');
}

char *sql_name(struct arena *arena, const char *text)
{
    return quoted(arena, text, '"');
}

/* ---- Matching --------------------------------------------------------------------------- */

static const char *header_name(const struct csv_header *header, const char *name)
{
    for (size_t i = 0; i < header->count; i++)
        if (strcasecmp(header->names[i], name) == 0)
            return header->names[i];
    return NULL;
}

static enum status no_such_column(struct arena *arena, const char *path, const char *flag,
                                  const char *wanted, const struct csv_header *header,
                                  struct error *error)
{
    const char *nearest = text_nearest(wanted, header->names, header->count);
    struct text all = {.arena = arena};
    for (size_t i = 0; i < header->count && all.length < 400; i++) {
        text_add(&all, i > 0 ? ", " : "");
        text_add(&all, header->names[i]);
    }
    if (nearest != NULL)
        return error_at(error, ERROR_INPUT, path, 1, 0,
                        "%sthe file has no column \"%s\"; did you mean \"%s\"? It has: %s", flag,
                        wanted, nearest, text_get(&all));
    return error_at(error, ERROR_INPUT, path, 1, 0, "%sthe file has no column \"%s\"; it has: %s",
                    flag, wanted, text_get(&all));
}

/* Marks a file column as used and gives its SQL. */
static const char *use_column(struct arena *arena, const struct csv_header *header, bool *used,
                              const char *name)
{
    for (size_t i = 0; i < header->count; i++)
        if (header->names[i] == name)
            used[i] = true;
    return sql_name(arena, name);
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
                              const struct csv_header *header, const struct import_request *request,
                              bool *used, const char **out, struct error *error)
{
    struct text map = {.arena = arena};
    for (size_t i = 0; i < request->map_count; i++) {
        const struct import_map *one = &request->maps[i];
        if (!is_key_of(one->target, prefix))
            continue;
        const char *column = header_name(header, one->column);
        if (column == NULL)
            return no_such_column(arena, request->path, "--map: ", one->column, header, error);
        text_addf(&map, "%s%s: %s", map.length > 0 ? ", " : "",
                  sql_literal(arena, one->target + strlen(prefix)),
                  use_column(arena, header, used, column));
    }
    for (size_t i = 0; i < header->count; i++)
        if (is_key_of(header->names[i], prefix) && mapped_to(request, header->names[i]) == NULL)
            text_addf(&map, "%s%s: %s", map.length > 0 ? ", " : "",
                      sql_literal(arena, header->names[i] + strlen(prefix)),
                      use_column(arena, header, used, header->names[i]));
    *out = map.length == 0 ? "null::map(varchar, varchar)"
                           : arena_printf(arena, "map {%s}", map.bytes);
    return STATUS_OK;
}

enum status source_match(struct arena *arena, const struct connector *connector,
                         const struct csv_header *header, const struct import_request *request,
                         struct source_columns *out, struct error *error)
{
    bool *used = arena_array(arena, header->count, sizeof *used);
    *out = (struct source_columns){.expressions =
                                       arena_array(arena, connector->column_count, sizeof(char *))};
    enum status status = check_targets(arena, connector, request, error);
    for (size_t c = 0; c < connector->column_count && status == STATUS_OK; c++) {
        const char *target = connector->columns[c].name;
        const char *mapped = mapped_to(request, target);
        const char *column = header_name(header, mapped != NULL ? mapped : target);
        out->expressions[c] = "null::varchar";
        if (column != NULL)
            out->expressions[c] = use_column(arena, header, used, column);
        else if (mapped != NULL)
            status = no_such_column(arena, request->path, "--map: ", mapped, header, error);
        else if (connector->columns[c].required) {
            status = no_such_column(arena, request->path, "", target, header, error);
            if (error != NULL) {
                size_t length = strlen(error->message);
                (void)snprintf(error->message + length, sizeof error->message - length,
                               ". Name it: --map %s=\"COLUMN\"", target);
            }
        }
    }
    if (status == STATUS_OK)
        status = match_keys(arena, "attr.", header, request, used, &out->attrs, error);
    if (status == STATUS_OK)
        status = match_keys(arena, "measure.", header, request, used, &out->measures, error);
    out->unused = arena_array(arena, header->count, sizeof *out->unused);
    for (size_t i = 0; i < header->count; i++)
        if (!used[i] && connector->column_count > 0)
            out->unused[out->unused_count++] = header->names[i];
    return status;
}

/* ---- The view --------------------------------------------------------------------------- */

char *source_view(struct arena *arena, const struct connector *connector,
                  const struct csv_header *header, const struct source_columns *columns,
                  const char *path, bool with_rows)
{
    struct text sql = {.arena = arena};
    text_add(&sql, "create or replace view source as select ");
    /* The header is line 1, so that the first record is line 2. */
    text_add(&sql,
             with_rows ? "row_number() over () + 1 as source_row" : "null::bigint as source_row");
    if (connector->column_count == 0)
        text_add(&sql, ", *");
    for (size_t c = 0; c < connector->column_count; c++)
        text_addf(&sql, ", %s as %s", columns->expressions[c],
                  sql_name(arena, connector->columns[c].name));
    if (connector->column_count > 0)
        text_addf(&sql, ", %s as attrs, %s as measures", columns->attrs, columns->measures);
    text_addf(&sql,
              " from read_csv(%s, auto_detect = false, header = true, delim = %s, quote = '\"', "
              "escape = '\"', store_rejects = true, columns = {",
              sql_literal(arena, path),
              sql_literal(arena, (const char[]){header->delimiter, '\0'}));
    for (size_t i = 0; i < header->count; i++)
        text_addf(&sql, "%s%s: 'VARCHAR'", i > 0 ? ", " : "", sql_literal(arena, header->names[i]));
    text_add(&sql, "})");
    return sql.bytes;
}
