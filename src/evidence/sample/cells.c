#include "evidence/sample/cells.h"

#include "base/embedded.h"
#include "engine/sql_text.h"

#include <stdlib.h>
#include <string.h>

enum { cuts_column, values_column, values_most = 5 };

/* The shortest digits that read back as the same number: two values never share a name. */
static const char *name_of_value(struct arena *arena, double value)
{
    const char *name = NULL;
    for (int digits = 6; digits <= 17; digits++) {
        name = arena_printf(arena, "%.*g", digits, value);
        if (strtod(name, NULL) == value)
            break;
    }
    return name;
}

/* Of at most five values, as points and priorities have, each is one for itself: cut into fifths,
   two of them could be one cell. What is none of them came in another span. */
static void name_values(struct text *cut, struct arena *arena, const char *value,
                        const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_addf(cut, " when (%s) = %s then '%s'", value, sql_number(arena, values[i]),
                  name_of_value(arena, values[i]));
    text_add(cut, " else 'other' end");
}

static void name_fifths(struct text *cut, struct arena *arena, const char *value,
                        const double *cuts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_addf(cut, " when (%s) <= %s then '%zu'", value, sql_number(arena, cuts[i]), i + 1);
    text_addf(cut, " else '%zu' end", count + 1);
}

/* case … end that names the value, where they are few, or the fifth that it lies in. */
static enum status fifths(struct workspace *workspace, const char *use_case,
                          const struct span *span, const char *value, struct arena *arena,
                          const char **out, struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        workspace->engine,
        TEXT_FILLED(arena, embedded_text("evidence/sample/fifths.sql"), {"value", value}),
        cohort_values(arena, use_case, span), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    const struct column *cuts = &frame.columns[cuts_column];
    const struct column *values = &frame.columns[values_column];
    if (!cuts->valid[0]) {
        *out = "'?'";
        return STATUS_OK;
    }
    struct text cut = {.arena = arena};
    text_addf(&cut, "case when (%s) is null then '?'", value);
    if (values->list_sizes[0] <= values_most)
        name_values(&cut, arena, value, values->lists[0], values->list_sizes[0]);
    else
        name_fifths(&cut, arena, value, cuts->lists[0], cuts->list_sizes[0]);
    *out = text_get(&cut);
    return STATUS_OK;
}

static void add_part(struct text *sql, struct text *label, struct cells *cells, const char *part,
                     const char *name)
{
    if (cells->part_count < cell_parts_max) {
        cells->parts[cells->part_count] = part;
        cells->names[cells->part_count++] = name;
    }
    /* A sign that names hardly hold. (To mark it in every value would cost half as much again as
       all else; the worst without it is that two cells are one.) */
    text_addf(sql, "%s%s", sql->length > 0 ? " || chr(31) || " : "", part);
    text_addf(label, "%s%s", label->length > 0 ? " × " : "", name);
}

enum status cells_default(struct workspace *workspace, const char *use_case,
                          const struct span *span, struct arena *arena, struct cells *out,
                          struct error *error)
{
    struct frame frame;
    struct text sql = {.arena = arena};
    struct text label = {.arena = arena};
    *out = (struct cells){0};
    enum status status =
        engine_query(workspace->engine, embedded_text("evidence/sample/cell_columns.sql"),
                     cohort_values(arena, use_case, span), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    if (frame_integer(&frame, 0, 0) > 0)
        add_part(&sql, &label, out, "coalesce(facts.team, '?')", "team");
    else if (frame_integer(&frame, 0, 1) > 0)
        add_part(&sql, &label, out, "coalesce(facts.worker, '?')", "person");
    if (frame_integer(&frame, 0, 2) > 0) {
        const char *cut = NULL;
        status = fifths(workspace, use_case, span, "facts.size", arena, &cut, error);
        if (status != STATUS_OK)
            return status;
        add_part(&sql, &label, out, cut, "size");
    }
    if (sql.length > 0)
        out->sql = text_get(&sql), out->label = text_get(&label);
    return STATUS_OK;
}

enum status cells_of(struct workspace *workspace, const char *use_case, const struct span *span,
                     const struct formula *formulas, const char *const *labels, size_t count,
                     struct arena *arena, struct cells *out, struct error *error)
{
    struct text sql = {.arena = arena};
    struct text label = {.arena = arena};
    *out = (struct cells){0};
    for (size_t i = 0; i < count; i++) {
        const char *part = arena_printf(arena, "coalesce((%s)::varchar, '?')", formulas[i].sql);
        if (formulas[i].type == FORMULA_NUMBER) {
            enum status status =
                fifths(workspace, use_case, span, formulas[i].sql, arena, &part, error);
            if (status != STATUS_OK)
                return status;
        }
        add_part(&sql, &label, out, part, labels[i]);
    }
    if (count > 0)
        out->sql = text_get(&sql), out->label = text_get(&label);
    return STATUS_OK;
}
