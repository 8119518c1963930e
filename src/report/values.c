#include "report/values.h"

#include <math.h>
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
