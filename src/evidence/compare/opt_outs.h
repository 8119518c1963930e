/* evidence/compare/opt_outs.h

   Items that were drawn for an arm and have no outcome: refused, given up, never judged. They are
   data: shares by arm, whether these differ, and where they do what is left of the effect whoever
   they are (Lee 2009, assay/bounds.h). */

#ifndef EVIDENCE_OPT_OUTS_H
#define EVIDENCE_OPT_OUTS_H

#include "evidence/estimate/estimators.h"
#include "evidence/result.h"

/* Fills out->opt_outs of a drawn comparison; of another nothing is said. */
enum status opt_outs_fill(struct workspace *workspace, const struct sample *sample, double level,
                          struct arena *arena, struct comparison *out, struct error *error);

/* What bounds need of clusters: items of either arm, with an outcome or without. */
struct bounded_clusters {
    const char **names; /* sorted */
    double *assigned[2];
    double *known[2];
    size_t count;
};

/* Bounds of the difference of a mean or proportion. A sample without them has a reason. */
enum status outcome_bounds_fill(struct workspace *workspace, const struct sample *sample,
                                const struct bounded_clusters *clusters, double level,
                                struct arena *arena, struct outcome_bounds *out,
                                struct error *error);

#endif
