/* evidence/compare/comparing.h

   What every design's comparison is put together from: counts, the effect that the verdict reads,
   why there is none, checks and the verdict itself. */

#ifndef EVIDENCE_COMPARING_H
#define EVIDENCE_COMPARING_H

#include "evidence/compare/comparison.h"
#include "evidence/estimate/estimators.h"
#include "evidence/sample/cells.h"

/* An empty comparison of the request, unproven. */
void comparing_begin(const struct comparison_request *request, struct row *row);

/* Arms, who is in them, and what was left out. */
void comparing_counts(const struct sample *sample, const struct sample_counts *counts,
                      struct comparison *out);

/* The estimate that the verdict reads. errors: its code. */
enum status comparing_effect(const struct sample *sample, const struct estimated *estimated,
                             const char *errors, struct comparison *out, struct error *error);

/* A quantile is the value of one item: who lies beyond it must be many too. */
void comparing_keep_fewest(const struct estimated *estimated, struct comparison *out);

/* There is no comparison, and this is why. */
void comparing_cannot(struct comparison *out, const char *why);

/* The code of a metric's errors where there are no cells. */
const char *comparing_errors(const struct comparison_request *request);

/* Counts, the naive difference, and beside it the one within cells on the mix of an arm, which
   counts where there are cells. Changes the cell of the sample. */
enum status comparing_within(struct workspace *workspace, const struct comparison_request *request,
                             struct sample *sample, const struct cells *cells, int mix_of_arm,
                             const struct precision *precision, struct arena *arena,
                             struct comparison *out, struct error *error);

/* What an estimator's status means: where it refused the numbers, the comparison does not exist and
   has a sentence, and all is well; other failures stay failures. */
enum status comparing_refused(struct workspace *workspace, enum status status,
                              const struct error *why, const struct sample *sample,
                              struct arena *arena, struct comparison *out, struct error *error);

/* The verdict on what stands in the row, checks and guardrails among it. */
void comparing_judge(const struct comparison_request *request, struct arena *arena,
                     struct row *row);

/* What stands beside the estimate (links, parts of a ratio, checks), and the verdict. */
enum status comparing_finish(struct workspace *workspace, const struct comparison_request *request,
                             struct arena *arena, const struct sample *sample, struct row *row,
                             struct error *error);

#endif
