/* model/measures.h

   The standard measures: the contract between connectors, which fill them, and metrics, which use
   them. Any other name may be measured too: its last value wins and it has no range. */

#ifndef MODEL_MEASURES_H
#define MODEL_MEASURES_H

#include <stdbool.h>
#include <stddef.h>

/* What several values of one item's measure come to. */
enum measure_repeats {
    MEASURE_SUM,
    MEASURE_FIRST,
    MEASURE_LAST,
    MEASURE_MAX,
    MEASURE_MEAN,
    MEASURE_REPEATS
};

struct measure {
    const char *name;
    enum measure_repeats repeats;
    double low; /* values outside [low, high] are rejected on import */
    double high;
    const char *unit;
    const char *meaning; /* one line, for people */
};

/* The table, in the order in which they lead. */
const struct measure *measures_standard(size_t *count);

/* May a measure be called so? Lower-case letters, digits and _, at most 63. */
bool measure_is_name(const char *name);

/* The measure of that name, or NULL: last wins, no range. */
const struct measure *measure_find(const char *name);

#endif
