/* assay/weighted.h

   Least squares with analytic weights, from compressed clusters: row i counts with weight w_i, as a
   mean of w_i equal items would, and b minimises sum w_i e_i^2. Only ratios of weights matter, but
   for the residual variance, whose unit is that of y^2 w.

   The weighted moments of k columns are three moments (assay/moments.h), one after the other, in
   which a row counts 1, w and w^2, and n is the sum of what rows count. The first is needed for
   the number of rows and, with the third, for CR2. They merge like moments.

   What a weighted fit gives, with W = diag(w), M = (X'WX)^-1, u_g = X_g'W_g e_g:

   CLASSICAL  s2 M, s2 = e'We / (N - P), N the number of rows.
   CR0, CR1   as in assay/regression.h.
   CR2        depends on the errors that are taken as the working model (below).
   CR3        the jackknife about b; needs no working model but for its degrees of freedom.
   HC0-HC3    second pass with weights: leverage h = w x'Mx, meat sum w^2 x x' e^2 / (1 - h)^k.

   WORKING_EQUAL    the same variance in every row, whatever its weight, as weights by population
                    are meant: Pustejovsky & Tipton (2018), JBES 36:672-683, eq. 6; the default of
                    clubSandwich and of estimatr.
   WORKING_INVERSE  variance in proportion to 1/w, as weights by precision are meant: CR2 of the
                    rows times sqrt(w), as Bell & McCaffrey define it. clubSandwich with target =
                    1/w takes another root of the same matrix; its numbers differ a little.

   Where weights differ much inside clusters the two differ much, and which is right depends on what
   is known of the rows.

   CR2 with equal variances from moments: with columns whitened so that X'WX = I and K = X'W^2 X,
   the block of cluster g of (I - H)(I - H)' is I + U C U', U = (X_g, W_g X_g), C = (K, -I; -I, 0).
   Its inverse root differs from the identity only on the span of U, so that it follows from the
   2P x 2P cross-products of U, which the three moments hold. No matrix of rows by rows is formed.

   Oracle: tests/oracle/cluster_errors.R (lm with weights, clubSandwich and sandwich, jel_did); the
   same rows repeated w times. */

#ifndef ASSAY_WEIGHTED_H
#define ASSAY_WEIGHTED_H

#include "assay/regression.h"
#include "assay/status.h"

#include <stddef.h>

/* Number of doubles, and of bytes, of weighted moments of k columns. */
ASSAY_API size_t assay_weighted_length(size_t k);
ASSAY_API size_t assay_weighted_size(size_t k);

/* Makes the weighted moments of no rows. */
ASSAY_API void assay_weighted_init(size_t k, double *moments);

/* Adds rows. columns: columns[j][row]; weights: one per row, finite and above 0. Others, 0 among
   them, are remembered, also through merges, and refused by assay_weighted_check: leave rows that
   shall not count out. */
ASSAY_API void assay_weighted_add(size_t k, size_t rows, const double *const *columns,
                                  const double *weights, double *moments);

/* Adds the rows behind one to another; the two may not overlap. */
ASSAY_API void assay_weighted_merge(size_t k, const double *from, double *into);

/* Refuses an array that cannot be weighted moments. ERROR_DOMAIN as assay_moments_check, or a
   weight that is not finite and above 0, or whose square is not. */
ASSAY_API enum status assay_weighted_check(size_t k, const double *moments, struct error *error);

enum working_model {
    WORKING_EQUAL,  /* errors of equal variance in every row */
    WORKING_INVERSE /* errors with variance in proportion to 1 / weight */
};

/* Fits; as assay_regression_open, of weighted moments. The fit is read and its variances and
   contrasts are asked for by the functions of assay/regression.h. */
ASSAY_API enum status assay_regression_open_weighted(size_t columns, size_t count,
                                                     const double *const *clusters,
                                                     enum working_model working, size_t *column,
                                                     struct regression **out, struct error *error);

/* assay_regression_rows and assay_regression_meat_add of a weighted fit. weights: one per row,
   those of the fit. NULL of a fit without weights. */
ASSAY_API void assay_regression_rows_weighted(const struct regression *regression, size_t rows,
                                              const double *const *columns, const double *weights,
                                              double *residual, double *leverage);
ASSAY_API void assay_regression_meat_add_weighted(const struct regression *regression,
                                                  enum variance kind, size_t rows,
                                                  const double *const *columns,
                                                  const double *weights, double *meat);

#endif
