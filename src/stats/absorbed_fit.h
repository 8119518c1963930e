/* stats/absorbed_fit.h: a fit within strata, for the files that compute its errors. */

#ifndef STATS_ABSORBED_FIT_H
#define STATS_ABSORBED_FIT_H

#include "assay/absorbed.h"

/* Items and the sum of their values about the pivot, by arm. */
struct stratum_sums {
    double items[2];
    double total[2];
};

struct absorbed_fit {
    const struct absorbed_rows *rows;
    const struct stratum_sums *strata;
    double pivot;      /* the mean of all values: keeps a far origin out of every sum */
    double items;      /* N, in strata with both arms */
    double mean;       /* of all values, about the pivot */
    double share;      /* of arm 1 in the items */
    double difference; /* d */
    double squares;    /* Q */
    size_t strata_count;
    size_t clusters; /* with an item in a stratum of both arms */
};

static inline bool stratum_has_both(const struct stratum_sums *stratum)
{
    return stratum->items[0] > 0 && stratum->items[1] > 0;
}

/* The arm less its share of the stratum's items. */
static inline double stratum_x(const struct stratum_sums *stratum, int64_t arm)
{
    double part = stratum->items[1 - arm] / (stratum->items[0] + stratum->items[1]);
    return arm == 1 ? part : -part;
}

/* What is left of a value (or mean) of a row, about the pivot. */
static inline double stratum_residual(const struct absorbed_fit *fit,
                                      const struct stratum_sums *stratum, int64_t arm, double value)
{
    double mean = (stratum->total[0] + stratum->total[1]) / (stratum->items[0] + stratum->items[1]);
    return value - mean - fit->difference * stratum_x(stratum, arm);
}

/* Of the two numbers that are told, the difference and the mean on the mix of all items (of which
   the baseline is made), and of any a x difference + b x mean. */
enum { absorbed_difference, absorbed_mean, absorbed_numbers };

struct absorbed_errors {
    double covariance[absorbed_numbers][absorbed_numbers];
    double df;       /* of the difference */
    double df_share; /* of difference - share x baseline */
    double alone;    /* part of the difference's variance that one cluster alone determines */
    double lowest;   /* by how much leaving out one cluster moves the difference */
    double highest;
};

/* By cluster. share: see df_share. residual: see assay_absorbed. */
enum status absorbed_by_cluster(const struct absorbed_fit *fit, enum variance kind, double share,
                                double *residual, struct absorbed_errors *out, struct error *error);

#endif
