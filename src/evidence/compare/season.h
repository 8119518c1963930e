/* evidence/compare/season.h: the change of before and after, less that of the same days of the year
   before (estimate_season.h), and what stands beside it. */

#ifndef EVIDENCE_SEASON_H
#define EVIDENCE_SEASON_H

#include "evidence/compare/comparison.h"
#include "model/plan.h"

/* Estimates the comparison of a plan with season: year.
   sample   of this year, by period; its cell is set
   Where the data do not reach a year back, or a span has nobody, there is no estimate, and a
   sentence says what to do. fewest is of all four spans. */
enum status season_estimate(struct workspace *workspace, const struct plan *plan,
                            const struct comparison_request *request, struct sample *sample,
                            struct arena *arena, struct comparison *out, struct error *error);

/* Says in the lines of --explain that those items are of two years. */
void season_explain(struct arena *arena, struct comparison *out);

#endif
