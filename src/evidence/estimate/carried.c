#include "evidence/estimate/carried.h"

#include "assay/cautious.h"
#include "assay/moments.h"
#include "base/error.h"

#include <math.h>

/* ---- Who carries it --------------------------------------------------------------------- */

static double mean_of(const double *moments, size_t columns)
{
    return assay_moments_mean(moments, columns - 1);
}

static bool is_constant(const double *moments, size_t columns)
{
    return !(assay_moments_cross(columns, moments, columns - 1, columns - 1) > 0);
}

/* The value of most items among clusters that have one value alone, by majority vote (Boyer &
   Moore 1991): the usual value, if there is one. */
static double usual_value(const double *const *clusters, size_t count, size_t columns)
{
    double value = NAN;
    double lead = 0;
    for (size_t g = 0; g < count; g++) {
        double items = clusters[g][0];
        double mean = mean_of(clusters[g], columns);
        if (!is_constant(clusters[g], columns))
            continue;
        if (mean == value)
            lead += items;
        else if (items > lead) {
            value = mean;
            lead = items - lead;
        } else {
            lead -= items;
        }
    }
    return value;
}

/* Items and sums of y of a cluster, by arm. */
struct parts {
    double items[2];
    double total[2];
};

static struct parts parts_of(const double *moments, size_t columns)
{
    double share = assay_moments_mean(moments, 0);
    double total = moments[0] * mean_of(moments, columns);
    double treated = assay_moments_cross(columns, moments, 0, columns - 1) + share * total;
    return (struct parts){{moments[0] * (1 - share), moments[0] * share},
                          {total - treated, treated}};
}

static struct parts parts_of_all(const double *const *clusters, size_t count, size_t columns,
                                 bool *apart)
{
    struct parts sum = {{0, 0}, {0, 0}};
    *apart = true;
    for (size_t g = 0; g < count; g++) {
        struct parts parts = parts_of(clusters[g], columns);
        *apart = *apart && (parts.items[0] == 0 || parts.items[1] == 0);
        for (int arm = 0; arm < 2; arm++) {
            sum.items[arm] += parts.items[arm];
            sum.total[arm] += parts.total[arm];
        }
    }
    return sum;
}

/* The largest square of the clusters' influences on the difference, to their sum: of the arm whose
   are larger, or of all where clusters are in both arms. */
static double top_share(const double *const *clusters, size_t count, size_t columns,
                        const struct parts *all, bool apart)
{
    double sum[2] = {0, 0};
    double most[2] = {0, 0};
    for (size_t g = 0; g < count; g++) {
        struct parts parts = parts_of(clusters[g], columns);
        double step = 0;
        for (int arm = 0; arm < 2; arm++) {
            double mean = all->total[arm] / all->items[arm];
            double part = (parts.total[arm] - parts.items[arm] * mean) / all->items[arm];
            step += arm == 1 ? part : -part;
        }
        int of = apart && parts.items[1] > 0;
        sum[of] += step * step;
        most[of] = fmax(most[of], step * step);
    }
    int wider = sum[1] > sum[0];
    return sum[wider] > 0 ? most[wider] / sum[wider] : NAN;
}

struct carried carried_of(const double *const *clusters, size_t count, size_t columns,
                          bool proportion)
{
    struct carried out = {
        .known = true, .worth = {NAN, NAN}, .ratio_error = NAN, .eventful = (int64_t)count};
    double squares[2] = {0, 0};
    bool apart = true;
    struct parts all = parts_of_all(clusters, count, columns, &apart);
    double events = all.total[0] + all.total[1];
    double usual = usual_value(clusters, count, columns);
    if (proportion)
        usual = 2 * events > all.items[0] + all.items[1] ? 1 : 0;
    int64_t without = 0;
    for (size_t g = 0; g < count; g++) {
        struct parts parts = parts_of(clusters[g], columns);
        without += is_constant(clusters[g], columns) && mean_of(clusters[g], columns) == usual;
        for (int arm = 0; arm < 2; arm++)
            squares[arm] += parts.items[arm] * parts.items[arm];
    }
    for (int arm = 0; arm < 2 && apart; arm++)
        out.worth[arm] = all.items[arm] * all.items[arm] / squares[arm];
    out.top = top_share(clusters, count, columns, &all, apart);
    /* One cluster whose items happen to be alike shows no usual value. */
    if (without >= (proportion ? 1 : 2))
        out.eventful -= without;
    return out;
}

/* ---- As wide as it has to be ------------------------------------------------------------ */

static double residual_of(const struct regression_fit *about, const double *moments)
{
    double residual = mean_of(moments, about->coefficients) - about->coefficient[0];
    for (size_t j = 1; j < about->coefficients; j++)
        residual -= about->coefficient[j] * assay_moments_mean(moments, j - 1);
    return residual;
}

static enum outcome_range range_of(const struct metric *metric, const double *mean, size_t count)
{
    if (metric->kind == METRIC_PROPORTION)
        return OUTCOME_SHARE;
    for (size_t g = 0; g < count; g++)
        if (mean[g] < 0)
            return OUTCOME_ANY;
    return metric->scale == METRIC_LOG ? OUTCOME_ANY : OUTCOME_AT_LEAST_0;
}

/* The longer side of an interval. */
static double reach_of(const struct estimate *estimate)
{
    return fmax(estimate->value - estimate->interval.low,
                estimate->interval.high - estimate->value);
}

const double *carried_residuals(const struct regression *fit, const double *const *clusters,
                                struct arena *arena)
{
    struct regression_fit about = assay_regression_fit(fit);
    double *residual = arena_array(arena, about.clusters, sizeof *residual);
    for (size_t g = 0; g < about.clusters; g++)
        residual[g] = residual_of(&about, clusters[g]);
    return residual;
}

enum status carried_widen(const struct carried_clusters *of, const struct metric *metric,
                          double level, struct arena *arena, struct estimate *estimate,
                          double *scale, struct error *error)
{
    size_t count = of->count;
    int *arms = arena_array(arena, count, sizeof *arms);
    double *items = arena_array(arena, count, sizeof *items);
    double *mean = arena_array(arena, count, sizeof *mean);
    bool apart = true;
    struct parts all = parts_of_all(of->list, count, of->columns, &apart);
    for (size_t g = 0; g < count; g++) {
        arms[g] = assay_moments_mean(of->list[g], 0) > 0;
        items[g] = of->list[g][0];
        mean[g] = mean_of(of->list[g], of->columns);
    }
    const struct arm_clusters given = {count, arms, items, mean, of->residual};
    struct cautious cautious = {.estimate = *estimate};
    enum outcome_range range = range_of(metric, mean, count);
    double variance = estimate->standard_error * estimate->standard_error;
    /* Sums by arm are differences of others: what rounding left outside the range is of 0 or 1. */
    double most = range == OUTCOME_SHARE ? 1 : INFINITY;
    const double means[2] = {fmin(most, fmax(0, all.total[0] / all.items[0])),
                             fmin(most, fmax(0, all.total[1] / all.items[1]))};
    /* Shares of clusters in one arm vary by items at the least as much as if these were alone, but
       for what covariates explain. Within clusters they may vary less. */
    double least = apart && range == OUTCOME_SHARE ? of->unexplained : 0;
    enum status status =
        apart ? assay_cautious(&given, range, least, level, estimate, &cautious, error)
              : assay_score_widen(range, means, all.items, variance, least, level,
                                  &cautious.estimate, error);
    double quantile = 0;
    if (status == STATUS_OK)
        status = assay_quantile(level, cautious.estimate.df, &quantile, error);
    if (status != STATUS_OK)
        return status;
    *scale = fmax(1, reach_of(&cautious.estimate) / (quantile * estimate->standard_error));
    *estimate = cautious.estimate;
    return STATUS_OK;
}

bool carried_is_alike(const double *const *clusters, size_t count, size_t columns)
{
    for (size_t g = 0; g < count; g++)
        if (!is_constant(clusters[g], columns) ||
            mean_of(clusters[g], columns) != mean_of(clusters[0], columns))
            return false;
    return count > 0;
}

enum status carried_alike(const double *const *clusters, size_t count, size_t columns, double level,
                          struct estimate *out, struct error *error)
{
    double squares[2] = {0, 0};
    size_t in_arm[2] = {0, 0};
    bool apart = true;
    struct parts all = parts_of_all(clusters, count, columns, &apart);
    for (size_t g = 0; g < count; g++) {
        struct parts parts = parts_of(clusters[g], columns);
        for (int arm = 0; arm < 2; arm++) {
            in_arm[arm] += parts.items[arm] > 0;
            squares[arm] += parts.items[arm] * parts.items[arm];
        }
    }
    if (in_arm[0] < 2 || in_arm[1] < 2)
        return error_set(error, ERROR_DOMAIN, "the outcome is the same in every row");
    double worth[2];
    for (int arm = 0; arm < 2; arm++)
        worth[arm] = apart ? all.items[arm] * all.items[arm] / squares[arm] : all.items[arm];
    return assay_score_alike(mean_of(clusters[0], columns), worth, (double)count - (apart ? 2 : 1),
                             level, out, error);
}

/* ---- From parts ------------------------------------------------------------------------- */

static bool are_apart(const struct arm_parts *parts)
{
    for (size_t g = 0; g < parts->count; g++)
        if (parts->items[0][g] > 0 && parts->items[1][g] > 0)
            return false;
    return true;
}

struct carried carried_of_parts(const struct arm_parts *parts)
{
    double items[2] = {0, 0};
    double shares[2] = {0, 0};
    double sum[2] = {0, 0};
    double most[2] = {0, 0};
    bool apart = are_apart(parts);
    for (size_t g = 0; g < parts->count; g++) {
        double step = parts->part[1][g] - parts->part[0][g];
        int of = apart && parts->items[1][g] > 0;
        sum[of] += step * step;
        most[of] = fmax(most[of], step * step);
        for (int arm = 0; arm < 2; arm++) {
            items[arm] += parts->items[arm][g];
            shares[arm] += parts->items[arm][g] * parts->items[arm][g];
        }
    }
    int wider = sum[1] > sum[0];
    return (struct carried){
        .known = true,
        .worth = {apart ? items[0] * items[0] / shares[0] : NAN,
                  apart ? items[1] * items[1] / shares[1] : NAN},
        .top = sum[wider] > 0 ? most[wider] / sum[wider] : NAN,
        .ratio_error = NAN,
        .eventful = (int64_t)parts->count,
    };
}

enum status carried_widen_parts(const struct arm_parts *parts, double level, struct arena *arena,
                                struct estimate *estimate, double *scale, struct error *error)
{
    size_t count = parts->count;
    int *arms = arena_array(arena, count, sizeof *arms);
    double *items = arena_array(arena, count, sizeof *items);
    double *away = arena_array(arena, count, sizeof *away);
    double total[2] = {0, 0};
    double variance = 0; /* that of CR2 */
    struct cautious cautious;
    *scale = 1;
    if (!are_apart(parts))
        return STATUS_OK;
    for (size_t g = 0; g < count; g++) {
        arms[g] = parts->items[1][g] > 0;
        items[g] = parts->items[arms[g]][g];
        total[arms[g]] += items[g];
    }
    for (size_t g = 0; g < count; g++) {
        double part = parts->part[arms[g]][g];
        away[g] = part * total[arms[g]] / items[g];
        variance += part * part / (1 - items[g] / total[arms[g]]);
    }
    const struct arm_clusters given = {count, arms, items, away, away};
    struct estimate cr2 = *estimate;
    cr2.standard_error = fmax(cr2.standard_error, sqrt(variance));
    enum status status = assay_cautious(&given, OUTCOME_ANY, 0, level, &cr2, &cautious, error);
    if (status != STATUS_OK)
        return status;
    *scale = cautious.estimate.standard_error / estimate->standard_error;
    *estimate = cautious.estimate;
    return STATUS_OK;
}
