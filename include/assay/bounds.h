/* assay/bounds.h

   Bounds of a difference of means where outcomes are missing more often in one arm than in the
   other. Who is missing may decide such a difference. If assignment moves everybody's having an
   outcome in one direction only, the arm with more outcomes holds those that would have one either
   way and a share q of others; the difference among the former lies between the two that are found
   by trimming that share from the top and from the bottom: Lee (2009), Review of Economic Studies
   76:1071-1102. With p_a the share of arm a's items that have an outcome, t the arm with more and o
   the other,

       q = 1 - p_o / p_t,   bounds: mean of the lowest (highest) 1 - q of arm t, against the mean of
   o

   The trim is exact: of items at the value where it ends, the part that is needed stays. (Means of
   shares are then the sharp bounds too.)

   Errors are by influence. With y the value where a trim ends and mu what is left's mean, an item
   of arm t with an outcome adds, for the mean of the highest,

       (max(Y - y, 0) / (1 - q) + y - mu) / r_t

   and each item moves q by whether it has an outcome, which moves mu by (mu - y) / (1 - q) of that;
   the squares of the clusters' sums, times G_a / (G_a - 1) of its arm, add up to the variance. For
   independent items this is his proposition 3. Interval: Imbens & Manski (2004, Econometrica
   72:1845-1857), which covers the true difference, not the whole range between the bounds:
   low - c se_low .. high + c se_high, with F(c + (high - low) / max se) - F(-c) = level.
   t with min(G - 1, 3 (sum phi^2)^2 / sum phi^4 - 2), at least 1 (assay/ratio.h); normal where
   items are independent.

   Not for arms whose shares with an outcome are equal but for chance: the bounds then hinge on
   which of them is larger, and the error does not know of that.

   Oracles: the definition on copied items; Lee's formulas in R; cluster bootstraps in R; numerical
   derivatives; coverage by simulation. */

#ifndef ASSAY_BOUNDS_H
#define ASSAY_BOUNDS_H

#include "assay/estimate.h"
#include "assay/status.h"

#include <stddef.h>

/* Outcomes of an arm: a histogram, by cluster. */
struct bounds_arm {
    size_t count;
    const double *value;    /* not decreasing */
    const double *items;    /* above 0: that have the value */
    const size_t *cluster;  /* below the number of clusters; NULL: items are independent */
    const double *assigned; /* by cluster: items of the arm, with an outcome or without;
                               of independent items one number */
};

struct bounds {
    struct interval bounds;   /* of the difference of arm 1 from arm 0 */
    double standard_error[2]; /* of bounds.low, bounds.high */
    double df;                /* INFINITY where items are independent */
    struct interval interval; /* Imbens & Manski's */
    double share[2];          /* p_a */
    double trimmed;           /* q */
    int trimmed_arm;
};

/* Number of doubles of scratch. */
ASSAY_API size_t assay_bounds_scratch(size_t clusters);

/* Bounds.
   arms       arm 0 and arm 1; a cluster may be in both
   clusters   in either arm; 1 where items are independent
   level      confidence, in (0, 1)
   scratch    assay_bounds_scratch(clusters) doubles; contents are ignored and lost
   out        untouched on error
   O(rows + clusters), allocates nothing.
   ERROR_DOMAIN: an arm without an outcome, or of fewer than 2 clusters (items); more outcomes than
   items; values out of order; numbers that are not finite; a standard error of 0. */
ASSAY_API enum status assay_bounds(const struct bounds_arm arms[2], size_t clusters, double level,
                                   double *scratch, struct bounds *out, struct error *error);

#endif
