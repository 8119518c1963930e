/* evidence/estimate/leverage.h

   By how much one cluster moves an estimate: the lowest and the highest value that it takes when
   one cluster is left out. For the checks only; never shown. */

#ifndef EVIDENCE_LEVERAGE_H
#define EVIDENCE_LEVERAGE_H

#include "assay/ratio.h"
#include "assay/regression.h"
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct leverage {
    bool known; /* else all else is 0 */
    double low;
    double high;
};

/* Of the arm's coefficient, exactly. The two clusters are those whose deletion moves the plain
   difference of the arms most to either side; with covariates the fit is made again without each.
   clusters   moments of (arm, x.., y), as the fit's
   value      the coefficient with all of them */
struct leverage leverage_of_fit(const double *const *clusters, size_t count, size_t columns,
                                double value, struct arena *arena);

/* Of the log of the ratio of two arms' ratios of sums, exactly. */
struct leverage leverage_of_ratio(const struct ratio_clusters *clusters, double value);

/* Of an estimate whose influences by arm are known: d_-g = d - G/(G-1) phi_g, to the first order.
   scale   by arm, what an influence is divided by */
struct leverage leverage_of_influence(size_t count, const double *const influence[2],
                                      const double scale[2], double value);

#endif
