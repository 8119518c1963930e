#include "assay/cautious.h"

#include "base/error.h"
#include "stats/score.h"

#include <math.h>

/* ---- Sums over clusters ----------------------------------------------------------------- */

struct arms {
    double clusters[2];
    double items[2];
    double mean[2];
    double squares[2];  /* s_a */
    double own;         /* V_1 + V_0 */
    double variance[2]; /* k_a V_a */
};

static enum status add_items(const struct arm_clusters *clusters, struct arms *arms,
                             struct error *error)
{
    double total[2] = {0, 0};
    for (size_t g = 0; g < clusters->count; g++) {
        int arm = clusters->arm[g];
        if ((arm != 0 && arm != 1) || !(clusters->items[g] > 0) ||
            !isfinite(clusters->items[g] * clusters->mean[g]) || !isfinite(clusters->residual[g]))
            return error_set(error, ERROR_DOMAIN, "cluster %zu has no items, no mean or no arm",
                             g + 1);
        arms->clusters[arm]++;
        arms->items[arm] += clusters->items[g];
        total[arm] += clusters->items[g] * clusters->mean[g];
    }
    for (int arm = 0; arm < 2; arm++) {
        if (arms->clusters[arm] < 2)
            return error_set(error, ERROR_DOMAIN, "arm %d has fewer than 2 clusters", arm);
        arms->mean[arm] = total[arm] / arms->items[arm];
    }
    return STATUS_OK;
}

static void add_shares(const struct arm_clusters *clusters, struct arms *arms)
{
    double variance[2] = {0, 0};
    double expected[2] = {0, 0}; /* of V_a, where clusters' means are alike in variance: of 1 */
    for (size_t g = 0; g < clusters->count; g++) {
        int arm = clusters->arm[g];
        double share = clusters->items[g] / arms->items[arm];
        arms->squares[arm] += share * share;
    }
    for (size_t g = 0; g < clusters->count; g++) {
        int arm = clusters->arm[g];
        double share = clusters->items[g] / arms->items[arm];
        double step = share * clusters->residual[g];
        variance[arm] += step * step / (1 - share);
        expected[arm] += share * share * (1 - 2 * share + arms->squares[arm]) / (1 - share);
    }
    for (int arm = 0; arm < 2; arm++)
        arms->variance[arm] = variance[arm] * fmax(1, arms->squares[arm] / expected[arm]);
    arms->own = variance[1] + variance[0];
}

static double sum_of(const struct arms *arms)
{
    return arms->variance[1] + arms->variance[0];
}

/* The variance were it alike in both arms. */
static double alike(const struct arms *arms)
{
    double sum = 0;
    for (int arm = 0; arm < 2; arm++)
        sum += (arms->clusters[arm] - 1) * arms->variance[arm] / arms->squares[arm];
    return sum * (arms->squares[1] + arms->squares[0]) /
           (arms->clusters[1] + arms->clusters[0] - 2);
}

/* ---- Score limits ----------------------------------------------------------------------- */

/* v(u) / u */
static double spread_of(enum outcome_range range, double mean)
{
    return range == OUTCOME_SHARE ? mean * (1 - mean) : mean;
}

/* With c = t^2 / N: the roots of (1 + c) u^2 - (2 m + c) u + m^2, where v(u) = u without the c u^2.
   The lower one from the product of both, which keeps its digits. */
struct interval score_limits(enum outcome_range range, double mean, double c)
{
    double lead = range == OUTCOME_SHARE ? 1 + c : 1;
    double middle = 2 * mean + c;
    double root = sqrt(fmax(0, c * c + 4 * c * spread_of(range, mean)));
    double high = (middle + root) / (2 * lead);
    return (struct interval){high > 0 ? mean * mean / (lead * high) : 0, high};
}

struct interval assay_score_difference(enum outcome_range range, const double mean[2],
                                       const double items[2], double difference, double quantile)
{
    struct interval limits[2];
    for (int arm = 0; arm < 2; arm++)
        limits[arm] = score_limits(range, mean[arm], quantile * quantile / items[arm]);
    return (struct interval){difference - hypot(mean[1] - limits[1].low, limits[0].high - mean[0]),
                             difference + hypot(limits[1].high - mean[1], mean[0] - limits[0].low)};
}

/* The quantile at which the score interval of an estimate ends at 0, if below the one of t. */
static double statistic_of(enum outcome_range range, const double mean[2], const double items[2],
                           const struct estimate *estimate)
{
    double low = 0;
    double high = fabs(estimate->statistic);
    for (int step = 0; step < 100 && high - low > 1e-12 * high; step++) {
        double middle = (low + high) / 2;
        struct interval interval =
            assay_score_difference(range, mean, items, estimate->value, middle);
        if (interval.low <= 0 && interval.high >= 0)
            high = middle;
        else
            low = middle;
    }
    return high;
}

static enum status check_range(enum outcome_range range, const double mean[2], struct error *error)
{
    for (int arm = 0; arm < 2; arm++)
        if ((range != OUTCOME_ANY && !(mean[arm] >= 0)) ||
            (range == OUTCOME_SHARE && !(mean[arm] <= 1)))
            return error_set(error, ERROR_DOMAIN, "the mean of arm %d is %g", arm, mean[arm]);
    return STATUS_OK;
}

enum status assay_score_widen(enum outcome_range range, const double mean[2], const double items[2],
                              double variance, double least_dispersion, double level,
                              struct estimate *estimate, struct error *error)
{
    double quantile = 0;
    double p = 0;
    enum status status = check_range(range, mean, error);
    if (status != STATUS_OK || range == OUTCOME_ANY)
        return status;
    double plain = spread_of(range, mean[1]) / items[1] + spread_of(range, mean[0]) / items[0];
    if (!(plain > 0))
        return STATUS_OK;
    double dispersion = fmax(least_dispersion, variance / plain);
    const double effective[2] = {items[0] / dispersion, items[1] / dispersion};
    status = assay_quantile(level, estimate->df, &quantile, error);
    if (status == STATUS_OK)
        status =
            assay_p_value(statistic_of(range, mean, effective, estimate), estimate->df, &p, error);
    if (status != STATUS_OK)
        return status;
    struct interval interval =
        assay_score_difference(range, mean, effective, estimate->value, quantile);
    estimate->interval.low = fmin(estimate->interval.low, interval.low);
    estimate->interval.high = fmax(estimate->interval.high, interval.high);
    estimate->p = fmax(estimate->p, p);
    return STATUS_OK;
}

enum status assay_score_alike(double share, const double worth[2], double df, double level,
                              struct estimate *out, struct error *error)
{
    const double mean[2] = {share, share};
    double quantile = 0;
    if (share != 0 && share != 1)
        return error_set(error, ERROR_DOMAIN, "a share of %g: items that are alike have 0 or 1",
                         share);
    if (!(worth[0] > 0 && worth[1] > 0) || !isfinite(worth[0] + worth[1]))
        return error_set(error, ERROR_DOMAIN, "an arm is worth no item");
    enum status status = assay_quantile(level, df, &quantile, error);
    if (status != STATUS_OK)
        return status;
    struct interval interval = assay_score_difference(OUTCOME_SHARE, mean, worth, 0, quantile);
    *out = (struct estimate){
        .standard_error = fmax(-interval.low, interval.high) / quantile,
        .df = df,
        .p = 1,
        .interval = interval,
    };
    return STATUS_OK;
}

/* ---- Together --------------------------------------------------------------------------- */

enum status assay_cautious(const struct arm_clusters *clusters, enum outcome_range range,
                           double least_dispersion, double level, const struct estimate *cr2,
                           struct cautious *out, struct error *error)
{
    struct arms arms = {.own = 0};
    struct cautious result = {.worth = {0, 0}};
    double quantile = 0;
    double quantile_alike = 0;
    enum status status = add_items(clusters, &arms, error);
    if (status == STATUS_OK)
        status = check_range(range, arms.mean, error);
    if (status != STATUS_OK)
        return status;
    add_shares(clusters, &arms);
    status = assay_quantile(level, cr2->df, &quantile, error);
    if (status == STATUS_OK)
        status =
            assay_quantile(level, arms.clusters[1] + arms.clusters[0] - 2, &quantile_alike, error);
    if (status != STATUS_OK)
        return status;
    double to_own = arms.own > 0 ? sum_of(&arms) / arms.own : 1;
    double to_alike = arms.own > 0 ? alike(&arms) / arms.own : 1;
    double factor = fmax(sqrt(to_own), sqrt(to_alike) * quantile_alike / quantile);
    double variance = to_own * cr2->standard_error * cr2->standard_error;
    struct estimate *estimate = &result.estimate;
    status =
        assay_estimate(cr2->value, factor * cr2->standard_error, cr2->df, level, estimate, error);
    if (status == STATUS_OK)
        status = assay_score_widen(range, arms.mean, arms.items, variance, least_dispersion, level,
                                   estimate, error);
    if (status != STATUS_OK)
        return status;
    result.worth[0] = 1 / arms.squares[0];
    result.worth[1] = 1 / arms.squares[1];
    *out = result;
    return STATUS_OK;
}
