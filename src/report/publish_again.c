#include "report/publish_again.h"

#include "report/by_cells.h"
#include "report/format.h"
#include "report/order.h"
#include "report/publish_near.h"
#include "report/sentence.h"
#include "report/shown_sets.h"

#include <stdio.h>
#include <string.h>

/* What is withheld of a result, later more. */
enum hold {
    hold_nothing,
    hold_digits, /* its counts, and all digits but two */
    hold_all
};

enum { why_capacity = 160 };

struct holding {
    struct withhold withhold;
    json_t *document;
    const json_t *earlier; /* the list */
    json_t *row;
    enum hold hold; /* of the result in hand */
    char why[why_capacity];
};

/* A row of an earlier report, with that report. */
struct past {
    const char *name;
    const json_t *document;
    const json_t *row;
};

static void hold_for(struct holding *h, enum hold hold, const struct past *past)
{
    if (hold <= h->hold)
        return;
    h->hold = hold;
    (void)snprintf(h->why, sizeof h->why,
                   "a small group could be had from it and the report %s by subtraction",
                   past->name);
}

/* The earlier rows of the row's use case, one after another: *at starts as {0}. */
struct past_at {
    size_t report;
    size_t row;
};

static bool next_past(const struct holding *h, struct past_at *at_row, struct past *out)
{
    const char *use_case = text_at(h->row, "use_case");
    for (; at_row->report < json_array_size(h->earlier); at_row->report++, at_row->row = 0) {
        const json_t *one = json_array_get(h->earlier, at_row->report);
        const json_t *rows = at(one, "document.rows");
        while (at_row->row < json_array_size(rows)) {
            const json_t *row = json_array_get(rows, at_row->row++);
            *out = (struct past){text_at(one, "name"), at(one, "document"), row};
            if (strcmp(text_at(row, "use_case"), use_case) == 0)
                return true;
        }
    }
    return false;
}

/* What of a row has a change: itself, then its further metrics; NULL: no more. */
static json_t *changing(const json_t *row, size_t index)
{
    return index == 0 ? (json_t *)row : json_array_get(at(row, "also"), index - 1);
}

static bool same_metric(const json_t *a, const json_t *b)
{
    return strcmp(text_at(a, "metric.name"), text_at(b, "metric.name")) == 0;
}

static bool all_equal(const struct shown_set *a, const struct shown_set *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!sets_equal(&a[i], &b[i]))
            return false;
    return true;
}

/* Is any of the ones near to any of the others? */
static bool any_near(const struct shown_set *a, size_t count, const struct shown_set *b,
                     size_t others, json_int_t least)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < others; j++)
            if (sets_near(&a[i], &b[j], least))
                return true;
    return false;
}

/* ---- Changes ----------------------------------------------------------------------------- */

/* Of another pair of periods a value is another one also where no data changed: it is of cells that
   both periods have. */
static enum hold beside_change(const struct shown_set *a, const struct shown_set *b,
                               json_int_t least)
{
    bool again = sets_same_days(&a[0], &b[0]) && sets_same_days(&a[1], &b[1]);
    enum hold hold = hold_nothing;
    if (any_near(a, sets_of_change, b, sets_of_change, least))
        return hold_all;
    for (size_t i = 0; i < sets_of_change; i++)
        for (size_t j = 0; j < sets_of_change; j++)
            if (sets_changed(&a[i], &b[j]))
                hold = again ? hold_all : hold > hold_digits ? hold : hold_digits;
    return hold;
}

/* With the arms of a comparison: both together, or each, where it is a period itself. */
static bool change_near_arms(const struct shown_set *change, const struct shown_set *arms,
                             size_t count, json_int_t least)
{
    size_t first = count == sets_of_comparison ? count - 1 : 0;
    return any_near(change, sets_of_change, arms + first, count - first, least);
}

/* false: a report shows it just as it is, so that it tells nothing new. */
static bool change_beside_row(struct holding *h, const json_t *of, const struct shown_set *sets,
                              const struct past *past)
{
    struct shown_set others[sets_of_comparison];
    const json_t *other = NULL;
    for (size_t i = 0; (other = changing(past->row, i)) != NULL; i++) {
        if (!same_metric(of, other) || shown_change(past->document, other, others) == 0)
            continue;
        if (all_equal(sets, others, sets_of_change))
            return false;
        hold_for(h, beside_change(sets, others, h->withhold.least), past);
    }
    size_t count =
        same_metric(of, past->row) ? shown_comparison(past->document, past->row, others) : 0;
    if (count > 0 && change_near_arms(sets, others, count, h->withhold.least))
        hold_for(h, hold_all, past);
    return true;
}

/* Of the row, or of one of its further metrics. */
static void hold_change(struct holding *h, json_t *of)
{
    struct shown_set sets[sets_of_change];
    struct past_at place = {0};
    struct past past;
    h->hold = hold_nothing;
    if (shown_change(h->document, of, sets) == 0)
        return;
    while (next_past(h, &place, &past))
        if (!change_beside_row(h, of, sets, &past))
            return;
    const json_t *metric = json_object_get(of, "metric");
    if (h->hold == hold_all) {
        publish_note(&h->withhold, h->document, h->row, metric, "change", h->why);
        withhold_by(&h->withhold, of, "change", publish_withheld_change(h->why));
    } else if (h->hold == hold_digits) {
        publish_note(&h->withhold, h->document, h->row, metric,
                     "counts and all digits but two of the change", h->why);
        publish_change_in_two_digits(&h->withhold, json_object_get(of, "change"));
    }
}

/* ---- Comparisons ------------------------------------------------------------------------- */

/* Arm beside arm, and both together. */
static bool arms_tell(const struct shown_set *a, size_t count, const struct shown_set *b,
                      size_t others, json_int_t least)
{
    for (size_t i = 0; i < count && i < others; i++)
        if (sets_near(&a[i], &b[i], least) || sets_changed(&a[i], &b[i]))
            return true;
    return false;
}

/* Items of two arms of one plan are apart: nothing of the one is had by subtracting the other. They
   have the baseline in common. */
static bool are_apart(const json_t *row, const json_t *earlier)
{
    const char *arm = text_at(row, "plan.arm");
    return arm[0] != '\0' &&
           strcmp(text_at(row, "plan.name"), text_at(earlier, "plan.name")) == 0 &&
           strcmp(arm, text_at(earlier, "plan.arm")) != 0;
}

static bool comparison_beside_row(struct holding *h, const struct shown_set *arms, size_t count,
                                  const struct past *past)
{
    struct shown_set others[sets_of_comparison];
    const json_t *other = NULL;
    size_t of_other =
        same_metric(h->row, past->row) ? shown_comparison(past->document, past->row, others) : 0;
    bool apart = are_apart(h->row, past->row);
    if (of_other > 0 && !apart && all_equal(arms, others, 2))
        return false;
    if (arms_tell(arms, apart ? 1 : count, others, of_other, h->withhold.least))
        hold_for(h, hold_all, past);
    for (size_t i = 0; (other = changing(past->row, i)) != NULL; i++)
        if (same_metric(h->row, other) && shown_change(past->document, other, others) > 0 &&
            change_near_arms(others, arms, count, h->withhold.least))
            hold_for(h, hold_all, past);
    return true;
}

static void hold_comparison(struct holding *h)
{
    struct shown_set arms[sets_of_comparison];
    struct past_at place = {0};
    struct past past;
    size_t count = shown_comparison(h->document, h->row, arms);
    h->hold = hold_nothing;
    if (count == 0)
        return;
    while (next_past(h, &place, &past))
        if (!comparison_beside_row(h, arms, count, &past))
            return;
    if (h->hold == hold_all)
        publish_withhold_comparison(&h->withhold, h->document, h->row, h->why);
}

/* ---- Groups ------------------------------------------------------------------------------- */

static bool cell_tells(const struct holding *h, const json_t *cell, const struct past *past,
                       const json_t *other)
{
    size_t changed = 0;
    for (size_t arm = 0; arm < 2; arm++) {
        struct shown_set one = shown_cell(h->document, h->row, cell, arm);
        struct shown_set then = shown_cell(past->document, past->row, other, arm);
        if (sets_near(&one, &then, h->withhold.least))
            return true;
        changed += sets_changed(&one, &then) ? 1 : 0;
    }
    return changed == 2;
}

/* Groups of one name in two reports. */
static bool groups_tell(const struct holding *h, const json_t *by, const struct past *past,
                        const json_t *then)
{
    size_t index = 0;
    size_t inner = 0;
    json_t *cell = NULL;
    json_t *other = NULL;
    if (strcmp(text_at(by, "by"), text_at(then, "by")) != 0)
        return false;
    json_array_foreach(at(by, "cells"), index, cell)
    {
        json_array_foreach(at(then, "cells"), inner, other)
        {
            if (strcmp(text_at(cell, "cell"), text_at(other, "cell")) == 0 &&
                cell_tells(h, cell, past, other))
                return true;
        }
    }
    return false;
}

static void hold_groups(struct holding *h, json_t *by)
{
    const json_t *metric = json_object_get(h->row, "metric");
    struct past_at place = {0};
    struct past past;
    h->hold = hold_nothing;
    while (next_past(h, &place, &past)) {
        size_t index = 0;
        json_t *then = NULL;
        if (!same_metric(h->row, past.row))
            continue;
        json_array_foreach(at(past.row, "comparison.by"), index, then)
        {
            if (groups_tell(h, by, &past, then))
                hold_for(h, hold_all, &past);
        }
    }
    if (h->hold == hold_all &&
        by_cells_publish(at(h->row, "comparison"), by, h->why, &h->withhold) != NULL)
        publish_note(&h->withhold, h->document, h->row, metric, "groups", h->why);
}

/* ---- Counts alone ------------------------------------------------------------------------- */

/* Some, but few; what is not shown in one of them cannot be subtracted. */
static bool is_near(const json_t *a, const json_t *b, const char *key, json_int_t least)
{
    const json_t *x = json_object_get(a, key);
    const json_t *y = json_object_get(b, key);
    if (!json_is_integer(x) || !json_is_integer(y))
        return false;
    json_int_t between = json_integer_value(x) - json_integer_value(y);
    between = between < 0 ? -between : between;
    return between > 0 && between < least;
}

/* Nothing but the counts of what was left out, by reason. */
static void hold_excluded(struct holding *h, const struct past *past)
{
    json_t *excluded = json_object_get(json_object_get(h->row, "comparison"), "excluded");
    const char *reason = NULL;
    json_t *count = NULL;
    bool near = false;
    json_object_foreach(excluded, reason, count)
    {
        near = near ||
               is_near(excluded, at(past->row, "comparison.excluded"), reason, h->withhold.least);
    }
    if (near)
        withhold_all(&h->withhold, excluded);
}

/* Its sums are over its own items. */
static void hold_without_ai(struct holding *h, const struct past *past)
{
    if (!is_near(at(h->row, "without_ai"), at(past->row, "without_ai"), "items", h->withhold.least))
        return;
    hold_for(h, hold_all, past);
    publish_note(&h->withhold, h->document, h->row, json_object_get(h->row, "metric"),
                 "what leaving AI out saved", h->why);
    withhold_value(&h->withhold, h->row, "without_ai");
}

static void hold_counts(struct holding *h, const struct past *past)
{
    static const char *const counts[] = {"items", "workers", NULL};
    struct shown_set one = shown_counts(h->document, h->row);
    struct shown_set then = shown_counts(past->document, past->row);
    if (!sets_near(&one, &then, h->withhold.least))
        return;
    hold_for(h, hold_all, past);
    publish_note(&h->withhold, h->document, h->row, json_object_get(h->row, "metric"),
                 "how many items and people", h->why);
    withhold_values(&h->withhold, h->row, counts);
}

/* ---- The whole ---------------------------------------------------------------------------- */

static void hold_row(struct holding *h)
{
    json_t *of = NULL;
    json_t *by = NULL;
    size_t index = 0;
    struct past_at place = {0};
    struct past past;
    for (size_t i = 0; (of = changing(h->row, i)) != NULL; i++)
        hold_change(h, of);
    hold_comparison(h);
    json_array_foreach(at(h->row, "comparison.by"), index, by) hold_groups(h, by);
    while (next_past(h, &place, &past)) {
        struct shown_set one = shown_counts(h->document, h->row);
        struct shown_set then = shown_counts(past.document, past.row);
        h->hold = hold_nothing;
        if (!same_metric(h->row, past.row) || !sets_meet(&one, &then))
            continue;
        hold_excluded(h, &past);
        hold_without_ai(h, &past);
        h->hold = hold_nothing;
        hold_counts(h, &past);
    }
    char *sentence = sentence_of_row(h->row);
    withhold_by(&h->withhold, h->row, "sentence", json_string(sentence));
    sentence_free(sentence);
}

bool publish_against(json_t *document, const json_t *earlier)
{
    struct holding holding = {
        .withhold = {.least = json_integer_value(at(document, "assay.min_group"))},
        .document = document,
        .earlier = earlier,
    };
    size_t index = 0;
    json_t *row = NULL;
    if (json_array_size(earlier) == 0 || holding.withhold.least <= 1)
        return true;
    holding.withhold.why = holding.why;
    json_array_foreach(json_object_get(document, "rows"), index, row)
    {
        holding.row = row;
        hold_row(&holding);
    }
    return order_rows(document) && !holding.withhold.failed;
}
