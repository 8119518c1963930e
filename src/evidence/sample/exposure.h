/* evidence/sample/exposure.h: was AI used on an item? */

#ifndef EVIDENCE_SAMPLE_EXPOSURE_H
#define EVIDENCE_SAMPLE_EXPOSURE_H

#include "base/arena.h"

/* Truths over facts, as SQL. */
struct exposure {
    const char *covered; /* the sources of calls reach from the item's start to the moment */
    const char *used;    /* a call was made on it by then */
    const char *unused;  /* nothing says that AI was used by then: known only where covered */
};

/* moment   SQL of the time up to which use counts */
struct exposure exposure_until(struct arena *arena, const char *moment);

#endif
