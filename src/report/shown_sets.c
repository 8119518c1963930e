#include "report/shown_sets.h"

#include "report/format.h"

#include <math.h>
#include <string.h>

static json_int_t count_at(const json_t *object, const char *key)
{
    const json_t *count = json_object_get(object, key);
    return json_is_integer(count) ? json_integer_value(count) : -1;
}

static struct shown_set set_of(const json_t *days, json_int_t items, json_int_t workers,
                               double value)
{
    return (struct shown_set){.from = text_at(days, "from"),
                              .until = text_at(days, "to"),
                              .items = items,
                              .workers = workers,
                              .value = value};
}

/* Of a plan, its own period. */
static const json_t *days_of(const json_t *document, const json_t *row)
{
    if (!json_is_object(at(row, "plan")))
        return at(document, "period");
    return json_is_true(at(row, "plan.timeless")) ? NULL : at(row, "plan.period");
}

size_t shown_change(const json_t *document, const json_t *of, struct shown_set *out)
{
    const json_t *change = at(of, "change");
    if (!has_numbers(change))
        return 0;
    out[0] = set_of(at(document, "period.against"), count_at(change, "items_before"),
                    count_at(change, "workers_before"), number_at(change, "before"));
    out[1] = set_of(at(document, "period"), count_at(change, "items_now"),
                    count_at(change, "workers_now"), number_at(change, "now"));
    return sets_of_change;
}

/* Whoever is in an arm of items is in the other one too, as a rule; who was given an arm is not. */
static json_int_t workers_of_both(const json_t *comparison, const struct shown_set *arms)
{
    if (arms[0].workers < 0 || arms[1].workers < 0)
        return -1;
    if (strcmp(text_at(comparison, "unit"), "item") != 0)
        return arms[0].workers + arms[1].workers;
    return arms[0].workers > arms[1].workers ? arms[0].workers : arms[1].workers;
}

size_t shown_comparison(const json_t *document, const json_t *row, struct shown_set *out)
{
    const json_t *comparison = at(row, "comparison");
    const char *from = text_at(comparison, "arms_from");
    bool periods = strcmp(from, "period") == 0;
    const json_t *days = periods ? NULL : days_of(document, row);
    if (!has_numbers(comparison))
        return 0;
    for (size_t i = 0; i < 2; i++) {
        const json_t *arm = json_array_get(at(comparison, "arms"), i);
        out[i] =
            set_of(days, count_at(arm, "items"), count_at(arm, "workers"), number_at(arm, "value"));
    }
    if (periods)
        return 2;
    bool counted = out[0].items >= 0 && out[1].items >= 0;
    out[2] = set_of(days, counted ? out[0].items + out[1].items : -1,
                    workers_of_both(comparison, out), NAN);
    return sets_of_comparison;
}

struct shown_set shown_counts(const json_t *document, const json_t *row)
{
    return set_of(days_of(document, row), count_at(row, "items"), count_at(row, "workers"), NAN);
}

static json_int_t count_of(const json_t *counts, size_t arm)
{
    const json_t *count = json_array_get(counts, arm);
    return json_is_integer(count) ? json_integer_value(count) : -1;
}

struct shown_set shown_cell(const json_t *document, const json_t *row, const json_t *cell,
                            size_t arm)
{
    return set_of(days_of(document, row), count_of(at(cell, "items"), arm),
                  count_of(at(cell, "workers"), arm), number_at(cell, "effect"));
}

/* ---- Two of them ------------------------------------------------------------------------- */

bool sets_same_days(const struct shown_set *a, const struct shown_set *b)
{
    return strcmp(a->from, b->from) == 0 && strcmp(a->until, b->until) == 0;
}

bool sets_meet(const struct shown_set *a, const struct shown_set *b)
{
    if (*a->from == '\0' || *b->from == '\0')
        return true;
    return strcmp(a->from, b->until) < 0 && strcmp(b->from, a->until) < 0;
}

/* What is not shown in one of them cannot be subtracted. */
static bool few_between(json_int_t a, json_int_t b, json_int_t least)
{
    json_int_t between = a < b ? b - a : a - b;
    return a >= 0 && b >= 0 && between > 0 && between < least;
}

static int64_t told_between(struct arena *arena, const struct shown_set *a,
                            const struct shown_set *b)
{
    const struct contributions between = contributions_less(arena, a->whose, b->whose);
    return contributions_tell_of(arena, &between);
}

bool sets_near(struct arena *arena, const struct shown_set *a, const struct shown_set *b,
               json_int_t least)
{
    if (!sets_meet(a, b))
        return false;
    if (a->whose != NULL && b->whose != NULL) {
        int64_t people = told_between(arena, a, b);
        return people > 0 && people < least;
    }
    return (few_between(a->items, b->items, least) || few_between(a->workers, b->workers, least));
}

bool shown_same(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static bool same_counts(const struct shown_set *a, const struct shown_set *b)
{
    return sets_same_days(a, b) && a->items >= 0 && a->items == b->items &&
           a->workers == b->workers;
}

bool sets_changed(const struct shown_set *a, const struct shown_set *b)
{
    bool seen = a->whose != NULL && b->whose != NULL && !contributions_same(a->whose, b->whose);
    return same_counts(a, b) && isfinite(a->value) && isfinite(b->value) &&
           !shown_same(a->value, b->value) && !seen;
}

bool sets_equal(const struct shown_set *a, const struct shown_set *b)
{
    return same_counts(a, b) && shown_same(a->value, b->value);
}
