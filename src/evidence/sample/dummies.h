/* evidence/sample/dummies.h: groups of items as covariates that are 1 or 0. */

#ifndef EVIDENCE_DUMMIES_H
#define EVIDENCE_DUMMIES_H

#include "evidence/sample/sample.h"

/* Adds a covariate for each value but the first, after those that the sample has: 1 where the
   expression over facts is that value, else 0. At most dummy_groups_max times.
   values   each of some item; kept */
void dummies_add(struct arena *arena, struct sample *sample, const char *expression,
                 const char *const *values, size_t count);

#endif
