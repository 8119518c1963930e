#include "evidence/sample/coarse_time.h"

#include <math.h>
#include <stddef.h>

static const double hour = 60;
static const double day = 24 * 60;

/* In minutes. */
static const double steps[] = {
    1.0 / 60,  2.0 / 60,  5.0 / 60,  10.0 / 60, 15.0 / 60,  30.0 / 60,             /* seconds */
    1,         2,         5,         10,        15,         30,                    /* minutes */
    1 * 60,    2 * 60,    3 * 60,    4 * 60,    6 * 60,     8 * 60,     12 * 60,   /* hours */
    1 * 1440,  2 * 1440,  3 * 1440,  5 * 1440,  7 * 1440,   10 * 1440,  14 * 1440, /* days */
    21 * 1440, 30 * 1440, 60 * 1440, 90 * 1440, 180 * 1440, 365 * 1440,
};

double coarse_landmark(double minutes)
{
    double step = 0;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && steps[i] <= minutes; i++)
        step = steps[i];
    return step;
}

double coarse_horizon(double minutes)
{
    if (minutes >= 2 * day)
        return floor(minutes / day) * day;
    if (minutes >= 2 * hour)
        return floor(minutes / hour) * hour;
    return coarse_landmark(minutes);
}
