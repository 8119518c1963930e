/* assay/blocked.h

   Difference of two arms like with like: within cells (use case x team x size ..), then averaged
   over the cells with the weights of a mix (post-stratification; Holt & Smith 1979, JRSS A
   142:33-46).

       d = sum over cells c with both arms of w_c (mean_c1 - mean_c0),  sum w_c = 1

   or, for times and money, the log of the ratio of the two weighted means. The error is the
   delete-one-cluster jackknife (Efron & Stein 1981, Annals of Statistics 9:586-596, eq. 1.6),

       V = (G-1)/G sum over clusters g of (d_(-g) - mean of d_(-g))^2,

   where deleting g takes its items out of its cells, cells that are left with one arm drop out,
   and weights are renewed. t with

       df = min(G - 1,  3 (sum phi_g^2)^2 / sum phi_g^4 - 2,  the same of d_(-g) - d,
                (s_1 + s_0)^2 / q),   at least 1

   The second is Satterthwaite's (1946, Biometrics Bulletin 2:110-114, with unbiased fourth moments
   under normality: E phi^4 = 3 s^4); phi_g = sum of w_c ((S_gc1 - n_gc1 mean_c1)/n_c1 - (S_gc0 -
   n_gc0 mean_c0)/n_c0) is the influence of g at fixed weights (for the ratio, each arm's part
   divided by its mean). It is 0 for a cluster that has its cells alone, however much the estimate
   owes to it (left out where all are): the third sees that one. Both know squares of few numbers
   only, and the fourth does not: it is that of restricted_mean.h, of the shares w_ga = sum of w_c
   n_gca / n_ca that clusters have of each arm's weighted mean.

   Measured coverage: tests/unit/test_blocked_coverage.c.

   Only clusters with an item in a cell of both arms count in G: the others change nothing.
   Cost O(rows + cells): of each cluster only the cells that it touches are renewed.

   Oracles: deletion by brute force; least squares with cell dummies, at their implied weights. */

#ifndef ASSAY_BLOCKED_H
#define ASSAY_BLOCKED_H

#include "assay/estimate.h"
#include "assay/status.h"

#include <stddef.h>
#include <stdint.h>

/* Rows grouped by cluster, cell and arm, ordered by cluster (a triple may have several rows). */
struct blocked_rows {
    size_t count;
    const int64_t *cluster; /* any numbers, not decreasing */
    const int64_t *cell;    /* 0 .. cell_count - 1 */
    const int64_t *arm;     /* 0 or 1 */
    const double *items;    /* above 0: number of items in the row */
    const double *mean;     /* mean of their values */
    size_t cell_count;
};

/* Whose mix of cells the weights are. */
enum blocked_weights {
    BLOCKED_ARM_0,    /* w_c as n_c0 */
    BLOCKED_ARM_1,    /* w_c as n_c1 */
    BLOCKED_PRECISION /* w_c as n_c0 n_c1 / (n_c0 + n_c1): what cell dummies imply */
};

enum blocked_scale {
    BLOCKED_DIFFERENCE, /* arm 1 - arm 0, in the unit of the values */
    BLOCKED_LOG_RATIO   /* log of arm 1 / arm 0 */
};

struct blocked {
    struct estimate estimate;
    double lowest;  /* of the estimates without one cluster, */
    double highest; /* and the highest */
    double mean[2]; /* weighted mean of each arm */
    /* Of a difference: what it is a share of, mean[0], by the same jackknife. df is that of
       d - (d / mean[0]) mean[0] by its influences and deviations; INFINITY if mean[0] is 0. */
    struct baseline baseline;
    double unmatched[2]; /* by arm: share of its items in cells without the other arm */
    size_t cells;        /* with both arms */
    size_t clusters;     /* G */
};

/* Number of doubles of scratch. */
ASSAY_API size_t assay_blocked_scratch(size_t cell_count);

/* Estimates.
   scratch   assay_blocked_scratch(rows->cell_count) doubles; contents are ignored and lost
   ERROR_DOMAIN: rows out of order or range, numbers that are not finite, no cell with both arms,
   fewer than 2 clusters, one cluster without which no cell keeps both arms, a mean not above 0
   (with any cluster deleted) on the log scale, or a standard error of 0. out is untouched. */
ASSAY_API enum status assay_blocked(const struct blocked_rows *rows, enum blocked_weights weights,
                                    enum blocked_scale scale, double level, double *scratch,
                                    struct blocked *out, struct error *error);

/* The same, and by how much leaving out each cluster moves the estimate.
   deviation   by cluster number, which is 0 or more: d_(-g) - d; left as it was for a cluster
   without an item in a cell of both arms, or without rows. Undefined on error. */
ASSAY_API enum status assay_blocked_deletions(const struct blocked_rows *rows,
                                              enum blocked_weights weights,
                                              enum blocked_scale scale, double level,
                                              double *scratch, double *deviation,
                                              struct blocked *out, struct error *error);

#endif
