#include "report/head.h"

#include "base/text.h"
#include "base/time.h"
#include "report/format.h"

#include <string.h>

static bool read_days(const json_t *period, struct days *out)
{
    return day_parse(text_at(period, "from"), &out->from) &&
           day_parse(text_at(period, "to"), &out->until);
}

static char *days_text(struct arena *arena, const json_t *period)
{
    struct days days;
    return read_days(period, &days) ? days_format(arena, days) : "?";
}

const char *head_question(struct arena *arena, const json_t *document)
{
    if (json_is_true(at(document, "own_periods")))
        return "What did each plan find?";
    bool quarter = strchr(days_text(arena, at(document, "period")), 'Q') != NULL;
    return quarter ? "What got better this quarter?" : "What got better?";
}

char *head_period_flags(struct arena *arena, const json_t *document)
{
    struct days days;
    if (!read_days(at(document, "period"), &days))
        return "";
    return arena_printf(arena, " %s", days_flags(arena, days));
}

/* Has an earlier row the same use case? */
static bool is_another(const json_t *document, size_t index)
{
    const json_t *rows = at(document, "rows");
    const char *use_case = text_at(json_array_get(rows, index), "use_case");
    for (size_t i = 0; i < index; i++)
        if (strcmp(text_at(json_array_get(rows, i), "use_case"), use_case) == 0)
            return true;
    return false;
}

/* Are the items of a row those of the document's period? A plan counts those of its own. */
static bool lies_within(const json_t *document, const json_t *row)
{
    const json_t *days = at(row, "plan.period");
    const json_t *all = at(document, "period");
    /* Days are written so that texts compare as days do. */
    return !json_is_object(days) || !json_is_object(all) ||
           (strcmp(text_at(days, "from"), text_at(all, "from")) >= 0 &&
            strcmp(text_at(days, "to"), text_at(all, "to")) <= 0);
}

/* A plan of several arms has as many rows less one. */
static size_t plans_of(const json_t *rows)
{
    double plans = 0;
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(rows, index, row) plans +=
        json_is_string(at(row, "plan.arm")) ? 1 / (number_at(row, "plan.arms") - 1) : 1;
    return (size_t)(plans + 0.5);
}

/* "app · 5 plans, each over its own period" */
static char *head_of_plans(struct arena *arena, const json_t *document)
{
    size_t plans = plans_of(at(document, "rows"));
    return arena_printf(arena, "%s · %s%s", text_at(document, "assay.workspace"),
                        plans == 0   ? "nothing to compare yet"
                        : plans == 1 ? "1 plan"
                                     : format_count(arena, (json_int_t)plans),
                        plans > 1 ? " plans, each over its own period" : "");
}

char *head_of_document(struct arena *arena, const json_t *document)
{
    if (json_is_true(at(document, "own_periods")))
        return head_of_plans(arena, document);
    struct text head = {.arena = arena};
    json_int_t items = 0;
    bool all_counted = true;
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(at(document, "rows"), index, row)
    {
        if (is_another(document, index)) /* plans of one use case share its items */
            continue;
        items += json_integer_value(at(row, "items"));
        all_counted =
            all_counted && json_is_integer(at(row, "items")) && lies_within(document, row);
    }
    text_add(&head, text_at(document, "assay.workspace"));
    if (json_is_object(at(document, "period")))
        text_addf(&head, " · %s against %s", days_text(arena, at(document, "period")),
                  days_text(arena, at(document, "period.against")));
    else
        text_add(&head, " · all items, whenever");
    if (json_array_size(at(document, "rows")) == 0)
        text_add(&head, " · nothing to report yet");
    else if (all_counted && items > 0)
        text_addf(&head, " · %s item%s", format_count(arena, items), items == 1 ? "" : "s");
    return arena_text(arena, text_get(&head));
}

const char *head_of_own_data(const json_t *document)
{
    if (!json_is_true(at(document, "assay.own_data")))
        return NULL;
    return "Groups of one are shown: all data is declared as the user's own or consented.";
}

const char *head_note(const json_t *document, size_t index)
{
    return json_string_value(json_array_get(at(document, "notes"), index));
}

char *head_of_rules(struct arena *arena, const json_t *document)
{
    return arena_printf(arena, "assay %s · data version %s · groups of at least %lld · registry %s",
                        text_at(document, "assay.version"),
                        format_count(arena, json_integer_value(at(document, "assay.data_version"))),
                        (long long)json_integer_value(at(document, "assay.min_group")),
                        text_at(document, "assay.registry_head"));
}
