/* evidence/sample/cohort.h: a use case's items of a period, as every query names them. */

#ifndef EVIDENCE_COHORT_H
#define EVIDENCE_COHORT_H

#include "engine/engine.h"

#include <stdbool.h>

/* Moments in UTC between which items were opened (closed, for sources without a start): facts has
   that moment as counted_at. */
struct span {
    bool all; /* no bounds: items without times take part */
    int64_t from;
    int64_t until;
};

/* Values of $use_case, $all, $from and $until. */
struct engine_values cohort_values(struct arena *arena, const char *use_case,
                                   const struct span *span);

#endif
