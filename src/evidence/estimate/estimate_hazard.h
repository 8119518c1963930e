/* evidence/estimate/estimate_hazard.h

   The hazard ratio and the log-rank test of a duration, beside its restricted means: from their two
   passes, or within strata from two of its own over items that are written down. */

#ifndef EVIDENCE_ESTIMATE_HAZARD_H
#define EVIDENCE_ESTIMATE_HAZARD_H

#include "assay/hazard_ratio.h"
#include "assay/restricted_mean.h"
#include "evidence/estimate/estimators.h"

/* By arm, whether the item ended, and row of the arm's risk table: what an item there adds. */
struct hazard_scores {
    bool exist;
    struct hazard_ratio ratio;
    struct log_rank log_rank;
    const double *on_ratio[2][2];
    const double *on_log_rank[2][2];
};

/* None where libassay has no answer: then nothing is said beside the restricted mean. */
void hazard_scores_of(const struct risk_table table[2], double horizon, struct arena *arena,
                      struct hazard_scores *out);

/* From sums by cluster, of the items and of what they add. */
struct hazard_sums {
    size_t clusters;
    const double *items[2];
    const double *on_ratio[2];
    const double *on_log_rank[2];
};
void hazard_shown(const struct hazard_scores *scores, const struct hazard_sums *sums,
                  const struct precision *precision, struct hazards *out);

/* Within the cells of the temporary table `timed`. Risk sets, of each stratum at each of its times,
   are read whole: of engine_frame_rows (2 million) or more of them there is none, and out->why_not
   says so. */
enum status hazard_within(struct workspace *workspace, bool by_team, double horizon,
                          const struct precision *precision, struct arena *arena,
                          struct hazards *out, struct error *error);

#endif
