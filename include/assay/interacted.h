/* assay/interacted.h

   A difference of two arms adjusted for covariates with slopes of each arm's own (Lin 2013, Annals
   of Applied Statistics 7:295-318, section 4): the coefficient of the arm in

       y ~ 1 + arm + (x - centre) + arm (x - centre),   centre = mean of x over the rows of both
   arms

   In a randomised trial it is consistent and, with many clusters, never less precise than the plain
   difference, which cannot be said of slopes that both arms share (Freedman 2008).

   The fit is that of assay/regression.h: here its columns are made, exactly, from the moments of
   rows of one arm each. arm (x - centre) is 0 in every row of arm 0, and in arm 1 it is x less a
   number, so that its means are shifted and no cross-product changes. The centre is subtracted from
   means before anything is squared: a covariate with a mean far from 0 keeps its digits, where a
   contrast of the coefficients of arm and arm x would cancel.

   The centre counts as known, as in estimatr::lm_lin: what chance brings to it moves the effect
   only where slopes differ.

   Oracles: tests/oracle/interacted.R (estimatr::lm_lin: HC2 and CR2 with their degrees of freedom;
   sandwich and clubSandwich for the other kinds); lalonde. */

#ifndef ASSAY_INTERACTED_H
#define ASSAY_INTERACTED_H

#include "assay/moments.h"

#include <stddef.h>

/* Most covariates, p: 2 p + 2 columns of moments are needed. */
enum { assay_interacted_covariates_max = (assay_moments_columns_max - 2) / 2 };

/* Number of columns of the fit: arm, x_1 .. x_p, arm (x_1 - centre_1) .. arm (x_p - centre_p), y.
   covariates   p, from 1 to assay_interacted_covariates_max */
ASSAY_API size_t assay_interacted_columns(size_t covariates);

/* Moments of these columns from those of (x_1 .. x_p, y) of rows of one arm.
   moments   assay_moments_length(p + 1) doubles
   arm       0 or 1
   centre    p numbers; the effect is that at x = centre
   out       assay_moments_length(assay_interacted_columns(p)) doubles; may not overlap moments */
ASSAY_API void assay_interacted_moments(size_t covariates, const double *moments, int arm,
                                        const double *centre, double *out);

#endif
