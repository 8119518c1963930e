/* report/checks_shown.h: the checks of a row, as the renderers say them. */

#ifndef REPORT_CHECKS_SHOWN_H
#define REPORT_CHECKS_SHOWN_H

#include "report/lines.h"

#include <jansson.h>

/* A line for each fault with what to do, then one that names what passed. */
void checks_add(struct lines *lines, const json_t *row);

/* The faults of a row in one line each, for a list: calls `each` with "few_units: noted (…; do:
   …)". only_failed   those that block the verdict, and no others */
void checks_each_fault(struct arena *arena, const json_t *row, bool only_failed,
                       void (*each)(void *to, const char *line), void *to);

/* "sample_ratio: failed; few_units: noted", "" without a fault; for CSV. */
char *checks_in_short(struct arena *arena, const json_t *row);

#endif
