#include "collect/connector_check.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "collect/connector_place.h"
#include "collect/pipe.h"
#include "engine/sql_text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- What a table takes ----------------------------------------------------------------- */

/* Each table's SQL begins with a select of its input columns, "null::TYPE as NAME", "where false".
 */
const char **connector_table_columns(struct arena *arena, const char *table, size_t *count)
{
    const char *sql = embedded_text(arena_printf(arena, "collect/tables/%s.sql", table));
    const char *end = sql != NULL ? strstr(sql, "where false") : NULL;
    const char *from = sql != NULL ? strstr(sql, "with given as") : NULL;
    const char **names = NULL;
    size_t capacity = 0;
    *count = 0;
    if (from == NULL || end == NULL)
        return NULL;
    for (const char *at = from; (at = strstr(at, " as ")) != NULL && at < end;) {
        at += strlen(" as ");
        size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
        if (length == 0) /* "given as (" itself */
            continue;
        names = arena_grow(arena, names, *count, &capacity, sizeof *names);
        names[(*count)++] = arena_text_n(arena, at, length);
    }
    return names;
}

/* Where the select names a column: the last place at which the name stands in it. */
static struct connector_place place_of_name(const struct connector_block *block, const char *name)
{
    const char *last = NULL;
    for (const char *at = block->select; (at = strstr(at, name)) != NULL; at++)
        last = at;
    return last != NULL ? connector_place_at(block, (size_t)(last - block->select))
                        : (struct connector_place){block->line, block->column};
}

/* Is name one of the count names? The engine tells no case apart. */
static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(names[i], name) == 0)
            return true;
    return false;
}

static enum status refuse_unknown(const char *name, const char *const *known, size_t count,
                                  const struct connector *connector,
                                  const struct connector_block *block, struct error *error)
{
    const char *nearest = text_nearest(name, known, count);
    struct connector_place place = place_of_name(block, name);
    return error_at(error, ERROR_INPUT, connector->path, place.line, place.column,
                    "the select into %s: gives a column \"%s\", which the table does not "
                    "have%s%s%s",
                    block->table, name, nearest != NULL ? "; did you mean " : "",
                    nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
}

/* Each table's SQL rejects a row without what it needs by the words "'NAME: empty'". */
const char **connector_table_needs(struct arena *arena, const char *table, size_t *count)
{
    const char *sql = embedded_text(arena_printf(arena, "collect/tables/%s.sql", table));
    const char **names = NULL;
    size_t capacity = 0;
    *count = 0;
    for (const char *at = sql; at != NULL && (at = strstr(at, ": empty'")) != NULL; at++) {
        const char *start = at;
        while (start > sql && start[-1] != '\'')
            start--;
        names = arena_grow(arena, names, *count, &capacity, sizeof *names);
        names[(*count)++] = arena_text_n(arena, start, (size_t)(at - start));
    }
    return names;
}

enum status connector_check_columns(struct arena *arena, const struct connector *connector,
                                    const struct connector_block *block, const struct frame *given,
                                    struct error *error)
{
    size_t count = 0;
    const char **known = connector_table_columns(arena, block->table, &count);
    const char **names = arena_array(arena, given->rows, sizeof *names);
    for (size_t i = 0; i < given->rows; i++) {
        names[i] = frame_text(given, i, 0);
        if (!is_among(names[i], known, count))
            return refuse_unknown(names[i], known, count, connector, block, error);
    }
    size_t need_count = 0;
    const char **needs = connector_table_needs(arena, block->table, &need_count);
    for (size_t i = 0; i < need_count; i++)
        if (!is_among(needs[i], names, given->rows))
            return error_at(error, ERROR_INPUT, connector->path, block->line, block->column,
                            "the select into %s: gives no column \"%s\", which each of its rows "
                            "needs; name the file's column for it: \"COLUMN\" as %s",
                            block->table, needs[i], needs[i]);
    return STATUS_OK;
}

/* ---- One connector ---------------------------------------------------------------------- */

static bool is_bound(const struct connector *connector)
{
    return connector->column_count > 0;
}

/* The source that it expects, without a row. */
static const char *empty_source(struct arena *arena, const struct connector *connector)
{
    struct text sql = {.arena = arena};
    text_add(&sql, "create view source as select null::bigint as source_row, "
                   "null::map(varchar, varchar) as attrs, null::map(varchar, varchar) as measures");
    for (size_t c = 0; c < connector->column_count; c++)
        text_addf(&sql, ", null::varchar as %s", sql_name(arena, connector->columns[c].name));
    text_add(&sql, " where false");
    return sql.bytes;
}

static enum status check_syntax(struct arena *arena, struct engine *engine,
                                const struct connector *connector,
                                const struct connector_block *block, struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        engine,
        "select json_extract_string(tree, '$.error_message'), "
        "coalesce(try_cast(json_extract_string(tree, '$.position') as bigint), -1) from (select "
        "json_serialize_sql($sql::varchar) as tree) where json_extract_string(tree, "
        "'$.error') = 'true'",
        ENGINE_VALUES(engine_text("sql", block->select)), arena, &frame, error);
    if (status != STATUS_OK || frame.rows == 0)
        return status;
    const char *message = frame_text(&frame, 0, 0);
    struct connector_place place = {block->line, 0};
    if (frame_integer(&frame, 0, 1) >= 0)
        place = connector_place_at(block, (size_t)frame_integer(&frame, 0, 1));
    return error_at(error, ERROR_INPUT, connector->path, place.line, place.column,
                    "the select into %s: %.1200s", block->table,
                    message != NULL ? message : "cannot be read");
}

enum status connector_check(struct arena *arena, const struct connector *connector,
                            struct error *error)
{
    struct engine *engine = NULL;
    enum status status = pipe_open(NULL, NULL, connector, false, arena, &engine, error);
    if (status == STATUS_OK && is_bound(connector))
        status = engine_run(engine, empty_source(arena, connector), error);
    for (size_t i = 0; i < connector->block_count && status == STATUS_OK; i++) {
        const struct connector_block *block = &connector->blocks[i];
        if (!is_bound(connector)) {
            status = check_syntax(arena, engine, connector, block, error);
            continue;
        }
        status = pipe_check(engine, connector, block, arena, error);
        struct frame given;
        if (status == STATUS_OK)
            status = pipe_columns(engine, connector, block, arena, &given, error);
        if (status == STATUS_OK)
            status = connector_check_columns(arena, connector, block, &given, error);
    }
    engine_close(engine);
    return status;
}

/* ---- All of them ------------------------------------------------------------------------ */

struct checking {
    const char *only; /* of this name; NULL: all */
    void (*visit)(void *context, const struct connector_verdict *one);
    void *context;
    size_t seen;
    size_t failed;
};

static bool is_asked(const struct checking *checking, const char *name)
{
    return checking->only == NULL || strcmp(checking->only, name) == 0;
}

static void tell(struct checking *checking, const struct connector *connector, const char *name,
                 enum status status, const struct error *error)
{
    const struct connector_verdict one = {
        .name = name,
        .path = connector->path,
        .fine = status == STATUS_OK,
        .bound = is_bound(connector),
        .error = error,
    };
    checking->seen++;
    checking->failed += !one.fine;
    checking->visit(checking->context, &one);
}

static const char *file_name(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    return arena_text_n(arena, name, strlen(name) - strlen(".sql"));
}

static void check_own(struct arena *arena, struct checking *checking, const char *path)
{
    const char *name = file_name(arena, path);
    struct connector one;
    struct error why = {0};
    if (!is_asked(checking, name))
        return;
    enum status status = connector_read(arena, path, &one, &why);
    if (status == STATUS_OK)
        status = connector_check(arena, &one, &why);
    else
        one = (struct connector){.path = path};
    tell(checking, &one, name, status, &why);
}

enum status connector_check_all(struct arena *arena, const char *folder, const char *only,
                                void (*visit)(void *context, const struct connector_verdict *one),
                                void *context, size_t *failed, struct error *error)
{
    struct checking checking = {.only = only, .visit = visit, .context = context};
    size_t own = 0;
    size_t count = 0;
    size_t broken = 0;
    struct connector *built_in = NULL;
    const char **paths = connector_paths(arena, folder, &own);
    for (size_t i = 0; i < own; i++)
        check_own(arena, &checking, paths[i]);
    enum status status = connector_list(arena, NULL, &built_in, &count, &broken, error);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct error why = {0};
        if (!is_asked(&checking, built_in[i].name))
            continue;
        enum status found = connector_check(arena, &built_in[i], &why);
        tell(&checking, &built_in[i], built_in[i].name, found, &why);
    }
    *failed = checking.failed;
    struct connector missing;
    if (status == STATUS_OK && checking.seen == 0)
        status = connector_find(arena, folder, only, &missing, error);
    return status;
}
