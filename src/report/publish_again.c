#include "report/publish_again.h"

#include "report/format.h"
#include "report/order.h"
#include "report/publish_near.h"
#include "report/sentence.h"

#include <string.h>

static const char too_near[] = "a small group could be had from it and an earlier report by "
                               "subtraction";

bool published_overlap(const json_t *document, const json_t *earlier)
{
    const json_t *a = at(document, "period");
    const json_t *b = at(earlier, "period");
    if (!json_is_object(a) || !json_is_object(b)) /* all items, whenever */
        return true;
    /* Days are written so that texts compare as days do. */
    return strcmp(text_at(a, "from"), text_at(b, "to")) < 0 &&
           strcmp(text_at(b, "from"), text_at(a, "to")) < 0;
}

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

static bool is_any_near(const json_t *a, const json_t *b, const char *const *keys, json_int_t least)
{
    for (; *keys != NULL; keys++)
        if (is_near(a, b, *keys, least))
            return true;
    return false;
}

static bool arms_near(const json_t *a, const json_t *b, json_int_t least)
{
    static const char *const keys[] = {"items", "workers", NULL};
    const json_t *arms = at(a, "arms");
    const json_t *others = at(b, "arms");
    for (size_t i = 0; i < json_array_size(arms); i++)
        if (is_any_near(json_array_get(arms, i), json_array_get(others, i), keys, least))
            return true;
    return false;
}

/* Of a row, or of one of its further changes. */
static void hold_change(struct withhold *withhold, json_t *document, const json_t *row, json_t *of,
                        const json_t *earlier)
{
    static const char *const keys[] = {"items_before", "items_now", "workers_before", "workers_now",
                                       NULL};
    if (!has_numbers(at(of, "change")) ||
        !is_any_near(at(of, "change"), at(earlier, "change"), keys, withhold->least))
        return;
    publish_note(withhold, document, row, json_object_get(of, "metric"), "change", too_near);
    withhold_by(withhold, of, "change", publish_withheld_change(too_near));
}

/* Nothing but the counts of what was left out, by reason. */
static void hold_excluded(struct withhold *withhold, json_t *comparison, const json_t *earlier)
{
    json_t *excluded = json_object_get(comparison, "excluded");
    const char *reason = NULL;
    json_t *count = NULL;
    bool near = false;
    json_object_foreach(excluded, reason, count)
    {
        near = near || is_near(excluded, at(earlier, "excluded"), reason, withhold->least);
    }
    if (!near)
        return;
    withhold_all(withhold, excluded);
}

/* Its sums are over its own items. */
static void hold_without_ai(struct withhold *withhold, json_t *document, json_t *row,
                            const json_t *earlier)
{
    if (!is_near(at(row, "without_ai"), at(earlier, "without_ai"), "items", withhold->least))
        return;
    publish_note(withhold, document, row, json_object_get(row, "metric"),
                 "what leaving AI out saved", too_near);
    withhold_value(withhold, row, "without_ai");
}

static void hold_counts(struct withhold *withhold, json_t *document, json_t *row,
                        const json_t *earlier)
{
    static const char *const counts[] = {"items", "workers", NULL};
    if (!is_any_near(row, earlier, counts, withhold->least))
        return;
    publish_note(withhold, document, row, json_object_get(row, "metric"),
                 "how many items and people", too_near);
    withhold_values(withhold, row, counts);
}

/* Items of two arms of one plan are apart: nothing of the one is had by subtracting the other. */
static bool are_apart(const json_t *row, const json_t *earlier)
{
    const char *arm = text_at(row, "plan.arm");
    return arm[0] != '\0' &&
           strcmp(text_at(row, "plan.name"), text_at(earlier, "plan.name")) == 0 &&
           strcmp(arm, text_at(earlier, "plan.arm")) != 0;
}

/* A row beside one of the same use case and metric. */
static void hold_row(struct withhold *withhold, json_t *document, json_t *row,
                     const json_t *earlier)
{
    const json_t *comparison = at(row, "comparison");
    hold_change(withhold, document, row, row, earlier);
    if (are_apart(row, earlier)) {
        hold_counts(withhold, document, row, earlier);
        return;
    }
    if (has_numbers(comparison) &&
        arms_near(comparison, at(earlier, "comparison"), withhold->least))
        publish_withhold_comparison(withhold, document, row, too_near);
    hold_excluded(withhold, json_object_get(row, "comparison"), at(earlier, "comparison"));
    hold_without_ai(withhold, document, row, earlier);
    hold_counts(withhold, document, row, earlier);
}

static bool same_metric(const json_t *a, const json_t *b)
{
    return strcmp(text_at(a, "metric.name"), text_at(b, "metric.name")) == 0;
}

/* The changes of further metrics, beside whatever the earlier report has of each. */
static void hold_also(struct withhold *withhold, json_t *document, json_t *row,
                      const json_t *earlier)
{
    size_t index = 0;
    size_t inner = 0;
    json_t *also = NULL;
    json_t *other = NULL;
    json_array_foreach(json_object_get(row, "also"), index, also)
    {
        if (same_metric(also, earlier))
            hold_change(withhold, document, row, also, earlier);
        json_array_foreach(at(earlier, "also"), inner, other)
        {
            if (same_metric(also, other))
                hold_change(withhold, document, row, also, other);
        }
    }
    json_array_foreach(at(earlier, "also"), inner, other)
    {
        if (same_metric(row, other))
            hold_change(withhold, document, row, row, other);
    }
}

bool publish_against(json_t *document, const json_t *earlier)
{
    struct withhold withhold = {.least = json_integer_value(at(document, "assay.min_group"))};
    size_t index = 0;
    size_t inner = 0;
    json_t *row = NULL;
    json_t *other = NULL;
    json_array_foreach(json_object_get(document, "rows"), index, row)
    {
        json_array_foreach(at(earlier, "rows"), inner, other)
        {
            if (strcmp(text_at(row, "use_case"), text_at(other, "use_case")) != 0)
                continue;
            hold_also(&withhold, document, row, other);
            if (same_metric(row, other))
                hold_row(&withhold, document, row, other);
        }
        char *sentence = sentence_of_row(row);
        withhold_by(&withhold, row, "sentence", json_string(sentence));
        sentence_free(sentence);
    }
    return order_rows(document) && !withhold.failed;
}
