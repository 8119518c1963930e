/* evidence/estimate/estimate_season.h

   A change between two spans less that of the same days of the year before, within cells that all
   four have, on the mix of the earlier span of the later year, with errors by leaving a person out
   of all four at once (assay/double_difference.h). */

#ifndef EVIDENCE_ESTIMATE_SEASON_H
#define EVIDENCE_ESTIMATE_SEASON_H

#include "evidence/estimate/estimators.h"

/* The two years of a season: samples by period within the same cells. */
struct season_samples {
    struct sample now;
    struct sample then;
};

/* Restricts both samples to items of cells that all four spans have, and gives them one mix.
   ERROR_DOMAIN: there are none. */
enum status season_within(struct workspace *workspace, struct season_samples *samples,
                          struct arena *arena, struct error *error);

/* Of two samples that season_within restricted.
   out      the change of now less that of then
   change   now, then
   fewest   people in the span where they are fewest
   ERROR_DOMAIN, ERROR_SINGULAR: as of two spans. Quantiles are not estimated. */
enum status estimate_season(struct workspace *workspace, const struct season_samples *samples,
                            const struct precision *precision, struct arena *arena,
                            struct estimated *out, struct estimated change[2], int64_t *fewest,
                            struct error *error);

#endif
