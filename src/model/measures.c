#include "model/measures.h"

#include <math.h>
#include <string.h>

static const struct measure table[] = {
    {"active_minutes", MEASURE_SUM, 0, INFINITY, "minutes",
     "time in which somebody worked on the item, as a tool saw it"},
    {"labour_minutes", MEASURE_SUM, 0, INFINITY, "minutes",
     "paid working time spent on the item, as booked"},
    {"review_minutes", MEASURE_SUM, 0, INFINITY, "minutes",
     "time that others spent reviewing the item"},
    {"predicted_minutes", MEASURE_FIRST, 0, INFINITY, "minutes",
     "how long the item was expected to take, said before the work"},
    {"predicted_minutes_ai", MEASURE_FIRST, 0, INFINITY, "minutes",
     "how long it was expected to take with AI, said before the work"},
    {"reported_minutes", MEASURE_LAST, 0, INFINITY, "minutes",
     "how long it took, as the worker said afterwards"},
    {"reopened", MEASURE_MAX, 0, 1, "0 or 1", "the item was opened again after it was closed"},
    {"reworked", MEASURE_MAX, 0, 1, "0 or 1", "the result had to be corrected or taken back"},
    {"errors", MEASURE_SUM, 0, INFINITY, "errors", "errors found in the result"},
    {"satisfaction", MEASURE_LAST, 0, 1, "of 1", "what the customer said, as a share of the best"},
    {"quality", MEASURE_MEAN, 0, 1, "of 1", "what human reviewers said, as a share of the best"},
};

const struct measure *measures_standard(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

bool measure_is_name(const char *name)
{
    return name[0] >= 'a' && name[0] <= 'z' && strlen(name) <= 63 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

const struct measure *measure_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}
