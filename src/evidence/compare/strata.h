/* evidence/compare/strata.h

   Strata that units were drawn within are dummies of the regression: up to 30 as its columns, more
   absorbed (assay/absorbed.h), so that CR2 is exact. Centring within strata that cross clusters
   would give errors that are too small, and a jackknife of clusters ones that are too large where
   few clusters share a stratum. Of metrics that no regression is made of, the difference is taken
   within strata (assay/ratio.h and its like) on the mix of the second arm. A stratum with one arm
   tells nothing: its items are left out, and counted as unmatched. */

#ifndef EVIDENCE_STRATA_H
#define EVIDENCE_STRATA_H

#include "evidence/compare/comparison.h"

enum { strata_dummies_max = 30 };

/* Makes the sample one within the strata of the request, with dummies as covariates, or with a
   cell, and says so in out. A request without strata changes nothing. why_not   set, to a sentence,
   where that cannot be */
enum status strata_take(struct workspace *workspace, const struct comparison_request *request,
                        struct sample *sample, struct arena *arena, struct strata_used *out,
                        const char **why_not, struct error *error);

#endif
