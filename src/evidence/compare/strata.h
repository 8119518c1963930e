/* evidence/compare/strata.h

   Strata that units were drawn within. Up to 30 are dummies of the regression, so that CR2 is
   exact; of more, and of metrics that no regression is made of, the difference is taken within
   strata (assay/blocked.h and its like) on the mix of the second arm. Centring within strata that
   cross clusters would give errors that are too small. A stratum with one arm tells nothing: its
   items are left out, and counted as unmatched. */

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
