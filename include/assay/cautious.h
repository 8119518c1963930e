/* assay/cautious.h

   Difference of the means of two arms: the interval of CR2, made wider where CR2 is known to be too
   narrow. Next to nothing changes in a plain trial, with arms of about the same number of clusters,
   of about the same size, and outcomes that are not rare. The first two of the three rules are for
   clusters that are in one arm each.

   With w_g a cluster's share of its arm's items, and r_g its mean less that of its arm (with
   covariates: the mean of its residuals),

       s_a = sum of w_g^2,   V_a = sum of w_g^2 r_g^2 / (1 - w_g)    over clusters g of arm a

   so that 1/s_a is the number of clusters of one size that arm a is worth, and V_1 + V_0 is CR2's
   variance of the plain difference. With covariates or dummies CR2's own error grows by the factor
   by which that of the plain difference does.

   A large cluster. CR2 is unbiased where items are independent. Where all clusters' means have one
   variance, however many items they are of, V_a is too small by 1/k_a, since a large cluster draws
   the arm's mean to itself:

       k_a = s_a / sum of w_g^2 (1 - 2 w_g + s_a) / (1 - w_g),   1 where sizes are equal

   The truth is in between, so k_a V_a stands for V_a where k_a is above 1.

   A small arm beside a large one, outcomes skewed. Where the few clusters of the small arm happen
   to be without a large value, its mean is low and so is V_a. Beside CR2's interval stands the one
   with a variance that is alike in both arms,

       S = ((G_1 - 1) V_1/s_1 + (G_0 - 1) V_0/s_0) / (G - 2),   V = S (s_1 + s_0),   t with G - 2

   and the wider counts. With arms of as many clusters, of one size, both are the same.

   Rare events. An arm without any event has V_a = 0. For shares, and for means of values of at
   least 0, the two arms' score limits are the third interval: the u on either side of the mean m_a
   at which

       (m_a - u)^2 = t^2 D v(u) / N_a,   v(u) = u (1 - u) of shares, u of other values
       D = (V_1 + V_0) / (v(m_1)/N_1 + v(m_0)/N_0)

   For shares these are Wilson's limits at N_a / D items, for others those of a count with that
   dispersion. They are joined by squares (Newcombe 1998, Statistics in Medicine 17:873-890, method
   10); low is that of CR2's interval or d - sqrt((m_1 - l_1)^2 + (u_0 - m_0)^2) if lower, high
   likewise. p is that of the widest: of the first two on t with CR2's degrees of freedom, with the
   error that gives the wider interval; of the third the level at which it ends at 0.

   Measured coverage: tests/unit/test_cautious_coverage.c.
   Oracles: Newcombe's table II; the definitions, by brute force and by R on the residuals of a fit
   (tests/oracle/widened.R). */

#ifndef ASSAY_CAUTIOUS_H
#define ASSAY_CAUTIOUS_H

#include "assay/estimate.h"
#include "assay/status.h"

#include <stddef.h>

enum outcome_range {
    OUTCOME_ANY,
    OUTCOME_AT_LEAST_0,
    OUTCOME_SHARE /* 0 to 1 */
};

struct arm_clusters {
    size_t count;
    const int *arm;         /* 0 or 1 */
    const double *items;    /* above 0 */
    const double *mean;     /* of the outcome */
    const double *residual; /* of the mean: from that of the arm, or from the fit */
};

struct cautious {
    struct estimate estimate; /* standard_error: of CR2, or of a variance alike in both arms where
                                 that is wider; score limits show in interval and p alone */
    double worth[2];          /* 1/s_a */
};

/* Widens an interval. Of the log of a ratio of sums (assay/ratio.h) likewise, its range any and its
   residuals the clusters' influences by their share of items.
   range             of the outcome's values; means outside it are an error
   least_dispersion  D is at least this: 1 for shares where items of a cluster are alike, 0 for
                     others
   level             confidence, in (0, 1)
   cr2               the difference of arm 1 from arm 0, by CR2 or CR3
   out               untouched on error
   O(count), allocates nothing.
   ERROR_DOMAIN: an arm with fewer than 2 clusters, items not above 0, means out of range, or
   numbers that are not finite. */
ASSAY_API enum status assay_cautious(const struct arm_clusters *clusters, enum outcome_range range,
                                     double least_dispersion, double level,
                                     const struct estimate *cr2, struct cautious *out,
                                     struct error *error);

/* The same of score limits alone: for clusters that are in both arms.
   items      of each arm, above 0
   variance   of the difference; of CR2
   estimate   in: with its interval of that level; out: as wide or wider, and p; untouched on error
              and with a range of any values
   ERROR_DOMAIN: means out of range. */
ASSAY_API enum status assay_score_widen(enum outcome_range range, const double mean[2],
                                        const double items[2], double variance,
                                        double least_dispersion, double level,
                                        struct estimate *estimate, struct error *error);

/* Score limits of the difference of two arms, joined by squares, about a difference.
   items       of each arm, divided by the dispersion
   quantile    t, above 0 */
ASSAY_API struct interval assay_score_difference(enum outcome_range range, const double mean[2],
                                                 const double items[2], double difference,
                                                 double quantile);

/* The difference of two arms' shares where every item of both is alike, so that no variance tells
   it: 0, with score limits. An arm without an event may have shares up to t^2 / (n + t^2), the rule
   of three at that level.
   share   of both arms, 0 or 1
   worth   independent items of each arm, above 0; where the items of a cluster may all be alike,
           the square of the items by the sum of the clusters' squares
   df      above 0
   out     untouched on error; its standard error is that of the longer side, and p is 1

   Oracle: Newcombe's table II. */
ASSAY_API enum status assay_score_alike(double share, const double worth[2], double df,
                                        double level, struct estimate *out, struct error *error);

#endif
