/* What of a plan's power may be shown. */

#include "report/format.h"
#include "report/power_page.h"
#include "report/withhold.h"

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

static void round_at(struct withhold *withhold, json_t *object, const char *key, bool share)
{
    json_t *value = json_object_get(object, key);
    char digits[40];
    if (!json_is_number(value))
        return;
    double x = json_number_value(value);
    (void)snprintf(digits, sizeof digits, "%.10g", share ? round(x * 100) / 100 : coarse(x));
    withhold_by(withhold, object, key, json_loads(digits, JSON_DECODE_ANY, NULL));
}

static void publish_metric(struct withhold *withhold, json_t *row)
{
    static const char *const numbers[] = {
        "power",        "detectable",  "items_needed",     "weeks_needed",
        "units_needed", "correlation", "team_correlation", NULL};
    size_t index = 0;
    json_t *step = NULL;
    json_int_t fewest = json_integer_value(json_object_get(row, "_"));
    (void)json_object_del(row, "_");
    if (fewest < withhold->least) {
        /* The scale of an amount in units, too, is told by the metric's value. */
        withhold_values(withhold, row, numbers);
        withhold_value(withhold, row, "amount");
        withhold_by(withhold, row, "steps", json_array());
        if (fewest > 0 || !json_is_string(json_object_get(row, "reason")))
            withhold_by(withhold, row, "reason", json_string(withhold->why));
        return;
    }
    round_at(withhold, row, "power", true);
    round_at(withhold, row, "correlation", true);
    round_at(withhold, row, "team_correlation", true);
    round_at(withhold, row, "amount", false);
    round_at(withhold, row, "detectable", false);
    round_at(withhold, row, "items_needed", false);
    round_at(withhold, row, "weeks_needed", false);
    round_at(withhold, row, "units_needed", false);
    json_array_foreach(json_object_get(row, "steps"), index, step)
    {
        round_at(withhold, step, "effect", false);
        round_at(withhold, step, "power", true);
    }
}

bool power_publish(json_t *document)
{
    static const char *const counts[] = {"items", "items_a_week", "workers", "teams", "past", NULL};
    json_t *plan = json_object_get(document, "plan");
    char why[64];
    struct withhold withhold = {
        .least = json_integer_value(at(document, "assay.min_group")),
        .why = why,
    };
    size_t index = 0;
    json_t *row = NULL;
    (void)snprintf(why, sizeof why, "fewer than %d workers", (int)withhold.least);
    if (json_integer_value(json_object_get(plan, "workers")) < withhold.least) {
        withhold_values(&withhold, plan, counts);
        withhold_by(&withhold, document, "notes", json_array());
    }
    round_at(&withhold, plan, "items", false);
    round_at(&withhold, plan, "items_a_week", false);
    round_at(&withhold, plan, "workers", false);
    round_at(&withhold, plan, "teams", false);
    json_array_foreach(json_object_get(document, "metrics"), index, row)
        publish_metric(&withhold, row);
    return !withhold.failed;
}
