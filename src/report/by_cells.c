#include "report/by_cells.h"

#include "report/format.h"
#include "report/values.h"

#include <stdio.h>

/* ---- As JSON ---------------------------------------------------------------------------- */

static json_t *effect(double value, struct interval interval)
{
    return json_pack("{s:o, s:[o, o]}", "effect", value_number(value), "interval",
                     value_number(interval.low), value_number(interval.high));
}

static json_t *cell_json(const struct by_cell *cell)
{
    json_t *json = effect(cell->effect, cell->interval);
    json_t *more = json_pack(
        "{s:s, s:b, s:[I, I], s:[I, I], s:o, s:o, s:o, s:b}", "cell", cell->name, "others",
        cell->others, "items", (json_int_t)cell->items[0], (json_int_t)cell->items[1], "workers",
        (json_int_t)cell->workers[0], (json_int_t)cell->workers[1], "shrunken",
        effect(cell->shrunken, cell->shrunken_interval), "own", value_number(cell->own), "p",
        value_number(cell->p), "different", cell->different);
    json = value_joined(json, more);
    return json;
}

json_t *by_cells_json(const struct by_cells *by)
{
    if (by->label == NULL)
        return json_null();
    if (by->why_not != NULL)
        return json_pack("{s:s, s:s}", "by", by->label, "reason", by->why_not);
    json_t *cells = json_array();
    for (size_t i = 0; i < by->count; i++)
        cells = value_listed(cells, cell_json(&by->cells[i]));
    return json_pack(
        "{s:s, s:o, s:o, s:[o, o], s:o, s:o, s:o, s:o, s:I}", "by", by->label, "cells", cells,
        "mean", effect(by->mean, by->mean_interval), "prediction", value_number(by->prediction.low),
        value_number(by->prediction.high), "between", value_number(by->between),
        "between_paule_mandel", value_number(by->between_paule_mandel), "p", value_number(by->p),
        "horizon_days", value_number(by->horizon_days), "_", (json_int_t)by->rest_tells_of);
}

/* ---- What is withheld ------------------------------------------------------------------- */

static bool has_small(const json_t *by, json_int_t least)
{
    size_t index = 0;
    json_t *cell = NULL;
    json_array_foreach(json_object_get(by, "cells"), index, cell)
    {
        const json_t *workers = json_object_get(cell, "workers");
        for (size_t arm = 0; arm < 2; arm++)
            if (json_integer_value(json_array_get(workers, arm)) < least)
                return true;
    }
    return false;
}

bool by_cells_publish(json_t *comparison, struct withhold *withhold)
{
    json_t *by = json_object_get(comparison, "by");
    if (!json_is_object(by) || json_object_get(by, "cells") == NULL)
        return false;
    if (has_small(by, withhold->least)) {
        withhold_by(
            withhold, comparison, "by",
            json_pack("{s:O, s:s}", "by", json_object_get(by, "by"), "reason", withhold->why));
        return true;
    }
    bool counted = json_is_integer(
        json_object_get(json_array_get(json_object_get(comparison, "arms"), 0), "items"));
    json_int_t rest = json_integer_value(json_object_get(by, "_"));
    (void)json_object_del(by, "_");
    size_t index = 0;
    json_t *cell = NULL;
    json_array_foreach(json_object_get(by, "cells"), index, cell)
    {
        if (!counted || (rest > 0 && rest < withhold->least)) {
            withhold_value(withhold, cell, "items");
            withhold_value(withhold, cell, "workers");
        }
    }
    return false;
}

/* ---- As people read it ------------------------------------------------------------------ */

static void add_cell(struct lines *lines, const json_t *row, const json_t *cell)
{
    struct arena *arena = lines->out.arena;
    const json_t *metric = at(row, "metric");
    const char *scale = text_at(row, "comparison.scale");
    lines_add(lines, arena_printf(arena, "    %s", lines_padded(arena, text_at(cell, "cell"), 22)),
              "                          ",
              arena_printf(arena, "%s   shrunken %s   %s",
                           format_estimate(arena, metric, scale, cell),
                           format_estimate(arena, metric, scale, at(cell, "shrunken")),
                           json_is_true(at(cell, "different")) ? "different" : ""));
}

/* Where the times of some group are seen for a shorter while than those of all. */
static void add_horizon(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    double of_cells = number_at(row, "comparison.by.horizon_days");
    double of_all = number_at(row, "comparison.horizon_days");
    if (of_cells < of_all * (1 - 1e-9))
        lines_add(lines, "    ", "    ",
                  arena_printf(arena,
                               "Times count up to %s here, as far as those of every group are "
                               "seen, and not up to %s as above.",
                               format_days(arena, of_cells), format_days(arena, of_all)));
}

void by_cells_lines(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    const json_t *by = at(row, "comparison.by");
    const char *scale = text_at(row, "comparison.scale");
    size_t index = 0;
    json_t *cell = NULL;
    if (!json_is_object(by))
        return;
    if (at(by, "cells") == NULL) {
        lines_add(lines, "  By ", "    ",
                  arena_printf(arena, "%s: nothing to compare: %s", text_at(by, "by"),
                               text_at(by, "reason")));
        return;
    }
    lines_add(lines, "  By ", "    ", arena_printf(arena, "%s:", text_at(by, "by")));
    json_array_foreach(at(by, "cells"), index, cell) add_cell(lines, row, cell);
    add_horizon(lines, row);
    lines_add(lines, "    ", "    ",
              arena_printf(arena,
                           "Shrunken: what the others say of each counts too. Different: from all "
                           "others together, at most 1 of 20 of these wrongly (p of any %.2g). "
                           "One more such group would have %s.",
                           number_at(by, "p"), format_range(arena, scale, at(by, "prediction"))));
}
