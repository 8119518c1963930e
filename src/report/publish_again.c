#include "report/publish_again.h"

#include "report/by_cells.h"
#include "report/format.h"
#include "report/order.h"
#include "report/publish_near.h"
#include "report/publish_periods.h"
#include "report/sentence.h"
#include "report/shown_whose.h"

#include <math.h>
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
    struct published_work *work;
    json_t *row;
    enum hold hold; /* of the result in hand */
    char why[why_capacity];
};

static void hold_for(struct holding *h, enum hold hold, const struct shown_row *past)
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

static bool next_past(const struct holding *h, struct past_at *at_row, struct shown_row *out)
{
    const char *use_case = text_at(h->row, "use_case");
    for (; at_row->report < json_array_size(h->earlier); at_row->report++, at_row->row = 0) {
        const json_t *one = json_array_get(h->earlier, at_row->report);
        const json_t *rows = at(one, "document.rows");
        while (at_row->row < json_array_size(rows)) {
            const json_t *row = json_array_get(rows, at_row->row++);
            *out = (struct shown_row){text_at(one, "name"), text_at(one, "sha256"),
                                      at(one, "document"), row};
            if (strcmp(text_at(row, "use_case"), use_case) == 0)
                return true;
        }
    }
    return false;
}

static struct shown_row row_in_hand(const struct holding *h)
{
    return (struct shown_row){NULL, "", h->document, h->row};
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
static bool any_near(const struct holding *h, const struct shown_set *a, size_t count,
                     const struct shown_set *b, size_t others)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < others; j++)
            if (sets_near(h->work->arena, &a[i], &b[j], h->withhold.least))
                return true;
    return false;
}

/* ---- Changes ----------------------------------------------------------------------------- */

/* What two numbers of two changes tell. Of another pair of periods a value is another one also
   where no data changed: it is of cells that both periods have. There two digits, without counts,
   do where they are those of the number that readers have already: what few people's work did to it
   is less than they show. */
static enum hold beside_number(const struct holding *h, const struct shown_set *a,
                               const struct shown_set *b, bool again)
{
    if (sets_near(h->work->arena, a, b, h->withhold.least))
        return !again && sets_same_days(a, b) && publish_same_two_digits(a->value, b->value)
                   ? hold_digits
                   : hold_all;
    if (!sets_changed(a, b))
        return hold_nothing;
    return again ? hold_all : hold_digits;
}

static enum hold beside_change(const struct holding *h, const struct shown_set *a,
                               const struct shown_set *b)
{
    bool again = sets_same_days(&a[0], &b[0]) && sets_same_days(&a[1], &b[1]);
    enum hold hold = hold_nothing;
    for (size_t i = 0; i < sets_of_change; i++)
        for (size_t j = 0; j < sets_of_change; j++) {
            enum hold one = beside_number(h, &a[i], &b[j], again);
            hold = one > hold ? one : hold;
        }
    return hold;
}

/* With the arms of a comparison: both together, or each, where it is a period itself. */
static bool change_near_arms(const struct holding *h, const struct shown_set *change,
                             const struct shown_set *arms, size_t count)
{
    size_t first = count == sets_of_comparison ? count - 1 : 0;
    return any_near(h, change, sets_of_change, arms + first, count - first);
}

/* false: a report shows it just as it is, so that it tells nothing new. */
static bool change_beside_row(struct holding *h, const json_t *of, const struct shown_set *sets,
                              const struct shown_row *past)
{
    struct shown_set others[sets_of_comparison];
    const json_t *other = NULL;
    for (size_t i = 0; (other = whose_changing(past->row, i)) != NULL; i++) {
        if (!same_metric(of, other) || whose_change(h->work, past, other, others) == 0)
            continue;
        if (all_equal(sets, others, sets_of_change))
            return false;
        hold_for(h, beside_change(h, sets, others), past);
    }
    size_t count = same_metric(of, past->row) ? whose_comparison(h->work, past, others) : 0;
    if (count > 0 && change_near_arms(h, sets, others, count))
        hold_for(h, hold_all, past);
    return true;
}

static void hold_in_periods(struct holding *h, const struct periods *periods,
                            const struct shown_set *set)
{
    static const enum hold holds[] = {hold_nothing, hold_digits, hold_all};
    const char *report = NULL;
    enum periods_told told = periods_tell(periods, set, h->withhold.least, &report);
    if (told == PERIODS_TELL_NOTHING)
        return;
    const struct shown_row past = {.name =
                                       arena_printf(h->work->arena, "%s, with others,", report)};
    hold_for(h, holds[told], &past);
}

/* What earlier reports show of all items of some days: the periods of changes, and both arms. */
static struct periods periods_of(struct holding *h, const json_t *of)
{
    struct periods periods = {.arena = h->work->arena};
    struct past_at place = {0};
    struct shown_row past;
    struct shown_set sets[sets_of_comparison];
    const json_t *other = NULL;
    while (next_past(h, &place, &past)) {
        for (size_t i = 0; (other = whose_changing(past.row, i)) != NULL; i++) {
            size_t count = same_metric(of, other) ? whose_change(h->work, &past, other, sets) : 0;
            for (size_t j = 0; j < count; j++)
                periods_add(&periods, &sets[j], past.name);
        }
        if (same_metric(of, past.row) &&
            whose_comparison(h->work, &past, sets) == sets_of_comparison)
            periods_add(&periods, &sets[sets_of_comparison - 1], past.name);
    }
    return periods;
}

/* Its two periods one after the other, since a reader has both. */
static void hold_change_in_periods(struct holding *h, const json_t *of,
                                   const struct shown_set *sets)
{
    struct periods periods = periods_of(h, of);
    if (periods.count == 0)
        return;
    hold_in_periods(h, &periods, &sets[0]);
    periods_add(&periods, &sets[0], periods.list[periods.count - 1].report);
    hold_in_periods(h, &periods, &sets[1]);
}

/* Of the row, or of one of its further metrics. */
static void hold_change(struct holding *h, json_t *of)
{
    struct shown_set sets[sets_of_change];
    struct past_at place = {0};
    struct shown_row past;
    h->hold = hold_nothing;
    const struct shown_row here = row_in_hand(h);
    if (whose_change(h->work, &here, of, sets) == 0)
        return;
    while (next_past(h, &place, &past))
        if (!change_beside_row(h, of, sets, &past))
            return;
    hold_change_in_periods(h, of, sets);
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
static bool arms_tell(const struct holding *h, const struct shown_set *a, size_t count,
                      const struct shown_set *b, size_t others)
{
    for (size_t i = 0; i < count && i < others; i++)
        if (sets_near(h->work->arena, &a[i], &b[i], h->withhold.least) ||
            sets_changed(&a[i], &b[i]))
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

static const json_t *guardrail_like(const json_t *row, const json_t *guardrail)
{
    size_t index = 0;
    json_t *one = NULL;
    json_array_foreach(at(row, "guardrails"), index, one)
    {
        if (same_metric(one, guardrail))
            return one;
    }
    return NULL;
}

/* Two effects of a guardrail that are not the same: where it is not known whose data changed, it
   may be few people's. */
static bool guardrail_tells(const struct holding *h, const json_t *guardrail,
                            const struct shown_row *past)
{
    struct shown_set arms[2];
    struct shown_set others[2];
    const struct shown_row here = row_in_hand(h);
    const json_t *then = guardrail_like(past->row, guardrail);
    double effect = number_at(guardrail, "effect");
    double effect_then = number_at(then, "effect");
    struct shown_set one = shown_counts(h->document, h->row);
    struct shown_set other = shown_counts(past->document, past->row);
    if (!isfinite(effect) || !isfinite(effect_then) || shown_same(effect, effect_then))
        return false;
    if (whose_guardrail(h->work, &here, guardrail, arms) == 0 ||
        whose_guardrail(h->work, past, then, others) == 0)
        return sets_same_days(&one, &other);
    return sets_near(h->work->arena, &arms[0], &others[0], h->withhold.least) ||
           sets_near(h->work->arena, &arms[1], &others[1], h->withhold.least);
}

static bool guardrails_tell(const struct holding *h, const struct shown_row *past)
{
    size_t index = 0;
    json_t *guardrail = NULL;
    json_array_foreach(at(h->row, "guardrails"), index, guardrail)
    {
        if (guardrail_tells(h, guardrail, past))
            return true;
    }
    return false;
}

/* Is it the same arm, of one way to divide the work? */
static bool are_like(const json_t *row, const json_t *earlier, size_t arm)
{
    const json_t *one = json_array_get(at(row, "comparison.arms"), arm);
    const json_t *then = json_array_get(at(earlier, "comparison.arms"), arm);
    return strcmp(text_at(row, "comparison.arms_from"), text_at(earlier, "comparison.arms_from")) ==
               0 &&
           strcmp(text_at(one, "arm"), text_at(then, "arm")) == 0;
}

static bool comparison_beside_row(struct holding *h, const struct shown_set *arms, size_t count,
                                  const struct shown_row *past)
{
    struct shown_set others[sets_of_comparison];
    const json_t *other = NULL;
    size_t of_other = same_metric(h->row, past->row) ? whose_comparison(h->work, past, others) : 0;
    bool apart = are_apart(h->row, past->row);
    bool guarded = of_other > 0 && !apart && guardrails_tell(h, past);
    if (guarded)
        hold_for(h, hold_all, past);
    if (!guarded && of_other > 0 && !apart && all_equal(arms, others, 2))
        return false;
    if (arms_tell(h, arms, apart ? 1 : count, others, of_other))
        hold_for(h, hold_all, past);
    for (size_t i = 0; (other = whose_changing(past->row, i)) != NULL; i++)
        if (same_metric(h->row, other) && whose_change(h->work, past, other, others) > 0 &&
            change_near_arms(h, others, arms, count))
            hold_for(h, hold_all, past);
    return true;
}

/* Both arms among all items of the days, and each among its like. */
static void hold_arms_in_periods(struct holding *h, const struct shown_set *arms, size_t count)
{
    struct periods all = periods_of(h, h->row);
    if (count == sets_of_comparison)
        hold_in_periods(h, &all, &arms[sets_of_comparison - 1]);
    for (size_t arm = 0; arm < 2; arm++) {
        struct periods like = {.arena = h->work->arena};
        struct past_at place = {0};
        struct shown_row past;
        struct shown_set sets[sets_of_comparison];
        while (next_past(h, &place, &past))
            if (same_metric(h->row, past.row) && are_like(h->row, past.row, arm) &&
                whose_comparison(h->work, &past, sets) > 0)
                periods_add(&like, &sets[arm], past.name);
        hold_in_periods(h, &like, &arms[arm]);
    }
    if (h->hold == hold_digits) /* arms tell with their counts, or not at all */
        h->hold = hold_all;
}

static void hold_comparison(struct holding *h)
{
    struct shown_set arms[sets_of_comparison];
    struct past_at place = {0};
    struct shown_row past;
    const struct shown_row here = row_in_hand(h);
    size_t count = whose_comparison(h->work, &here, arms);
    h->hold = hold_nothing;
    if (count == 0)
        return;
    while (next_past(h, &place, &past))
        if (!comparison_beside_row(h, arms, count, &past))
            return;
    hold_arms_in_periods(h, arms, count);
    if (h->hold == hold_all)
        publish_withhold_comparison(&h->withhold, h->document, h->row, h->why);
}

/* ---- Groups ------------------------------------------------------------------------------- */

static bool cell_tells(const struct holding *h, const json_t *cell, const struct shown_row *past,
                       const json_t *other)
{
    size_t changed = 0;
    for (size_t arm = 0; arm < 2; arm++) {
        struct shown_set one = shown_cell(h->document, h->row, cell, arm);
        struct shown_set then = shown_cell(past->document, past->row, other, arm);
        if (sets_near(h->work->arena, &one, &then, h->withhold.least))
            return true;
        changed += sets_changed(&one, &then) ? 1 : 0;
    }
    return changed == 2;
}

/* Groups of one name in two reports. */
static bool groups_tell(const struct holding *h, const json_t *by, const struct shown_row *past,
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
    struct shown_row past;
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
static void hold_excluded(struct holding *h, const struct shown_row *past)
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
static void hold_without_ai(struct holding *h, const struct shown_row *past)
{
    if (!is_near(at(h->row, "without_ai"), at(past->row, "without_ai"), "items", h->withhold.least))
        return;
    hold_for(h, hold_all, past);
    publish_note(&h->withhold, h->document, h->row, json_object_get(h->row, "metric"),
                 "what leaving AI out saved", h->why);
    withhold_value(&h->withhold, h->row, "without_ai");
}

static void hold_counts(struct holding *h, const struct shown_row *past)
{
    static const char *const counts[] = {"items", "workers", NULL};
    const struct shown_row here = row_in_hand(h);
    struct shown_set one = whose_counts(h->work, &here);
    struct shown_set then = whose_counts(h->work, past);
    if (!sets_near(h->work->arena, &one, &then, h->withhold.least))
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
    struct shown_row past;
    for (size_t i = 0; (of = whose_changing(h->row, i)) != NULL; i++)
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
    if (json_array_size(h->earlier) == 0)
        return;
    char *sentence = sentence_of_row(h->row);
    withhold_by(&h->withhold, h->row, "sentence", json_string(sentence));
    sentence_free(sentence);
}

bool publish_against(json_t *document, const json_t *earlier, struct published_work *work)
{
    struct holding holding = {
        .withhold = {.least = json_integer_value(at(document, "assay.min_group"))},
        .document = document,
        .earlier = earlier,
        .work = work,
    };
    size_t index = 0;
    json_t *row = NULL;
    if (holding.withhold.least <= 1)
        return true;
    holding.withhold.why = holding.why;
    json_array_foreach(json_object_get(document, "rows"), index, row)
    {
        holding.row = row;
        hold_row(&holding);
        const struct shown_row here = row_in_hand(&holding);
        whose_keep(work, &here);
    }
    return order_rows(document) && !holding.withhold.failed;
}
