/* evidence/sample/reason.h

   Why there is no estimate, as a reader may see it. What libassay says of its rows names clusters
   and values of arms, which tell of people; here each of its sentences becomes one of a closed set
   that names none. */

#ifndef EVIDENCE_REASON_H
#define EVIDENCE_REASON_H

#include "base/arena.h"
#include "base/error.h"

/* The sentence for an ERROR_DOMAIN or ERROR_SINGULAR of an estimate. Static, or of the arena. */
const char *reason_of(const struct error *error, struct arena *arena);

#endif
