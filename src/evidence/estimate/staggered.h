/* evidence/estimate/staggered.h

   The effect of a staggered rollout: a panel of units and periods, compressed in SQL, given to
   assay/staggered.h. */

#ifndef EVIDENCE_STAGGERED_H
#define EVIDENCE_STAGGERED_H

#include "evidence/estimate/estimators.h"
#include "evidence/sample/waves.h"

/* How the outcome of a unit and period is made from its items. */
struct panel_outcome {
    struct metric metric; /* what a sample asks of an item: a mean or a ratio */
    const char *of_group; /* SQL over s: the unit's outcome in a period */
    bool log;             /* the panel holds its logarithm */
    double horizon_minutes;
    const char *why_not; /* a sentence: this metric has none */
};

/* Means, proportions and logarithms as they are: means over items. Times: the mean up to the
   horizon, of items that were followed so far, whatever became of them; ratios: the sums' ratio;
   both of their logarithms, since they multiply. */
enum status panel_outcome_of(struct workspace *workspace, const struct metric *metric,
                             const struct sample *sample, struct arena *arena,
                             struct panel_outcome *out, struct error *error);

/* Average over units of their mean effect since the start (each wave's plain mean over its periods,
   waves by their units' items), with not-yet-treated controls.
   sample    arms by wave, its cell the period; of outcome->metric
   seed      of the bands' draws
   events    is filled too
   why_not   set, with STATUS_OK, where the design allows no estimate: a sentence */
enum status estimate_staggered(struct workspace *workspace, const struct plan *plan,
                               const struct sample *sample, const struct waves *waves,
                               const struct panel_outcome *outcome, double level, uint64_t seed,
                               struct arena *arena, struct estimated *out,
                               struct event_study *events, int64_t *fewest, const char **why_not,
                               struct error *error);

#endif
