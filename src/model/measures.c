#include "model/measures.h"

#include <string.h>

/* Minutes of one item: more than the two years between 2^20 minutes is an error of units. */
#define MINUTES_MAX 1048576

const struct measure measures[] = {
    {"active_minutes", REPEATS_SUM, 0, MINUTES_MAX, "minutes",
     "time that somebody worked on the item"},
    {"labour_minutes", REPEATS_SUM, 0, MINUTES_MAX, "minutes", "paid time spent on the item"},
    {"review_minutes", REPEATS_SUM, 0, MINUTES_MAX, "minutes", "time of reviewers"},
    {"predicted_minutes", REPEATS_FIRST, 0, MINUTES_MAX, "minutes",
     "what people expected before the work, without AI"},
    {"predicted_minutes_ai", REPEATS_FIRST, 0, MINUTES_MAX, "minutes",
     "what people expected before the work, with AI"},
    {"reported_minutes", REPEATS_LAST, 0, MINUTES_MAX, "minutes",
     "what people said afterwards that it took"},
    {"reopened", REPEATS_MAX, 0, 1, "0 or 1", "closed and opened again"},
    {"reworked", REPEATS_MAX, 0, 1, "0 or 1", "done again, or changed by a fix, after it was done"},
    {"errors", REPEATS_SUM, 0, 1e12, "errors", "errors found in the item"},
    {"satisfaction", REPEATS_LAST, 0, 1, "0 to 1", "what the customer said"},
    {"quality", REPEATS_MEAN, 0, 1, "0 to 1", "what a reviewer said"},
};

const size_t measure_count = sizeof measures / sizeof measures[0];

const struct measure *measure_find(const char *name)
{
    for (size_t i = 0; i < measure_count; i++)
        if (strcmp(measures[i].name, name) == 0)
            return &measures[i];
    return NULL;
}
