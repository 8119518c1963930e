#include "assignment/given.h"

#include "assignment/unit_file.h"
#include "base/embedded.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "collect/pseudonyms.h"
#include "engine/sql_text.h"

#include <string.h>
#include <strings.h>

enum { strata_most = 16, list_bytes = 256 * 1024 * 1024 };

/* What was read, before anything is looked up: by place, the unit and a cell per stratum (NULL: the
   file has no such column). */
struct listed {
    const char **units;
    const char *const **cells;
    int columns[strata_most];
    struct given_list given;
};

/* ---- Reading ------------------------------------------------------------------------------ */

/* The column that says a stratum: named as the formula is written, or as its attribute. -1: none.
 */
static int column_of(const struct unit_file *file, const char *formula)
{
    size_t length = strlen(formula);
    for (size_t i = 0; i < file->column_count; i++) {
        const char *name = file->columns[i];
        bool attribute = strncmp(formula, "attr('", 6) == 0 && length > 8 &&
                         strlen(name) == length - 8 &&
                         strncasecmp(formula + 6, name, length - 8) == 0;
        if (i != file->unit_column && (attribute || strcasecmp(name, formula) == 0))
            return (int)i;
    }
    return -1;
}

static enum status read_file(const struct plan *plan, const char *path, struct arena *clear,
                             struct listed *out, struct error *error)
{
    struct unit_file file;
    char *bytes = NULL;
    size_t length = 0;
    enum status status = file_read_any(clear, path, list_bytes, &bytes, &length, error);
    if (status == STATUS_OK)
        status =
            unit_file_parse(clear, path, bytes, length, plan_unit_name(plan->unit), &file, error);
    if (status != STATUS_OK)
        return status;
    out->units = arena_array(clear, file.count, sizeof *out->units);
    out->cells = file.cells;
    out->given = (struct given_list){out->units, file.lines, file.count};
    for (size_t i = 0; i < file.count; i++)
        out->units[i] = file.cells[i][file.unit_column];
    for (size_t i = 0; i < plan->strata.count; i++) {
        int column = column_of(&file, plan->strata.list[i].text);
        /* A team's own name says its team. */
        bool itself = plan->unit == PLAN_TEAM && strcmp(plan->strata.list[i].text, "team") == 0;
        out->columns[i] = column < 0 && itself ? (int)file.unit_column : column;
    }
    return STATUS_OK;
}

static enum status take_words(const struct plan *plan, const struct assign_request *request,
                              struct arena *clear, struct listed *out, struct error *error)
{
    if (request->word_count == 0)
        return error_set(error, ERROR_INPUT,
                         "name the units behind the plan, or give a list of them with --from FILE "
                         "(- is the standard input)");
    if (plan->unit == PLAN_WORKER)
        return error_set(error, ERROR_INPUT,
                         "%s draws people, whose names would stay in the shell's history; write "
                         "them to a file, one per line: --from FILE (- is the standard input)",
                         plan->name);
    out->units = arena_array(clear, request->word_count, sizeof *out->units);
    out->given = (struct given_list){out->units, NULL, request->word_count};
    for (size_t i = 0; i < request->word_count; i++) {
        out->units[i] = text_trimmed(clear, request->words[i], strlen(request->words[i]));
        if (out->units[i][0] == '\0')
            return error_set(error, ERROR_INPUT, "unit %zu has no name", i + 1);
    }
    for (size_t i = 0; i < plan->strata.count; i++)
        out->columns[i] = -1;
    return STATUS_OK;
}

/* As the other tables name units. */
static enum status name_units(struct workspace *workspace, const struct plan *plan,
                              const struct assign_request *request, struct arena *arena,
                              const struct listed *listed, const char ***out, struct error *error)
{
    size_t count = listed->given.count;
    if (plan->unit == PLAN_WORKER) {
        enum status status = pseudonyms_of(workspace, listed->units, count, arena, out, error);
        for (size_t i = 0; i < count && status == STATUS_OK; i++)
            if ((*out)[i] == NULL) /* blanks that only the pseudonym's macro knows for blanks */
                status = error_at(error, ERROR_INPUT, request->path, listed->given.lines[i], 0,
                                  "this line names no unit");
        return status;
    }
    *out = arena_array(arena, count, sizeof **out);
    for (size_t i = 0; i < count; i++) {
        const char *unit = listed->units[i];
        bool sourced = plan->unit != PLAN_ITEM || strchr(unit, ':') != NULL;
        (*out)[i] = sourced ? unit : arena_printf(arena, "%s:%s", request->item_source, unit);
    }
    return STATUS_OK;
}

/* ---- The table ---------------------------------------------------------------------------- */

static enum status fill_listed(struct workspace *workspace, const struct plan *plan,
                               const struct listed *listed, const char *const *units,
                               struct arena *arena, struct error *error)
{
    struct engine_appender *appender = NULL;
    struct text create = {.arena = arena};
    text_add(&create, "drop table if exists listed; drop table if exists given; "
                      "create temp table listed(place bigint, unit varchar");
    for (size_t k = 0; k < plan->strata.count; k++)
        text_addf(&create, ", c%zu varchar", k);
    text_add(&create, ")");
    enum status status = engine_run(workspace->engine, text_get(&create), error);
    if (status == STATUS_OK)
        status = engine_appender_open(workspace->engine, "listed", &appender, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < listed->given.count && status == STATUS_OK; i++) {
        struct engine_value row[strata_most + 2] = {engine_integer("", (int64_t)i),
                                                    engine_text("", units[i])};
        for (size_t k = 0; k < plan->strata.count; k++)
            row[k + 2] = engine_text("", listed->cells == NULL || listed->columns[k] < 0
                                             ? NULL
                                             : listed->cells[i][listed->columns[k]]);
        status = engine_append(appender, row, plan->strata.count + 2, error);
    }
    enum status closed = engine_appender_close(appender, status == STATUS_OK ? error : NULL);
    return status != STATUS_OK ? status : closed;
}

/* A cell of the file in the form that facts' value has as text. */
static const char *cell_sql(struct arena *arena, const struct formula *formula, size_t k)
{
    const char *type = formula->type == FORMULA_NUMBER  ? "double"
                       : formula->type == FORMULA_TRUTH ? "boolean"
                                                        : "varchar";
    return arena_printf(arena,
                        "case when l.c%zu = '' then '' else try_cast(l.c%zu as %s)::varchar "
                        "end as c%zu",
                        k, k, type, k);
}

static const char *given_sql(struct arena *arena, const struct plan *plan)
{
    struct text cells = {.arena = arena};
    struct text values = {.arena = arena};
    struct text stratum = {.arena = arena};
    struct text missing = {.arena = arena};
    const char *unit = plan->unit == PLAN_ITEM     ? "facts.item_id"
                       : plan->unit == PLAN_WORKER ? "facts.worker"
                                                   : "facts.team";
    text_add(&cells, "true as listed");
    text_add(&values, "true as there");
    for (size_t k = 0; k < plan->strata.count; k++) {
        const struct metric_formula *formula = &plan->strata.list[k];
        text_addf(&cells, ", %s", cell_sql(arena, &formula->compiled, k));
        text_addf(&values,
                  ", arg_max(coalesce((%s)::varchar, ''), (coalesce(facts.counted_at, timestamp "
                  "'0001-01-01'), facts.item_id)) as v%zu",
                  formula->compiled.sql, k);
        const char *value = arena_printf(arena, "coalesce(known.v%zu, named.c%zu, '')", k, k);
        /* A value that stands alone is the stratum as it is. */
        text_addf(&stratum, "%s%s", k > 0 ? " || '|' || " : "",
                  plan->strata.count > 1 ? sql_joinable(arena, value) : value);
        text_addf(&missing, "when coalesce(known.v%zu, named.c%zu) is null then %s ", k, k,
                  sql_literal(arena, formula->text));
    }
    bool strata = plan->strata.count > 0;
    return TEXT_FILLED(arena, embedded_text("assignment/given.sql"), {"unit", unit},
                       {"cells", text_get(&cells)}, {"values", text_get(&values)},
                       {"people", plan->unit == PLAN_WORKER ? "true" : "false"},
                       {"stratum", strata ? text_get(&stratum) : "''"},
                       {"missing", strata ? arena_printf(arena, "case %s end", text_get(&missing))
                                          : "null::varchar"});
}

enum status given_units(struct workspace *workspace, const struct plan *plan,
                        const struct assign_request *request, struct arena *arena,
                        struct arena *clear, struct given_list *out, struct error *error)
{
    struct listed listed = {0};
    const char **units = NULL;
    if (plan->strata.count > strata_most)
        return error_set(error, ERROR_INPUT, "units can be drawn within %d formulas of strata",
                         strata_most);
    enum status status = request->path != NULL
                             ? read_file(plan, request->path, clear, &listed, error)
                             : take_words(plan, request, clear, &listed, error);
    if (status == STATUS_OK && listed.given.count > engine_frame_rows)
        status =
            error_set(error, ERROR_INPUT, "at most %d units are drawn at once", engine_frame_rows);
    if (status == STATUS_OK)
        status = name_units(workspace, plan, request, arena, &listed, &units, error);
    if (status == STATUS_OK)
        status = fill_listed(workspace, plan, &listed, units, arena, error);
    if (status == STATUS_OK)
        status = engine_run(workspace->engine, given_sql(arena, plan), error);
    *out = listed.given;
    return status;
}
