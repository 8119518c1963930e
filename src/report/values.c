#include "report/values.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

json_t *value_number(double x)
{
    char digits[40];
    if (!isfinite(x))
        return json_null();
    (void)snprintf(digits, sizeof digits, "%.10g", x);
    return json_real(strtod(digits, NULL));
}

json_t *value_interval(struct interval interval)
{
    return json_pack("[o, o]", value_number(interval.low), value_number(interval.high));
}

static json_t *whole_or_none(json_t *json, bool whole)
{
    if (whole)
        return json;
    json_decref(json);
    return NULL;
}

json_t *value_listed(json_t *list, json_t *value)
{
    return whole_or_none(list, json_array_append_new(list, value) == 0);
}

json_t *value_with(json_t *object, const char *key, json_t *value)
{
    return whole_or_none(object, json_object_set_new(object, key, value) == 0);
}

json_t *value_joined(json_t *object, json_t *other)
{
    return whole_or_none(object, json_object_update_new(object, other) == 0);
}
