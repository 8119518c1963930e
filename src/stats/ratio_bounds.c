/* Ratios of which a denominator may be 0: Fieller's set of each arm, joined by squares. */

#include "assay/ratio.h"

#include "assay/moments.h"
#include "base/error.h"
#include "stats/design.h"

#include <math.h>

/* Sums of an arm over its clusters, and what they vary by. */
struct sums {
    double clusters;
    double items;
    double mean[2];     /* of the clusters' numerators and denominators */
    double total[2];    /* likewise */
    double variance[2]; /* of the totals */
    double covariance;  /* of the totals */
    double df;
};

static double total_of(const double *moments, size_t outcome)
{
    return moments[0] * assay_moments_mean(moments, outcome);
}

static double influence(const double *moments, const struct sums *sums)
{
    return moments == NULL
               ? 0
               : total_of(moments, 0) / sums->total[0] - total_of(moments, 1) / sums->total[1];
}

/* G / (G - 1) times the sums of products about the means, and degrees of freedom as in ratio.c. */
static struct sums sums_of(const struct ratio_clusters *clusters, int arm)
{
    struct sums sums = {.clusters = 0};
    struct design design = {0};
    double second = 0;
    double fourth = 0;
    for (size_t g = 0; g < clusters->count; g++) {
        const double *moments = clusters->arms[arm][g];
        if (moments == NULL)
            continue;
        sums.clusters++;
        sums.items += moments[0];
        for (size_t i = 0; i < 2; i++)
            sums.total[i] += total_of(moments, i);
    }
    for (size_t i = 0; i < 2; i++)
        sums.mean[i] = sums.total[i] / sums.clusters;
    double factor = sums.clusters / (sums.clusters - 1);
    for (size_t g = 0; g < clusters->count; g++) {
        const double *moments = clusters->arms[arm][g];
        if (moments == NULL)
            continue;
        double n = total_of(moments, 0) - sums.mean[0];
        double d = total_of(moments, 1) - sums.mean[1];
        double phi = influence(moments, &sums);
        sums.variance[0] += factor * n * n;
        sums.variance[1] += factor * d * d;
        sums.covariance += factor * n * d;
        second += phi * phi;
        fourth += phi * phi * phi * phi;
        design_add(&design, moments[0] / sums.items, 0);
    }
    double df = fmin(sums.clusters - 1, influence_df(second, fourth));
    sums.df = fmax(1, fmin(df, design_df(&design)));
    return sums;
}

/* Logarithms of the ends of {r > 0: (N - r D)^2 <= t^2 (V_N - 2 r C + r^2 V_D)}: with
   a r^2 - 2 b r + c <= 0, the lower end from the product of the roots, which keeps its digits and
   is the positive root whatever the sign of a. */
static struct interval fieller(const struct sums *sums, double quantile)
{
    double t2 = quantile * quantile;
    double a = sums->total[1] * sums->total[1] - t2 * sums->variance[1];
    double b = sums->total[0] * sums->total[1] - t2 * sums->covariance;
    double c = sums->total[0] * sums->total[0] - t2 * sums->variance[0];
    double root = sqrt(fmax(0, b * b - a * c));
    return (struct interval){c > 0 ? log(c / (b + root)) : -INFINITY,
                             a > 0 ? log((b + root) / a) : INFINITY};
}

/* Correlation of the two arms' influences, if below 0. Above, it would make the interval narrower,
   by a number that weak denominators tell little of. 0 where no cluster is in both arms. */
static double correlation_of(const struct ratio_clusters *clusters, const struct sums sums[2])
{
    double squares[2] = {0, 0};
    double product = 0;
    for (size_t g = 0; g < clusters->count; g++) {
        double one = influence(clusters->arms[1][g], &sums[1]);
        double zero = influence(clusters->arms[0][g], &sums[0]);
        squares[1] += one * one;
        squares[0] += zero * zero;
        product += one * zero;
    }
    return product < 0 ? product / sqrt(squares[0] * squares[1]) : 0;
}

static double joined(double a, double b, double correlation)
{
    if (isinf(a) || isinf(b))
        return INFINITY;
    return sqrt(fmax(0, a * a + b * b - 2 * correlation * a * b));
}

struct two_arms {
    struct sums sums[2];
    double log_ratio[2];
    double correlation;
};

static enum status join(const struct two_arms *arms, double df, double level, struct interval *out,
                        struct error *error)
{
    double below[2]; /* how far the ends lie from the logarithm of the ratio */
    double above[2];
    for (int arm = 0; arm < 2; arm++) {
        double quantile = 0;
        enum status status =
            assay_quantile(level, df > 0 ? df : arms->sums[arm].df, &quantile, error);
        if (status != STATUS_OK)
            return status;
        struct interval set = fieller(&arms->sums[arm], quantile);
        below[arm] = arms->log_ratio[arm] - set.low;
        above[arm] = set.high - arms->log_ratio[arm];
    }
    double value = arms->log_ratio[1] - arms->log_ratio[0];
    *out = (struct interval){value - joined(below[1], above[0], arms->correlation),
                             value + joined(above[1], below[0], arms->correlation)};
    return STATUS_OK;
}

/* One less the level at which the interval ends at 0; sets of a lower level lie within. */
static enum status find_p(const struct two_arms *arms, double df, double *out, struct error *error)
{
    double low = 0;
    double high = 1;
    for (int step = 0; step < 50; step++) {
        struct interval interval;
        double middle = (low + high) / 2;
        enum status status = join(arms, df, 1 - middle, &interval, error);
        if (status != STATUS_OK)
            return status;
        if (interval.low > 0 || interval.high < 0)
            high = middle;
        else
            low = middle;
    }
    *out = high;
    return STATUS_OK;
}

enum status assay_ratio_bounds(const struct ratio_clusters *clusters, double df, double level,
                               struct estimate *out, struct error *error)
{
    struct two_arms arms;
    struct estimate estimate = {.standard_error = NAN, .statistic = NAN};
    for (int arm = 0; arm < 2; arm++) {
        struct sums sums = sums_of(clusters, arm);
        if (!(sums.clusters > 1) || !(sums.total[0] > 0) || !(sums.total[1] > 0))
            return error_set(error, ERROR_DOMAIN,
                             "arm %d has one cluster alone, or sums that have no ratio", arm);
        arms.sums[arm] = sums;
        arms.log_ratio[arm] = log(sums.total[0] / sums.total[1]);
    }
    arms.correlation = correlation_of(clusters, arms.sums);
    estimate.value = arms.log_ratio[1] - arms.log_ratio[0];
    estimate.df = df > 0 ? df : fmin(arms.sums[0].df, arms.sums[1].df);
    enum status status = join(&arms, df, level, &estimate.interval, error);
    if (status == STATUS_OK)
        status = find_p(&arms, df, &estimate.p, error);
    if (status == STATUS_OK)
        *out = estimate;
    return status;
}

void assay_ratio_unite(const struct estimate *other, struct estimate *estimate)
{
    estimate->interval.low = fmin(estimate->interval.low, other->interval.low);
    estimate->interval.high = fmax(estimate->interval.high, other->interval.high);
    estimate->p = fmax(estimate->p, other->p);
}
