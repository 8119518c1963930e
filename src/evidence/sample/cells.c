#include "evidence/sample/cells.h"

#include "base/embedded.h"
#include "engine/sql_text.h"

#include <string.h>

/* case … end that numbers the fifth that a value lies in; equal values share one. */
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
    if (!frame.columns[0].valid[0]) {
        *out = "'?'";
        return STATUS_OK;
    }
    struct text cut = {.arena = arena};
    text_addf(&cut, "case when (%s) is null then '?'", value);
    for (size_t i = 0; i < frame.columns[0].list_sizes[0]; i++)
        text_addf(&cut, " when (%s) <= %s then '%zu'", value,
                  sql_number(arena, frame.columns[0].lists[0][i]), i + 1);
    text_add(&cut, " else '5' end");
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
