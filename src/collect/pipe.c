#include "collect/pipe.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "collect/connector_place.h"
#include "collect/drawn_units.h"
#include "collect/pseudonyms.h"
#include "collect/scale.h"
#include "engine/sql_text.h"
#include "model/measures.h"

#include <math.h>
#include <string.h>

static const char *option_value(const struct connector *connector, const char *name,
                                const char *otherwise)
{
    for (size_t i = 0; i < connector->option_count; i++)
        if (strcmp(connector->options[i].name, name) == 0 && connector->options[i].value[0] != '\0')
            return connector->options[i].value;
    return otherwise;
}

/* ---- Opening ---------------------------------------------------------------------------- */

/* Which macro reads dates, by the option `dates`. */
static enum status dates_macro(struct arena *arena, const struct connector *connector,
                               const char **out, struct error *error)
{
    static const char *const known[] = {"iso", "dmy", "mdy"};
    const char *wanted = pipe_dates(connector);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i], wanted) == 0) {
            *out = arena_printf(arena, "read_%s", wanted);
            return STATUS_OK;
        }
    return error_at(error, ERROR_INPUT, "--set", 0, 0,
                    "dates: \"%s\" is none of iso (2026-07-31), dmy (31/07/2026), mdy "
                    "(07/31/2026)",
                    wanted);
}

/* Which macro casts numbers, by the option `decimal`. */
static enum status decimal_macro(struct arena *arena, const struct connector *connector,
                                 const char **out, struct error *error)
{
    const char *wanted = pipe_decimal(connector);
    if (strcmp(wanted, "point") != 0 && strcmp(wanted, "comma") != 0)
        return error_at(error, ERROR_INPUT, "--set", 0, 0,
                        "decimal: \"%s\" is none of point (1234.5), comma (1234,5)", wanted);
    *out = arena_printf(arena, "cast_%s", wanted);
    return STATUS_OK;
}

const char *pipe_decimal(const struct connector *connector)
{
    return option_value(connector, "decimal", "point");
}

const char *pipe_dates(const struct connector *connector)
{
    return option_value(connector, "dates", "iso");
}

/* A truth over the lambda's e.key: is it one of the connector's attrs? */
static const char *kept_key(struct arena *arena, const struct connector *connector)
{
    if (connector->any_attrs)
        return "true";
    struct text list = {.arena = arena};
    for (size_t i = 0; i < connector->attr_count; i++)
        text_addf(&list, "%s%s", i > 0 ? ", " : "", sql_literal(arena, connector->attrs[i]));
    return connector->attr_count == 0 ? "false"
                                      : arena_printf(arena, "e.key in (%s)", text_get(&list));
}

/* To read every plan of the workspace is worth it for assignments only. */
static bool fills_assignments(const struct connector *connector)
{
    for (size_t i = 0; i < connector->block_count; i++)
        if (strcmp(connector->blocks[i].table, "assignment") == 0)
            return true;
    return false;
}

enum status pipe_open(const struct workspace *workspace, struct source_file *file,
                      const struct connector *connector, bool shows_progress, struct arena *arena,
                      struct engine **out, struct error *error)
{
    static const struct hash_key no_key;
    struct engine_options options = {
        .readable = file != NULL ? file->readable : NULL,
        .clear_text = true,
        .shows_progress = shows_progress,
    };
    if (workspace != NULL) {
        options.memory = workspace->settings.memory;
        options.threads = workspace->settings.threads;
        options.time_zone = workspace->settings.time_zone;
    }
    struct reading_macros macros = {.kept_key = kept_key(arena, connector)};
    struct engine *engine = NULL;
    enum status status = dates_macro(arena, connector, &macros.dates, error);
    if (status == STATUS_OK)
        status = decimal_macro(arena, connector, &macros.decimal, error);
    if (status == STATUS_OK)
        status = engine_open("duckdb::memory:", &options, &engine, error);
    if (status == STATUS_OK)
        status = pseudonyms_prepare(engine, workspace != NULL ? &workspace->key : &no_key,
                                    options.time_zone, &macros, arena, error);
    if (status == STATUS_OK)
        status = drawn_units_prepare(fills_assignments(connector) ? workspace : NULL, engine, arena,
                                     error);
    if (status == STATUS_OK && file != NULL)
        status = source_file_attach(arena, file, engine, error);
    if (status != STATUS_OK) {
        engine_close(engine);
        return status;
    }
    *out = engine;
    return STATUS_OK;
}

/* ---- The typed select ------------------------------------------------------------------- */

/* A truth over name and number: outside the range of a standard measure? */
static const char *out_of_range(struct arena *arena)
{
    size_t count = 0;
    const struct measure *measures = measures_standard(&count);
    struct text truth = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        text_addf(&truth, "%s(name = '%s' and (number < %s", i > 0 ? " or " : "", measures[i].name,
                  sql_number(arena, measures[i].low));
        if (isfinite(measures[i].high))
            text_addf(&truth, " or number > %s", sql_number(arena, measures[i].high));
        text_add(&truth, "))");
    }
    return truth.bytes;
}

enum status pipe_select(struct arena *arena, const struct connector *connector,
                        const struct connector_block *block, const char **out, struct error *error)
{
    const char *scaled = NULL;
    const char *sql = embedded_text(arena_printf(arena, "collect/tables/%s.sql", block->table));
    if (sql == NULL)
        return error_set(error, ERROR_INTERNAL, "no checks for the table %s", block->table);
    enum status status = scale_sql(arena, connector, &scaled, error);
    if (status == STATUS_OK)
        *out = TEXT_FILLED(arena, sql, {"select", block->select}, {"scaled", scaled},
                           {"out_of_range", out_of_range(arena)});
    return status;
}

struct engine_values pipe_options(struct arena *arena, const struct connector *connector)
{
    size_t count = 0;
    struct engine_value *list = arena_array(arena, connector->option_count + 2, sizeof *list);
    /* These hold where the connector has no such option, too, and where it is left empty. */
    list[count++] = engine_text("source", option_value(connector, "source", connector->name));
    list[count++] =
        engine_text("item_source", option_value(connector, "item_source",
                                                option_value(connector, "source", "items")));
    for (size_t i = 0; i < connector->option_count; i++) {
        const struct connector_option *option = &connector->options[i];
        if (strcmp(option->name, "source") != 0 && strcmp(option->name, "item_source") != 0)
            list[count++] = engine_text(option->name, option->value);
    }
    return (struct engine_values){list, count};
}

/* An error in the connector's own SQL belongs to its file. */
static enum status placed(enum status status, const struct connector *connector,
                          const struct connector_block *block, struct arena *arena,
                          struct error *error)
{
    if (status != ERROR_ENGINE || error == NULL)
        return status;
    char message[sizeof error->message];
    memcpy(message, error->message, sizeof message);
    const char *checked = embedded_text(arena_printf(arena, "collect/tables/%s.sql", block->table));
    struct connector_place place = connector_place_of(arena, block, checked, message);
    /* What follows quotes the checked statement, which the user has not written. */
    char *quotation = strstr(message, "\n\nLINE ");
    if (quotation != NULL)
        *quotation = '\0';
    for (char *at = message; *at != '\0'; at++)
        if (*at == '\n')
            *at = ' ';
    return error_at(error, ERROR_INPUT, connector->path, place.line, place.column,
                    "the select into %s: %.1200s", block->table, message);
}

enum status pipe_rows(struct engine *reading, const struct connector *connector,
                      const struct connector_block *block, struct engine *writer, const char *into,
                      int most, struct arena *arena, int64_t *rows, struct error *error)
{
    const char *select = NULL;
    enum status status = pipe_select(arena, connector, block, &select, error);
    if (status == STATUS_OK)
        status = engine_run(
            writer,
            arena_printf(arena,
                         "create or replace temp table %s as select null::bigint as source_row, "
                         "t.*, null::varchar as reject, null::bigint as dropped from %s t limit 0",
                         into, sql_name(arena, block->table)),
            error);
    if (status != STATUS_OK)
        return status;
    if (most > 0)
        select = arena_printf(arena, "from (%s) limit %d", select, most);
    status =
        engine_pipe(reading, select, pipe_options(arena, connector), writer, into, rows, error);
    return connector->built_in ? status : placed(status, connector, block, arena, error);
}

enum status pipe_check(struct engine *reading, const struct connector *connector,
                       const struct connector_block *block, struct arena *arena,
                       struct error *error)
{
    const char *select = NULL;
    struct frame frame;
    enum status status = pipe_select(arena, connector, block, &select, error);
    if (status != STATUS_OK)
        return status;
    /* No column of it is a frame's: they are bound all the same. */
    status = engine_query(reading, arena_printf(arena, "select 1 from (%s) limit 0", select),
                          pipe_options(arena, connector), arena, &frame, error);
    return placed(status, connector, block, arena, error);
}

enum status pipe_columns(struct engine *reading, const struct connector *connector,
                         const struct connector_block *block, struct arena *arena,
                         struct frame *out, struct error *error)
{
    *out = (struct frame){0};
    enum status status =
        engine_query(reading,
                     arena_printf(arena, "select column_name from (describe select * from (%s\n))",
                                  block->select),
                     pipe_options(arena, connector), arena, out, error);
    return placed(status, connector, block, arena, error);
}

bool pipe_counts_records(const struct connector *connector)
{
    return connector->built_in && strcmp(connector->blocks[0].table, "measure") != 0;
}
