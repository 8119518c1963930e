/* stats/fit.h: what a regression holds, for the files that compute its variances.

   All of it is done in whitened coordinates. With z = (1, x - centre), S the centred
   cross-products of the x's and root = L such that L S L' = I, the columns

       w = (1 / sqrt(N), L (x - centre))

   satisfy sum w w' = I, so that M = (X'X)^-1 becomes the identity and disappears from every
   formula. basis maps whitened coefficients back: b = basis b_w (but for the mean of y in the
   constant), Var b = basis Var(b_w) basis', contrast c becomes basis'c. CR2 does not depend on
   which square root of M is taken: its adjustment is a function of the hat matrix alone. */

#ifndef STATS_FIT_H
#define STATS_FIT_H

#include "assay/moments.h"
#include "assay/regression.h"

enum { fit_coefficients_max = assay_moments_columns_max };

/* Eigenvalues this close to 1 are 1; see assay/regression.h. */
#define FIT_DETERMINED 1e-10

struct regression {
    size_t regressors;   /* p */
    size_t coefficients; /* P = p + 1 */
    size_t cluster_count;
    double rows;
    double residual_sum; /* RSS */
    double r_squared;
    const double *const *clusters;
    double *centre;      /* p + 1 */
    double *coefficient; /* P */
    double *root;        /* p x p, lower triangular, by rows */
    double *inverse;     /* p x p */
    double *basis;       /* P x P, by rows */
    double numbers[];    /* where the pointers above point */
};

/* out = a s a', all size x size; s symmetric. out may not overlap the others. */
void fit_sandwich(size_t size, const double *a, const double *s, double *out);

/* The whitened score of a cluster, W'e: P numbers. */
void fit_score(const struct regression *fit, const double *cluster, double *score);

/* The whitened W'W of a cluster, P x P. */
void fit_gram(const struct regression *fit, const double *cluster, double *gram);

#endif
