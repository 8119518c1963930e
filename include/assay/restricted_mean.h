/* assay/restricted_mean.h

   Mean time up to a horizon where some items are still open, with errors clustered by worker.

   R = integral of the Kaplan-Meier curve S from 0 to the horizon tau (Irwin 1949; Uno et al. 2014,
   JCO 32:2380-2385). With Y(t) the weight at risk, d(t) the weight of events and A(t) the integral
   of S from t to tau, the influence of an item with time T is

       phi = -[event and T <= tau] A(T) / (Y - d)(T)
             + sum over t <= min(T, tau) of A(t) d(t) / (Y(t) (Y(t) - d(t)))

   where terms with Y = d are 0. Its square, summed over items, is Greenwood's variance exactly,
   ties included. Summed by cluster it is the infinitesimal jackknife (Therneau & Grambsch 2000,
   section 7.2). Its squares fall short where few clusters have an arm, as each cluster is measured
   from a mean that it is part of: with w_ga the share of arm a's items (weight) that cluster g has,
   E phi_ga^2 is 1 - w_ga of what it would be from the true mean, if items are alike. The factors
   that mend this are CR2's for a mean per arm (Bell & McCaffrey 2002, Survey Methodology
   28:169-181). Two arms, which a cluster may both have, give

       z_g = phi_g1 / sqrt(1 - w_g1) - phi_g0 / sqrt(1 - w_g0),     V(R_1 - R_0) = sum z_g^2

   and the same with phi_ga / R_a for log R_1 - log R_0. With clusters of one size, V is G_a/(G_a-1)
   sum phi_ga^2 added over the arms where each cluster is in one arm, and G/(G-1) sum (phi_g1 -
   phi_g0)^2 where all are in both. t with

       df = min(G - 1,  3 (sum z_g^2)^2 / sum z_g^4 - 2,  (s_1 + s_0)^2 / q),   at least 1

   The second is Satterthwaite's (1946) with unbiased fourth moments, as in blocked.h. It takes the
   z_g for independent, which those of an arm of few clusters are not (of two, one is the negative
   of the other). The third knows the design alone, as Bell & McCaffrey's: Satterthwaite's where
   clusters are independent, those of an arm differ in variance as their shares do, and an arm's
   variance is to the other's as s_a = sum over g of w_ga^2, the inverse of the number of equal
   clusters that it is worth:

       q = sum over a of s_a^2 (s_a + sum over g != h of b_ga b_ha)
           + 2 s_1 s_0 (sum over g of w_g1 w_g0 + sum over g != h of c_g c_h),
       b_ga = w_ga^2 / (1 - w_ga),   c_g = w_g1 w_g0 / sqrt((1 - w_g1) (1 - w_g0)).

   Of clusters of one size it is Welch's, (1/G_1 + 1/G_0)^2 / (1/(G_1^2 (G_1-1)) + 1/(G_0^2
   (G_0-1))), where each is in one arm, and G - 1 where all are in both.

   Measured coverage: tests/unit/test_restricted_mean_coverage.c.

   The influence depends on time and kind alone: a table of risk sets per arm gives two numbers per
   time, which the caller joins to items by time and sums by cluster. Weighted items: the table
   holds sums of weights, and the joined number is multiplied by the item's weight.

   Items that count from a landmark L on: keep those still open at L and subtract L from times.

   Oracle: R residuals(survfit(..), times = tau, type = "rmst"), summed by cluster, and the degrees
   of freedom from explicit covariance matrices: tests/oracle/restricted_mean.R. */

#ifndef ASSAY_RESTRICTED_MEAN_H
#define ASSAY_RESTRICTED_MEAN_H

#include "assay/estimate.h"
#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The items of one arm by distinct time. */
struct risk_table {
    size_t count;
    const double *time;     /* increasing, at least 0 */
    const double *events;   /* number (weight) of items that ended at the time */
    const double *censored; /* number (weight) of items last seen open at the time */
};

struct restricted_mean {
    double mean;     /* R, in the unit of time */
    double survival; /* S(tau): the share still open at the horizon */
    double items;    /* number (weight) of items */
};

/* The restricted mean of one arm and the influences at its times.
   horizon             tau, above 0
   event_influence     count numbers: phi of an item that ended at the time
   censored_influence  count numbers: phi of an item last seen open at the time
   O(count).
   ERROR_DOMAIN: no item, times out of order, numbers that are not finite or are negative, horizon
   not above 0, or all items last seen before the horizon while some of them were open (the curve
   is not known up to the horizon). Outputs are then undefined. */
ASSAY_API enum status assay_restricted_mean(const struct risk_table *table, double horizon,
                                            double *event_influence, double *censored_influence,
                                            struct restricted_mean *out, struct error *error);

/* One arm by cluster. */
struct arm_influence {
    double mean;             /* R */
    const double *items;     /* number (weight) of the cluster's items in the arm, 0: none */
    const double *influence; /* sum of their influences, 0 where it has none */
};

/* The estimate of one arm: its mean, with V = sum phi_g^2 / (1 - w_g).
   clusters    length of the arm's arrays; those without items do not count
   ERROR_DOMAIN: fewer than 2 clusters with items, numbers that are not finite, items below 0, an
   influence without items, or a standard error of 0. */
ASSAY_API enum status assay_restricted_mean_estimate(size_t clusters,
                                                     const struct arm_influence *arm, double level,
                                                     struct estimate *out, struct error *error);

/* Arm 1 compared with arm 0.
   clusters                length of the arms' arrays: entry g of both is one cluster
   arm_1, arm_0            the means above 0 for the log ratio
   difference, log_ratio   either may be NULL; untouched on error
   ERROR_DOMAIN: as above, for either arm, or a mean not above 0 with log_ratio. */
ASSAY_API enum status assay_restricted_mean_compare(
    size_t clusters, const struct arm_influence *arm_1, const struct arm_influence *arm_0,
    double level, struct estimate *difference, struct estimate *log_ratio, struct error *error);

/* What clusters add to the estimate of the log ratio, for comparing estimates that share clusters
   (assay/heterogeneity.h): z_g, whose squares have its variance as their sum.
   part   one per cluster; 0 for those without items
   ERROR_DOMAIN as above; part is then undefined. */
ASSAY_API enum status assay_restricted_mean_parts(size_t clusters,
                                                  const struct arm_influence *arm_1,
                                                  const struct arm_influence *arm_0, double *part,
                                                  struct error *error);

/* Items as arrays, for data that fit in memory. */
struct timed_items {
    size_t count;
    const double *time;     /* at least 0 */
    const bool *event;      /* false: still open when last seen */
    const int64_t *arm;     /* 0 or 1 */
    const int64_t *cluster; /* 0 .. cluster_count - 1 */
    const double *weight;   /* above 0; NULL: 1 each */
    size_t cluster_count;
};

struct restricted_mean_comparison {
    struct restricted_mean arms[2];
    struct estimate difference; /* arm 1 - arm 0 */
    struct estimate log_ratio;
    size_t clusters; /* that have an item */
};

/* All of the above at once. Sorts copies of the items: allocates O(count + cluster_count).
   ERROR_DOMAIN as above, or an arm or cluster number out of range; ERROR_MEMORY. out is then
   untouched. */
ASSAY_API enum status assay_restricted_mean_items(const struct timed_items *items, double horizon,
                                                  double level,
                                                  struct restricted_mean_comparison *out,
                                                  struct error *error);

#endif
