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

static json_t *one_json(const struct by_cells *by)
{
    json_t *head = json_pack("{s:s, s:b}", "by", by->label, "planned", by->planned);
    if (by->why_not != NULL)
        return value_joined(head, json_pack("{s:s}", "reason", by->why_not));
    json_t *cells = json_array();
    for (size_t i = 0; i < by->count; i++)
        cells = value_listed(cells, cell_json(&by->cells[i]));
    return value_joined(
        head,
        json_pack("{s:o, s:o, s:[o, o], s:o, s:o, s:o, s:o, s:I}", "cells", cells, "mean",
                  effect(by->mean, by->mean_interval), "prediction",
                  value_number(by->prediction.low), value_number(by->prediction.high), "between",
                  value_number(by->between), "between_paule_mandel",
                  value_number(by->between_paule_mandel), "p", value_number(by->p), "horizon_days",
                  value_number(by->horizon_days), "_", (json_int_t)by->rest_tells_of));
}

json_t *by_cells_json(const struct by_cells *list, size_t count)
{
    json_t *json = json_array();
    for (size_t i = 0; i < count; i++)
        json = value_listed(json, one_json(&list[i]));
    return json;
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

static void take_out(json_t *by, const char *why, struct withhold *withhold)
{
    static const char *const of_cells[] = {
        "cells", "mean", "prediction", "between", "p", "between_paule_mandel", "_", "horizon_days"};
    for (size_t i = 0; i < sizeof of_cells / sizeof *of_cells; i++)
        (void)json_object_del(by, of_cells[i]);
    withhold_by(withhold, by, "reason", json_string(why));
}

const char *by_cells_publish(const json_t *comparison, json_t *by, const char *why,
                             struct withhold *withhold)
{
    if (json_object_get(by, "cells") == NULL)
        return NULL;
    if (has_small(by, withhold->least))
        why = withhold->why;
    if (why != NULL) {
        take_out(by, why, withhold);
        return why;
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
    return NULL;
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
static void add_horizon(struct lines *lines, const json_t *row, const json_t *by)
{
    struct arena *arena = lines->out.arena;
    double of_cells = number_at(by, "horizon_days");
    double of_all = number_at(row, "comparison.horizon_days");
    if (of_cells < of_all * (1 - 1e-9))
        lines_add(lines, "    ", "    ",
                  arena_printf(arena,
                               "Times count up to %s here, as far as those of every group are "
                               "seen, and not up to %s as above.",
                               format_days(arena, of_cells), format_days(arena, of_all)));
}

/* Whether the plan names the formula; a row that is not of a plan was not planned at all. */
static const char *planned_words(const json_t *by)
{
    return json_is_true(at(by, "planned")) ? "named by the plan" : "not planned";
}

static void add_formula(struct lines *lines, const json_t *row, const json_t *by)
{
    struct arena *arena = lines->out.arena;
    const char *scale = text_at(row, "comparison.scale");
    const char *head = arena_printf(arena, "%s (%s)", text_at(by, "by"), planned_words(by));
    size_t index = 0;
    json_t *cell = NULL;
    if (at(by, "cells") == NULL) {
        lines_add(lines, "  By ", "    ",
                  arena_printf(arena, "%s: nothing to compare: %s", head, text_at(by, "reason")));
        return;
    }
    lines_add(lines, "  By ", "    ", arena_printf(arena, "%s:", head));
    json_array_foreach(at(by, "cells"), index, cell) add_cell(lines, row, cell);
    add_horizon(lines, row, by);
    lines_add(lines, "    ", "    ",
              arena_printf(arena,
                           "Shrunken: what the others say of each counts too. Different: from all "
                           "others together, at most 1 of 20 of these wrongly (p of any %.2g). "
                           "One more such group would have %s.",
                           number_at(by, "p"), format_range(arena, scale, at(by, "prediction"))));
}

void by_cells_lines(struct lines *lines, const json_t *row)
{
    size_t index = 0;
    json_t *by = NULL;
    json_array_foreach(at(row, "comparison.by"), index, by) add_formula(lines, row, by);
}

const char *by_cells_text(struct arena *arena, const json_t *row, const json_t *by)
{
    struct text text = {.arena = arena};
    const json_t *metric = at(row, "metric");
    const char *scale = text_at(row, "comparison.scale");
    size_t index = 0;
    json_t *cell = NULL;
    text_addf(&text, "%s (%s): ", text_at(by, "by"), planned_words(by));
    if (at(by, "cells") == NULL)
        text_addf(&text, "nothing to compare: %s", text_at(by, "reason"));
    json_array_foreach(at(by, "cells"), index, cell)
        text_addf(&text, "%s%s %s, shrunken %s%s", index > 0 ? "; " : "", text_at(cell, "cell"),
                  format_estimate(arena, metric, scale, cell),
                  format_estimate(arena, metric, scale, at(cell, "shrunken")),
                  json_is_true(at(cell, "different")) ? ", different" : "");
    return text_get(&text);
}
