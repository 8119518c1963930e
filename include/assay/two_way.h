/* assay/two_way.h

   Errors of least squares where rows are alike in two ways that cross, as items of one worker and
   items of one week are.

   Cameron, Gelbach & Miller (2011), JBES 29:238-249, eq. 2.11: with clusters of either way, and
   with those that share both,

       V = V_first + V_second - V_both,

   each as CR0, or as CR1 with the factor of its own number of clusters (their section 2.2; vcovCL
   of the sandwich package). Only variances by one way are known to be positive; where V has
   negative eigenvalues, as with few clusters either way it may, they are set to 0 (their section
   2.3). This makes V larger, depends on the units of the columns, and is said: such an error is a
   sign that the data cannot carry two ways.

   Degrees of freedom of t: the lesser number of clusters, less 1, as they recommend. Two-way errors
   are for many clusters both ways (50, say); with fewer they are too small, and no correction like
   CR2's is at hand.

   Oracle: sandwich on petersen (firms and years; published .0536) and on tests/oracle/
   cluster_errors.R, where V is not positive. */

#ifndef ASSAY_TWO_WAY_H
#define ASSAY_TWO_WAY_H

#include "assay/estimate.h"
#include "assay/regression.h"
#include "assay/status.h"

#include <stdbool.h>

/* Three fits of the same rows and columns, from the moments of three groupings. */
struct two_way {
    const struct regression *first, *second;
    const struct regression *both; /* clusters: rows alike in both ways */
};

/* Variance matrix of the coefficients, P x P, symmetric, with no eigenvalue below 0.
   kind       VARIANCE_CR0 or VARIANCE_CR1
   repaired   set to whether V had negative eigenvalues that are now 0; or NULL
   ERROR_DOMAIN: another kind, one cluster either way, fits of different rows or columns (as far as
   their counts and coefficients show, to 1e-8), or fewer clusters by both ways than by one.
   ERROR_MEMORY. out is then undefined. */
ASSAY_API enum status assay_two_way_variance(const struct two_way *fits, enum variance kind,
                                             double *out, bool *repaired, struct error *error);

/* Estimate of a contrast with its interval.
   contrast   P numbers, not all 0
   df         degrees of freedom of t: 0 takes the lesser number of clusters less 1
   ERROR_DOMAIN: as above, a contrast that is 0 or not finite, or a standard error of 0, which
   a repair may leave. out is then untouched. */
ASSAY_API enum status assay_two_way_contrast(const struct two_way *fits, enum variance kind,
                                             const double *contrast, double df, double level,
                                             struct estimate *out, bool *repaired,
                                             struct error *error);

#endif
