/* stats/weighted_cluster.h: CR2 and CR3 of a weighted fit under errors of equal variance, one
   cluster at a time; see assay/weighted.h for the method.

   In whitened columns X (X'WX = I), with A_g = B_g^-1/2 (CR2) or (I - X_g X_g'W_g)^-1 (CR3),
   B_g the block of (I - H)(I - H)', and s_g = A_g'W_g X_g v of a contrast v:

       adjusted score   X_g'W_g A_g e_g
       a_g = s_g's_g,   y_g = (X_g's_g, X_g'W_g s_g)

   and the matrix of Satterthwaite's quadratic form has elements y_g'C y_h, and a_g more on its
   diagonal; C = (K, -I; -I, 0), K = X'W^2 X. */

#ifndef STATS_WEIGHTED_CLUSTER_H
#define STATS_WEIGHTED_CLUSTER_H

#include "stats/fit.h"

#include <lapacke.h>

struct weighted_cluster {
    const struct regression *fit;
    enum variance kind;
    size_t number;       /* g */
    size_t size;         /* P */
    size_t rank;         /* of U, at most 2P */
    double mean_weight;  /* over all rows */
    double *gram;        /* 2P x 2P: U'U */
    double *coordinates; /* rank x 2P: F */
    double *inner;       /* rank x rank: eigenvectors of I + F C F' */
    double *product;     /* 2P x 2P */
    double *values;      /* rank: eigenvalues of U's correlations */
    double *projected;   /* rank: eigenvalues of I + F C F' */
    double *own;         /* P x P: eigenvectors of X'WX */
    double *own_values;  /* P */
    double *work;
    lapack_int work_size;
};

/* Number of doubles of scratch for a fit of P coefficients. */
size_t weighted_cluster_scratch(size_t size);
void weighted_cluster_init(const struct regression *fit, double *scratch,
                           struct weighted_cluster *out);

/* The cluster's part of K, P x P. */
void weighted_cluster_squares(const struct weighted_cluster *cluster, size_t g, double *out);

/* Makes it the cluster g. kind: VARIANCE_CR2 or VARIANCE_CR3; k: K, P x P. */
enum status weighted_cluster_read(struct weighted_cluster *cluster, enum variance kind,
                                  const double *k, size_t g, struct error *error);

/* The adjusted score, P numbers. */
void weighted_cluster_score(const struct weighted_cluster *cluster, double *out);

/* Returns a_g. products: y_g, 2P numbers; alone: squared length of v in directions that the cluster
   alone determines. */
double weighted_cluster_contrast(const struct weighted_cluster *cluster, const double *v,
                                 double *products, double *alone);

#endif
