#include "assay/ratio.h"

#include "assay/moments.h"
#include "base/error.h"
#include "stats/design.h"

#include <math.h>

enum { numerator, denominator, outcomes };

static double total(const double *moments, size_t outcome)
{
    return moments[0] * assay_moments_mean(moments, outcome);
}

static enum status sum_arm(const struct ratio_clusters *clusters, int arm, struct ratio_arm *out,
                           struct error *error)
{
    double mean = 0; /* of the clusters' denominators, and their squares about it (Welford) */
    double squares = 0;
    for (size_t g = 0; g < clusters->count; g++) {
        const double *moments = clusters->arms[arm][g];
        if (moments == NULL)
            continue;
        enum status status = assay_moments_check(outcomes, moments, error);
        if (status != STATUS_OK)
            return status;
        double step = total(moments, denominator) - mean;
        out->clusters++;
        out->items += moments[0];
        out->numerator += total(moments, numerator);
        out->denominator += total(moments, denominator);
        mean += step / (double)out->clusters;
        squares += step * (total(moments, denominator) - mean);
    }
    if (out->clusters == 0)
        return error_set(error, ERROR_DOMAIN, "arm %d has no items", arm);
    if (out->clusters == 1)
        return error_set(error, ERROR_DOMAIN,
                         "one cluster has all items of arm %d: no other shows by how much clusters "
                         "differ",
                         arm);
    if (!(out->numerator > 0) || !(out->denominator > 0))
        return error_set(
            error, ERROR_DOMAIN,
            "sums of %g over %g in arm %d have no ratio to compare: both must be above "
            "0",
            out->numerator, out->denominator, arm);
    double count = (double)out->clusters;
    out->ratio = out->numerator / out->denominator;
    out->strength = squares > 0 ? mean * sqrt(count * (count - 1) / squares) : INFINITY;
    return STATUS_OK;
}

/* s_a phi_ga */
static double influence(const double *moments, const struct ratio_arm *arm)
{
    double count = (double)arm->clusters;
    if (moments == NULL)
        return 0;
    return sqrt(count / (count - 1)) * (total(moments, numerator) / arm->numerator -
                                        total(moments, denominator) / arm->denominator);
}

/* The cluster's share of an arm's items, below 1: no arm is one cluster's. */
static double share(const double *moments, const struct ratio_arm *arm)
{
    return moments != NULL ? moments[0] / arm->items : 0;
}

static enum status estimate(const struct ratio_clusters *clusters, double standard_error, double df,
                            double level, struct ratio *ratio, struct error *error)
{
    struct estimate bounds;
    struct estimate *out = &ratio->estimate;
    double strength = fmin(ratio->arms[0].strength, ratio->arms[1].strength);
    ratio->weak = strength < assay_ratio_strength_least;
    if (ratio->weak)
        return assay_ratio_bounds(clusters, 0, level, out, error);
    enum status status = assay_estimate(out->value, standard_error, df, level, out, error);
    if (status != STATUS_OK || strength >= assay_ratio_strength_straight)
        return status;
    status = assay_ratio_bounds(clusters, 0, level, &bounds, error);
    if (status == STATUS_OK)
        assay_ratio_unite(&bounds, out);
    return status;
}

enum status assay_ratio(const struct ratio_clusters *clusters, double level, struct ratio *out,
                        struct error *error)
{
    struct ratio result = {0};
    enum status status = STATUS_OK;
    for (int arm = 0; arm < 2 && status == STATUS_OK; arm++)
        status = sum_arm(clusters, arm, &result.arms[arm], error);
    if (status != STATUS_OK)
        return status;
    double second = 0; /* sums of squares and fourth powers */
    double fourth = 0;
    struct design design = {0};
    for (size_t g = 0; g < clusters->count; g++) {
        double phi = influence(clusters->arms[1][g], &result.arms[1]) -
                     influence(clusters->arms[0][g], &result.arms[0]);
        result.clusters += clusters->arms[0][g] != NULL || clusters->arms[1][g] != NULL;
        second += phi * phi;
        fourth += phi * phi * phi * phi;
        design_add(&design, share(clusters->arms[1][g], &result.arms[1]),
                   share(clusters->arms[0][g], &result.arms[0]));
    }
    double value = log(result.arms[1].ratio / result.arms[0].ratio);
    double df = fmin((double)result.clusters - 1, influence_df(second, fourth));
    df = fmax(1, fmin(df, design_df(&design)));
    result.estimate.value = value;
    status = estimate(clusters, sqrt(second), df, level, &result, error);
    result.has_interval =
        isfinite(result.estimate.interval.low) || isfinite(result.estimate.interval.high);
    if (status == STATUS_OK)
        *out = result;
    return status;
}

enum status assay_ratio_line(double items, const double sums[2], struct ratio_line *out,
                             struct error *error)
{
    if (!(items > 0) || !(sums[numerator] > 0) || !(sums[denominator] > 0))
        return error_set(error, ERROR_DOMAIN,
                         "an arm's items and both of its sums must be above 0: there is no ratio "
                         "otherwise, or no logarithm of it");
    *out = (struct ratio_line){items / sums[numerator], -items / sums[denominator],
                               sums[numerator] / sums[denominator]};
    return STATUS_OK;
}
