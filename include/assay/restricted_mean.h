/* assay/restricted_mean.h

   Mean time up to a horizon where some items are still open, with errors clustered by worker.

   R = integral of the Kaplan-Meier curve S from 0 to the horizon tau (Irwin 1949; Uno et al. 2014,
   JCO 32:2380-2385). With Y(t) the weight at risk, d(t) the weight of events and A(t) the integral
   of S from t to tau, the influence of an item with time T is

       phi = -[event and T <= tau] A(T) / (Y - d)(T)
             + sum over t <= min(T, tau) of A(t) d(t) / (Y(t) (Y(t) - d(t)))

   where terms with Y = d are 0. Its square, summed over items, is Greenwood's variance exactly,
   ties included. Summed by cluster it is the infinitesimal jackknife (Therneau & Grambsch 2000,
   section 7.2): two arms with influence sums phi_g1 and phi_g0, which a cluster may both have, give

       V(R_1 - R_0)         = G/(G-1) sum (phi_g1 - phi_g0)^2
       V(log R_1 - log R_0) = G/(G-1) sum (phi_g1/R_1 - phi_g0/R_0)^2,   t with G - 1 df.

   The influence depends on time and kind alone: a table of risk sets per arm gives two numbers per
   time, which the caller joins to items by time and sums by cluster. Weighted items: the table
   holds sums of weights, and the joined number is multiplied by the item's weight.

   Items that count from a landmark L on: keep those still open at L and subtract L from times.

   Oracle: R residuals(survfit(..), times = tau, type = "rmst"), summed by cluster:
   tests/oracle/restricted_mean.R. */

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

/* The estimate of one arm: its mean, with V = G/(G-1) sum phi_g^2.
   clusters    G, at least 2: clusters that have an item in the arm
   influence   G sums of influences
   ERROR_DOMAIN: fewer clusters, numbers that are not finite, or a standard error of 0. */
ASSAY_API enum status assay_restricted_mean_estimate(size_t clusters, const double *influence,
                                                     double mean, double level,
                                                     struct estimate *out, struct error *error);

/* Arm 1 compared with arm 0.
   clusters     G, at least 2: clusters that have an item in either arm
   influence_1, influence_0   G sums each, 0 where a cluster has no item of the arm
   mean_1, mean_0             R of the arms; above 0 for the log ratio
   difference, log_ratio      either may be NULL; untouched on error
   ERROR_DOMAIN: as above, or an arm in which one cluster alone has an influence. (An arm whose
   influences round to exactly 0 passes as one without events: refuse arms of one cluster before
   this, as assay_restricted_mean_items does.) */
ASSAY_API enum status assay_restricted_mean_compare(size_t clusters, const double *influence_1,
                                                    const double *influence_0, double mean_1,
                                                    double mean_0, double level,
                                                    struct estimate *difference,
                                                    struct estimate *log_ratio,
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
