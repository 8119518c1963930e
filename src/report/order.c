#include "report/order.h"

#include "report/format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct place {
    json_t *row;
    size_t index; /* as it came: equals stay in their order */
    int group;
    double size;
};

bool is_running(const json_t *document, const json_t *row)
{
    const json_t *plan = at(row, "plan");
    if (!json_is_object(plan) || has_numbers(at(row, "comparison")) ||
        json_is_true(at(row, "comparison.withheld")) || json_is_true(at(row, "comparison.failed")))
        return false;
    /* Days are written so that texts compare as days do. */
    return !json_is_true(at(plan, "ended")) ||
           (!json_is_true(at(document, "own_periods")) &&
            strcmp(text_at(plan, "period.to"), text_at(document, "period.to")) > 0);
}

const char *word_without_numbers(const json_t *document, const json_t *row, const json_t *part)
{
    if (json_is_true(at(part, "withheld")))
        return "withheld";
    if (json_is_true(at(part, "failed")))
        return "failed";
    return row != NULL && is_running(document, row) ? "running" : "no_answer";
}

static int group_of(const json_t *document, const json_t *row)
{
    static const char *const words[] = {"better", "trade_off", "worse", "no_material_change",
                                        "unproven"};
    enum { count = sizeof words / sizeof words[0] };
    if (!json_is_object(at(row, "plan")))
        return count + 2;
    if (is_running(document, row))
        return count;
    for (int i = 0; has_numbers(at(row, "comparison")) && i < count; i++)
        if (strcmp(text_at(row, "verdict.word"), words[i]) == 0)
            return i;
    return count + 1;
}

static double size_of(const json_t *row)
{
    bool planned = json_is_object(at(row, "plan")) && has_numbers(at(row, "comparison"));
    double size = planned ? number_at(row, "comparison.effect") / number_at(row, "verdict.margin")
                          : number_at(row, "change.effect") / number_at(row, "change.margin");
    return isnan(size) ? -1 : fabs(size);
}

static int by_place(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

bool order_rows(json_t *document)
{
    json_t *rows = json_object_get(document, "rows");
    size_t count = json_array_size(rows);
    struct arena *arena = arena_create();
    struct place *places = arena_array(arena, count, sizeof *places);
    json_t *ordered = json_array();
    bool whole = true;
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_array_get(rows, i);
        places[i] = (struct place){row, i, group_of(document, row), size_of(row)};
    }
    if (count > 1)
        qsort(places, count, sizeof *places, by_place);
    for (size_t i = 0; i < count; i++)
        whole = json_array_append(ordered, places[i].row) == 0 && whole;
    whole = json_object_set_new(document, "rows", ordered) == 0 && whole;
    arena_destroy(arena);
    return whole;
}
