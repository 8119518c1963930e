/* model/measures.h: the standard measures, the contract between connectors and metrics. */

#ifndef MODEL_MEASURES_H
#define MODEL_MEASURES_H

#include <stddef.h>

/* What several values of one measure of one item mean together. */
enum repeats { REPEATS_SUM, REPEATS_FIRST, REPEATS_LAST, REPEATS_MAX, REPEATS_MEAN };

struct measure {
    const char *name;
    enum repeats repeats;
    double low; /* range; a value outside is rejected on import */
    double high;
    const char *unit;
    const char *meaning;
};

extern const struct measure measures[];
extern const size_t measure_count;

/* The standard measure of that name, or NULL: any other name is allowed, its last value wins. */
const struct measure *measure_find(const char *name);

#endif
