/* What of a plan's power may be shown. */

#include "report/power_page.h"

#include <math.h>
#include <stdio.h>

/* Two significant digits. */
static double coarse(double x)
{
    if (x == 0 || !isfinite(x))
        return x;
    double step = pow(10, floor(log10(fabs(x))) - 1);
    return round(x / step) * step;
}

static void round_at(json_t *object, const char *key, bool share)
{
    json_t *value = json_object_get(object, key);
    char digits[40];
    if (!json_is_number(value))
        return;
    double x = json_number_value(value);
    (void)snprintf(digits, sizeof digits, "%.10g", share ? round(x * 100) / 100 : coarse(x));
    (void)json_object_set_new(object, key, json_loads(digits, JSON_DECODE_ANY, NULL));
}

static void take_out(json_t *object, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        (void)json_object_set_new(object, *keys, json_null());
}

static void publish_metric(json_t *row, json_int_t least, const char *why)
{
    static const char *const numbers[] = {
        "power",        "detectable",  "items_needed",     "weeks_needed",
        "units_needed", "correlation", "team_correlation", NULL};
    size_t index = 0;
    json_t *step = NULL;
    json_int_t fewest = json_integer_value(json_object_get(row, "_"));
    (void)json_object_del(row, "_");
    if (fewest < least) {
        /* The scale of an amount in units, too, is told by the metric's value. */
        take_out(row, numbers);
        (void)json_object_set_new(row, "amount", json_null());
        (void)json_object_set_new(row, "steps", json_array());
        if (fewest > 0 || !json_is_string(json_object_get(row, "reason")))
            (void)json_object_set_new(row, "reason", json_string(why));
        return;
    }
    round_at(row, "power", true);
    round_at(row, "correlation", true);
    round_at(row, "team_correlation", true);
    round_at(row, "amount", false);
    round_at(row, "detectable", false);
    round_at(row, "items_needed", false);
    round_at(row, "weeks_needed", false);
    round_at(row, "units_needed", false);
    json_array_foreach(json_object_get(row, "steps"), index, step)
    {
        round_at(step, "effect", false);
        round_at(step, "power", true);
    }
}

void power_publish(json_t *document)
{
    static const char *const counts[] = {"items", "items_a_week", "workers", "teams", "past", NULL};
    json_t *plan = json_object_get(document, "plan");
    json_int_t least =
        json_integer_value(json_object_get(json_object_get(document, "assay"), "min_group"));
    char why[64];
    size_t index = 0;
    json_t *row = NULL;
    (void)snprintf(why, sizeof why, "fewer than %d workers", (int)least);
    if (json_integer_value(json_object_get(plan, "workers")) < least) {
        take_out(plan, counts);
        (void)json_object_set_new(document, "notes", json_array());
    }
    round_at(plan, "items", false);
    round_at(plan, "items_a_week", false);
    round_at(plan, "workers", false);
    round_at(plan, "teams", false);
    json_array_foreach(json_object_get(document, "metrics"), index, row)
        publish_metric(row, least, why);
}
