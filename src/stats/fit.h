/* stats/fit.h: what a regression holds, for the files that compute its variances.

   All of it is done in whitened coordinates. With z = (1, x - centre), S the centred
   cross-products of the x's and root = L such that L S L' = I, the columns

       w = (1 / sqrt(N), L (x - centre))

   satisfy sum w w' = I, so that M = (X'X)^-1 becomes the identity and disappears from every
   formula. basis maps whitened coefficients back: b = basis b_w (but for the mean of y in the
   constant), Var b = basis Var(b_w) basis', contrast c becomes basis'c. CR2 does not depend on
   which square root of M is taken: its adjustment is a function of the hat matrix alone.

   With weights (assay/weighted.h) each row counts with its own in every sum, and their sum stands
   in N's place in w; the names w of a column and of a weight never meet in one formula. */

#ifndef STATS_FIT_H
#define STATS_FIT_H

#include "assay/moments.h"
#include "assay/regression.h"
#include "assay/weighted.h"

#include <math.h>
#include <stdbool.h>

enum {
    fit_coefficients_max = assay_moments_columns_max,
    fit_moments_max = 1 + fit_coefficients_max * (fit_coefficients_max + 3) / 2
};

/* Eigenvalues this close to 1 are 1; see assay/regression.h. */
#define FIT_DETERMINED 1e-10

/* By what a cluster's residuals grow along an eigenvector of its gram: f of 1 less the eigenvalue.
   CR2 and CR3 leave out a direction that the cluster alone determines; others change nothing. */
static inline double fit_adjustment(enum variance kind, double rest)
{
    if (kind != VARIANCE_CR2 && kind != VARIANCE_CR3)
        return 1;
    if (rest < FIT_DETERMINED)
        return 0;
    return kind == VARIANCE_CR3 ? 1 / rest : 1 / sqrt(rest);
}

struct regression {
    size_t regressors;   /* p */
    size_t coefficients; /* P = p + 1 */
    size_t cluster_count;
    double rows;   /* N */
    double weight; /* sum of the weights; N without any */
    bool weighted; /* the clusters are weighted moments */
    enum working_model working;
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

/* The moments of cluster g in which a row counts w^power. Without weights: its moments. */
static inline const double *fit_cluster(const struct regression *fit, size_t g, size_t power)
{
    return fit->clusters[g] +
           (fit->weighted ? power * assay_moments_length(fit->regressors + 1) : 0);
}

/* The whitened score of moments of a cluster, sum w e: P numbers. */
void fit_score(const struct regression *fit, const double *moments, double *score);

/* The whitened cross-products of moments of a cluster, sum w w', P x P. */
void fit_gram(const struct regression *fit, const double *moments, double *gram);

#endif
