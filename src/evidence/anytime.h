/* evidence/anytime.h: a comparison whose interval holds at every look (assay/sequence.h). */

#ifndef EVIDENCE_ANYTIME_H
#define EVIDENCE_ANYTIME_H

#include "evidence/comparison.h"

/* How a comparison is estimated: as comparison_estimate. */
typedef enum status comparison_way(struct workspace *workspace,
                                   const struct comparison_request *request, struct arena *arena,
                                   struct row *row, struct error *error);

/* Estimates twice: with a fixed interval, which tells how many of the planned items have come, then
   at the level that holds at every look at that share. Verdict and guardrails follow from it. Too
   early, or of too few clusters, the row has no comparison, and a sentence.
   planned_items   of both arms at the end, fixed before the first look */
enum status anytime_estimate(struct workspace *workspace, const struct comparison_request *request,
                             comparison_way *way, int64_t planned_items, struct arena *arena,
                             struct row *row, struct error *error);

#endif
