/* assay/hazard_ratio.h

   How much faster one arm's items end than the other's: the log-rank test and Cox's hazard ratio,
   from risk sets, with what each item adds, so that errors can be clustered.

   At a time with Y_a at risk and d_a events in arm a, Y and d in both, and p = Y_1 / Y,

       log-rank:  U = sum over times of d_1 - d p,    V = sum of d p (1 - p) (Y - d) / (Y - 1)

   (Mantel 1966; V as R's survdiff). With q = Y_1 / Y of an item of arm 0 and Y_0 / Y of one of arm
   1, an item of arm a that ends or is last seen at T adds

       [event] q(T) - sum over t <= T of q(t) d_a(t) / Y_a(t)

   to U's deviation from what it estimates: its arm's own rate is taken off, so that the sums by
   cluster are about 0 whether or not the arms differ (Jung & Jeong 2003, Lifetime Data Analysis
   9:21-33). With the rate of both arms, as in coxph's robust score test, they hold the difference
   itself, and of 20 clusters the test rejects far too rarely.

   The hazard ratio r = exp(b) maximises the partial likelihood of Cox's model with Efron's (1977)
   ties, R's default: of the d events at a time the k-th meets a risk set that those tied with it
   have left by k/d. Its influences are the score's residuals over the information (Lin & Wei 1989,
   JASA 84:1074-1078).

   With strata the sums are taken within each: items are compared with those of their own stratum,
   and the ratio is one for all. Errors are then those of assay/stratified.h: the influences on U
   sum to 0 within arm and stratum, so that where one person has an arm of a stratum they tell
   nothing. Events after the horizon count as not seen.

   Signs: the influence of an item of arm 0 is what it takes off, so that cluster sums go into
   assay_restricted_mean_compare(clusters, {value, items_1, sums_1}, {0, items_0, sums_0}, ..) as
   they are: an error with leverage corrected, and t with the degrees of freedom of the restricted
   mean. The plain sum of (sums_1 - sums_0)^2 is R's robust variance, coxph(.., cluster =).

   A ratio that is the same at all times is the model's assumption. Where it changes, what is
   estimated is an average that depends on how long items were followed; the restricted mean does
   not.

   Oracle: R survival, survdiff and coxph, and the definition: tests/oracle/hazard_ratio.R.
   Coverage: tests/unit/test_hazard_coverage.c. */

#ifndef ASSAY_HAZARD_RATIO_H
#define ASSAY_HAZARD_RATIO_H

#include "assay/status.h"

#include <stddef.h>
#include <stdint.h>

/* Items of both arms by stratum and distinct time. */
struct hazard_table {
    size_t count;
    const int64_t *stratum;    /* rows of one follow each other; NULL: one stratum */
    const double *time;        /* increasing within a stratum, at least 0 */
    const double *events[2];   /* by arm: whole numbers of items that ended at the time */
    const double *censored[2]; /* likewise, that were last seen open then */
};

/* By arm and row of the table: the influence of an item that ended there, or was last seen open. */
struct hazard_influence {
    double *event[2];
    double *censored[2];
};

struct log_rank {
    double observed; /* events of arm 1, O */
    double expected; /* E; U = O - E */
    double variance; /* V, items taken for independent: U^2 / V is survdiff's chi-square */
};

struct hazard_ratio {
    double log_ratio;   /* b: above 0 where arm 1 ends faster */
    double information; /* 1 / information is its variance, items taken for independent */
};

/* The log-rank sums. influence: of an item on U.
   horizon   above 0, may be INFINITY
   O(count).
   ERROR_DOMAIN: numbers that are not whole, finite and 0 or more, times out of order, an arm
   without an item, or no event that both arms were at risk of. Outputs are then undefined. */
ASSAY_API enum status assay_log_rank(const struct hazard_table *table, double horizon,
                                     const struct hazard_influence *influence, struct log_rank *out,
                                     struct error *error);

/* Cox's log hazard ratio of arm 1 to arm 0. influence: of an item on it.
   O(events + count) a step, of which about 6 are taken.
   ERROR_DOMAIN as above, or a ratio without bound: in one arm nothing ended while the other was
   followed. Outputs are then undefined. */
ASSAY_API enum status assay_hazard_ratio(const struct hazard_table *table, double horizon,
                                         const struct hazard_influence *influence,
                                         struct hazard_ratio *out, struct error *error);

#endif
