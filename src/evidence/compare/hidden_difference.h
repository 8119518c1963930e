/* evidence/compare/hidden_difference.h

   What would overturn a comparison like with like: a difference between the arms that nobody
   measured, as strong as the strongest of those that were (Cinelli & Hazlett 2020, by
   assay/sensitivity.h).

   Strength is told from least squares of the outcome on the arm and, as dummies, the parts of the
   cells (team, fifths of size, ..); persons, where they are a part, are taken out of every column.
   Of times the outcome is the pseudo-value of the log of the restricted mean. What such a hidden
   difference would shift is applied to the estimate within cells. */

#ifndef EVIDENCE_HIDDEN_DIFFERENCE_H
#define EVIDENCE_HIDDEN_DIFFERENCE_H

#include "evidence/compare/comparison.h"
#include "evidence/sample/cells.h"

/* The least that a measured difference must move for a hidden one to be held against it, as
   sqrt(R2_Y R2_D / (1 - R2_D)), of R2 beyond those of columns drawn by chance: what two
   correlations of .1, small by Cohen (1988), would. The equal of what explains nothing overturns
   nothing, however strong what is hidden. */
extern const double sensitivity_least;

/* Fills out->sensitivity of a comparison like with like that has an estimate with an interval on
   both sides. Where it cannot be told, it has a sentence. sample   as it was estimated, with the
   temporary tables of times still there */
enum status hidden_difference(struct workspace *workspace, const struct comparison_request *request,
                              const struct sample *sample, const struct cells *cells,
                              struct arena *arena, struct comparison *out, struct error *error);

#endif
