/* evidence/compare/anytime.h: a comparison whose interval holds at every look (assay/sequence.h).
 */

#ifndef EVIDENCE_ANYTIME_H
#define EVIDENCE_ANYTIME_H

#include "evidence/compare/designs.h"

/* Estimates twice: with a fixed interval, which tells how many of the planned items have come, then
   at the level that holds at every look at that share. Verdict and guardrails follow from it. Too
   early, or of too few clusters, the row has no comparison, and a sentence.
   plan     locked, so that the items it expects were fixed before the first look
   design   that of the plan */
enum status anytime_estimate(struct workspace *workspace, const struct plan *plan,
                             const struct comparison_request *request, design_estimate *design,
                             struct arena *arena, struct row *row, struct error *error);

#endif
