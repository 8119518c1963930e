/* evidence/compare/by_cautious.h: the mean of a cell of a trial, as wide as the whole comparison
   would be of these items alone (assay/cautious.h): few events in one arm are not certainty. */

#ifndef EVIDENCE_BY_CAUTIOUS_H
#define EVIDENCE_BY_CAUTIOUS_H

#include "assay/blocked.h"
#include "base/arena.h"
#include "model/metric.h"

/* Widens the difference of the arms.
   rows       ordered by cluster; of one stratum
   estimate   by the jackknife; its standard error becomes the one that reaches as far as the longer
              side of the interval
   scale      by how much that is larger
   ERROR_DOMAIN: an arm of fewer than 2 clusters. */
enum status by_widen(const struct blocked_rows *rows, const struct metric *metric, double level,
                     struct arena *arena, struct estimate *estimate, double *scale,
                     struct error *error);

#endif
