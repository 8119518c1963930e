/* Which names a formula may use. */

#include "model/formula_internal.h"

#include "base/text.h"
#include "model/measures.h"

#include <string.h>
#include <strings.h>

static const struct formula_column facts[] = {
    {"item_id", FORMULA_TEXT, FORMULA_CLOSED, false},
    {"session", FORMULA_TEXT, FORMULA_CLOSED, false},
    {"source", FORMULA_TEXT, FORMULA_OPEN, true},
    {"use_case", FORMULA_TEXT, FORMULA_OPEN, true},
    {"worker", FORMULA_TEXT, FORMULA_CELLS, false},
    {"team", FORMULA_TEXT, FORMULA_OPEN, true},
    {"role", FORMULA_TEXT, FORMULA_OPEN, true},
    {"size", FORMULA_NUMBER, FORMULA_OPEN, true},
    {"opened_at", FORMULA_TIME, FORMULA_OPEN, true},
    {"started_at", FORMULA_TIME, FORMULA_OPEN, true},
    {"first_closed_at", FORMULA_TIME, FORMULA_OPEN, true},
    {"closed_at", FORMULA_TIME, FORMULA_OPEN, true},
    {"state", FORMULA_TEXT, FORMULA_OPEN, true},
    {"covered", FORMULA_TRUTH, FORMULA_OPEN, false},
    {"ai_declared", FORMULA_TEXT, FORMULA_OPEN, false},
    {"ai_first_at", FORMULA_TIME, FORMULA_OPEN, false},
    {"calls", FORMULA_NUMBER, FORMULA_OPEN, false},
    {"calls_inferred", FORMULA_NUMBER, FORMULA_OPEN, false},
    {"input_tokens", FORMULA_NUMBER, FORMULA_OPEN, false},
    {"output_tokens", FORMULA_NUMBER, FORMULA_OPEN, false},
    {"usd", FORMULA_NUMBER, FORMULA_OPEN, false},
    {"usd_inferred", FORMULA_NUMBER, FORMULA_OPEN, false},
    {"usd_per_hour", FORMULA_NUMBER, FORMULA_OPEN, false},
    {"calls_priced", FORMULA_NUMBER, FORMULA_OPEN, false},
    {"calls_unpriced", FORMULA_NUMBER, FORMULA_OPEN, false},
    {"tool", FORMULA_TEXT, FORMULA_OPEN, false},
    {"model", FORMULA_TEXT, FORMULA_OPEN, false},
    {"steps", FORMULA_NUMBER, FORMULA_OPEN, false},
    {"ai_steps", FORMULA_NUMBER, FORMULA_OPEN, false},
    {"attrs", FORMULA_TEXT, FORMULA_MAP, true},
    {"worker_attrs", FORMULA_TEXT, FORMULA_MAP, true},
};

const struct formula_column *formula_facts_names(size_t *count)
{
    *count = sizeof facts / sizeof *facts;
    return facts;
}

struct formula_names formula_names_of(struct arena *arena, const char *const *present, size_t count)
{
    size_t standard_count = 0;
    const struct measure *standard = measures_standard(&standard_count);
    struct formula_measure *measures = arena_array(arena, count + standard_count, sizeof *measures);
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        measures[used++] = (struct formula_measure){arena_text(arena, present[i]), true};
    for (size_t i = 0; i < standard_count; i++) {
        bool there = false;
        for (size_t j = 0; j < count && !there; j++)
            there = strcmp(present[j], standard[i].name) == 0;
        if (!there)
            measures[used++] = (struct formula_measure){standard[i].name, false};
    }
    return (struct formula_names){.columns = facts,
                                  .column_count = sizeof facts / sizeof *facts,
                                  .measures = measures,
                                  .measure_count = used};
}

static const struct formula_measure *find_measure(const struct formula_names *names,
                                                  const char *name)
{
    for (size_t i = 0; i < names->measure_count; i++)
        if (strcmp(names->measures[i].name, name) == 0)
            return &names->measures[i];
    return NULL;
}

struct formula_names formula_names_with(struct arena *arena, const struct formula_names *names,
                                        const char *const *list, size_t count)
{
    struct formula_names out = *names;
    if (count == 0)
        return out;
    struct formula_measure *measures =
        arena_array(arena, names->measure_count + count, sizeof *measures);
    for (size_t i = 0; i < names->measure_count; i++)
        measures[i] = names->measures[i];
    out.measures = measures;
    for (size_t i = 0; i < count; i++)
        if (find_measure(&out, list[i]) == NULL)
            measures[out.measure_count++] = (struct formula_measure){list[i], false};
    return out;
}

void formula_note_use(struct formula_reading *reading, const char *name, size_t offset)
{
    for (size_t i = 0; i < reading->used_count; i++)
        if (strcmp(reading->used[i], name) == 0)
            return;
    size_t capacity = reading->used_capacity;
    reading->used = arena_grow(reading->arena, reading->used, reading->used_count,
                               &reading->used_capacity, sizeof *reading->used);
    reading->used_at = arena_grow(reading->arena, reading->used_at, reading->used_count, &capacity,
                                  sizeof *reading->used_at);
    reading->used_at[reading->used_count] = offset;
    reading->used[reading->used_count++] = arena_text(reading->arena, name);
}

static bool usable(const struct formula_names *names, const struct formula_column *column)
{
    if (names->before_use_only && !column->before_use)
        return false;
    return column->access == FORMULA_OPEN || (column->access == FORMULA_CELLS && names->worker);
}

static enum status unknown_name(struct formula_reading *reading, size_t offset, const char *name)
{
    const struct formula_names *names = reading->names;
    const char **known =
        arena_array(reading->arena, names->column_count + names->measure_count, sizeof *known);
    size_t columns = 0;
    for (size_t i = 0; i < names->column_count; i++)
        if (usable(names, &names->columns[i]))
            known[columns++] = names->columns[i].name;
    size_t count = columns;
    for (size_t i = 0; i < names->measure_count && !names->before_use_only; i++)
        known[count++] = names->measures[i].name;
    const char *nearest = text_nearest(name, known, count);
    if (nearest == NULL && names->listed)
        return formula_error(reading, offset,
                             "there is no column or measure \"%.80s\"; write one of %s, or "
                             "attr('NAME') of what an import calls attr.NAME",
                             name, text_joined(reading->arena, known, columns));
    if (nearest == NULL)
        return formula_error(reading, offset,
                             "there is no column or measure \"%.80s\"; where it comes later, the "
                             "metric names it: measures: [%.80s]",
                             name, name);
    bool column = false;
    for (size_t i = 0; i < columns && !column; i++)
        column = known[i] == nearest;
    return formula_error(reading, offset, "there is no %s \"%.80s\"; did you mean %s?",
                         column ? "column" : "measure", name, nearest);
}

/* Names that lead to a person are refused in any spelling, also as a measure's name. */
static enum status check_access(struct formula_reading *reading, size_t offset, const char *name)
{
    const struct formula_names *names = reading->names;
    for (size_t i = 0; i < names->column_count; i++) {
        const struct formula_column *column = &names->columns[i];
        if (strcasecmp(column->name, name) != 0)
            continue;
        if (column->access == FORMULA_CLOSED)
            return formula_error(reading, offset,
                                 "%s is never available: formulas are about groups", column->name);
        if (column->access == FORMULA_CELLS && !names->worker)
            return formula_error(reading, offset,
                                 "worker is not available here: results are about groups; only "
                                 "cells and --like may name it");
        if (column->access == FORMULA_MAP)
            return formula_error(reading, offset, "%s is read one key at a time: write %s('key')",
                                 column->name,
                                 strcmp(column->name, "attrs") == 0 ? "attr" : "person");
        if (names->before_use_only && !column->before_use)
            return formula_error(
                reading, offset,
                "%s depends on the use of AI; what is compared with and without AI "
                "must not be chosen by it",
                column->name);
    }
    return STATUS_OK;
}

static const struct formula_column *find_column(const struct formula_names *names, const char *name)
{
    for (size_t i = 0; i < names->column_count; i++)
        if (strcmp(names->columns[i].name, name) == 0)
            return &names->columns[i];
    return NULL;
}

enum status formula_measure(struct formula_reading *reading, size_t offset, const char *name,
                            struct node **out)
{
    enum status status = check_access(reading, offset, name);
    if (status != STATUS_OK)
        return status;
    const struct formula_measure *measure = find_measure(reading->names, name);
    if (measure == NULL)
        return unknown_name(reading, offset, name);
    if (reading->names->before_use_only)
        return formula_error(reading, offset,
                             "%.80s is a measure; a use case is told by what the item is, not by "
                             "what came of it",
                             name);
    struct node *node = arena_alloc(reading->arena, sizeof *node);
    node->offset = offset;
    node->kind = measure->present ? NODE_MEASURE : NODE_ABSENT;
    node->type = FORMULA_NUMBER;
    node->text = measure->name;
    *out = node;
    return STATUS_OK;
}

enum status formula_name(struct formula_reading *reading, size_t offset, const char *name,
                         struct node **out)
{
    enum status status = check_access(reading, offset, name);
    if (status != STATUS_OK)
        return status;
    const struct formula_column *column = find_column(reading->names, name);
    struct node *node = NULL;
    if (column == NULL) {
        status = formula_measure(reading, offset, name, &node);
    } else {
        node = arena_alloc(reading->arena, sizeof *node);
        node->offset = offset;
        node->kind = NODE_COLUMN;
        node->type = column->type;
        node->text = column->name;
        if (column->access == FORMULA_CELLS)
            reading->names_worker = true;
    }
    if (status != STATUS_OK)
        return status;
    formula_note_use(reading, name, offset);
    *out = node;
    return STATUS_OK;
}
