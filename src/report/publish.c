#include "report/publish.h"

#include "report/sentence.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static json_int_t whole_at(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static bool exists(const json_t *part)
{
    return json_object_get(part, "reason") == NULL;
}

/* ---- Who is too few --------------------------------------------------------------------- */

static bool small_change(const json_t *change, json_int_t least)
{
    return whole_at(change, "workers_before") < least || whole_at(change, "workers_now") < least;
}

static bool small_comparison(const json_t *comparison, json_int_t least)
{
    size_t index = 0;
    json_t *arm = NULL;
    json_array_foreach(json_object_get(comparison, "arms"), index, arm)
    {
        if (whole_at(arm, "workers") < least)
            return true;
    }
    return false;
}

/* ---- Taking out ------------------------------------------------------------------------- */

static void note(json_t *document, const json_t *row, const char *what, const char *why)
{
    const char *use_case = json_string_value(json_object_get(row, "use_case"));
    const json_t *metric = json_object_get(row, "metric");
    const char *name = json_string_value(json_object_get(metric, "name"));
    (void)json_array_append_new(
        json_object_get(document, "withheld"),
        json_pack("{s:s++++, s:s}", "what", what, " of ", name, ", ", use_case, "why", why));
}

static json_t *withheld_change(const char *why)
{
    return json_pack("{s:n, s:s, s:b}", "word", "reason", why, "withheld", true);
}

static json_t *withheld_comparison(const char *why)
{
    return json_pack("{s:n, s:s, s:b}", "effect", "reason", why, "withheld", true);
}

static json_t *withheld_verdict(void)
{
    return json_pack("{s:s, s:s, s:n, s:n, s:n, s:b, s:n}", "word", "withheld", "reason",
                     "small_group", "leaning", "margin", "margin_from", "target_met", false,
                     "items_needed");
}

static void withhold_comparison(json_t *document, json_t *row, const char *why)
{
    note(document, row, "comparison", why);
    (void)json_object_set_new(row, "comparison", withheld_comparison(why));
    (void)json_object_set_new(row, "verdict", withheld_verdict());
    (void)json_object_set_new(row, "checks", json_array());
}

static void publish_row(json_t *document, json_t *row, json_int_t least, const char *why)
{
    json_t *comparison = json_object_get(row, "comparison");
    json_int_t outside = whole_at(json_object_get(row, "_"), "workers_outside");
    size_t index = 0;
    json_t *also = NULL;
    json_t *lead = json_object_get(row, "change");
    if (exists(lead) && small_change(lead, least)) {
        note(document, row, "change", why);
        (void)json_object_set_new(row, "change", withheld_change(why));
    }
    json_array_foreach(json_object_get(row, "also"), index, also)
    {
        json_t *change = json_object_get(also, "change");
        if (exists(change) && small_change(change, least)) {
            note(document, row, "a further change", why);
            (void)json_object_set_new(also, "change", withheld_change(why));
        }
    }
    if (exists(comparison)) {
        if (small_comparison(comparison, least))
            withhold_comparison(document, row, why);
        else if (outside > 0 && outside < least && exists(json_object_get(row, "change")))
            withhold_comparison(document, row, "a small group could be had from it by subtraction");
    }
    if (whole_at(row, "workers") < least) {
        (void)json_object_set_new(row, "workers", json_null());
        (void)json_object_set_new(row, "items", json_null());
    }
    (void)json_object_del(row, "_");
}

void publish(json_t *document)
{
    json_int_t least = whole_at(json_object_get(document, "assay"), "min_group");
    char why[64];
    (void)snprintf(why, sizeof why, "fewer than %d workers", (int)least);
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(json_object_get(document, "rows"), index, row)
    {
        publish_row(document, row, least, why);
        char *sentence = sentence_of_row(row);
        (void)json_object_set_new(row, "sentence", json_string(sentence));
        sentence_free(sentence);
    }
}
