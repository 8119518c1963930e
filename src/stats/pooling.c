#include "assay/pooling.h"

#include "base/error.h"
#include "stats/neumaier.h"

#include <math.h>
#include <stdbool.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

/* ---- Weighted sums at a trial tau^2 ------------------------------------------------------- */

struct sums {
    double weight;       /* sum w */
    double square;       /* sum w^2 */
    double cube;         /* sum w^3 */
    double mean;         /* mu */
    double deviation;    /* sum w (y - mu)^2 */
    double deviation_sq; /* sum w^2 (y - mu)^2 */
    double log_variance; /* sum ln(v + tau^2) */
};

static struct sums sums_at(const struct pooling_cells *cells, double between)
{
    struct sums out = {.weight = 0};
    double total = 0;
    double rest = 0;
    for (size_t i = 0; i < cells->count; i++) {
        double w = 1 / (cells->variance[i] + between);
        out.weight += w;
        out.square += w * w;
        out.cube += w * w * w;
        out.log_variance -= log(w);
        neumaier_add(&total, &rest, w * (cells->value[i] - cells->value[0]));
    }
    out.mean = cells->value[0] + (total + rest) / out.weight;
    for (size_t i = 0; i < cells->count; i++) {
        double w = 1 / (cells->variance[i] + between);
        double apart = cells->value[i] - out.mean;
        out.deviation += w * apart * apart;
        out.deviation_sq += w * w * apart * apart;
    }
    return out;
}

/* Above 0 where tau^2 should be larger. */
static double slope(const struct pooling_cells *cells, enum pooling pooling, double between)
{
    struct sums at = sums_at(cells, between);
    if (pooling == POOLING_PAULE_MANDEL)
        return at.deviation - (double)(cells->count - 1);
    /* Twice the derivative of the restricted log likelihood, y'PPy - tr P. */
    return at.deviation_sq - (at.weight - at.square / at.weight);
}

static double restricted_likelihood(const struct pooling_cells *cells, double between)
{
    struct sums at = sums_at(cells, between);
    return -(at.log_variance + log(at.weight) + at.deviation) / 2;
}

/* ---- tau^2 -------------------------------------------------------------------------------- */

static double bisect(const struct pooling_cells *cells, enum pooling pooling, double low,
                     double high)
{
    for (int step = 0; step < 200 && high - low > 1e-15 * high; step++) {
        double middle = (low + high) / 2;
        if (slope(cells, pooling, middle) > 0)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* No tau^2 above it can be a solution of either equation. With r the range of values, REML's is
   tau^2 = sum w^2 ((y - mu)^2 - v) / sum w^2 + 1 / sum w <= r^2 + (max v + tau^2) / K, and Paule &
   Mandel's is at most sum (y - mean)^2 / (K - 1). */
static double most_between(const struct pooling_cells *cells)
{
    double low = cells->value[0];
    double high = low;
    double variance = 0;
    double count = (double)cells->count;
    for (size_t i = 0; i < cells->count; i++) {
        low = fmin(low, cells->value[i]);
        high = fmax(high, cells->value[i]);
        variance = fmax(variance, cells->variance[i]);
    }
    double square = (high - low) * (high - low);
    return (square * count + variance) / (count - 1);
}

/* The likelihood may have several peaks: the highest is looked for first, at 0 and at steps of an
   eighth over 12 powers of ten, and then found between its neighbours. */
static double by_likelihood(const struct pooling_cells *cells, double most)
{
    const double step = 1.125;
    double best = 0;
    double highest = restricted_likelihood(cells, 0);
    double at = most;
    for (int i = 0; i < 240; i++, at /= step) {
        double likelihood = restricted_likelihood(cells, at);
        if (likelihood > highest) {
            highest = likelihood;
            best = at;
        }
    }
    if (!(best > 0))
        return slope(cells, POOLING_REML, 0) > 0 ? bisect(cells, POOLING_REML, 0, at) : 0;
    return bisect(cells, POOLING_REML, best / step, best * step);
}

static double between_of(const struct pooling_cells *cells, enum pooling pooling)
{
    double most = most_between(cells);
    if (pooling == POOLING_REML)
        return by_likelihood(cells, most);
    return slope(cells, pooling, 0) > 0 ? bisect(cells, pooling, 0, most) : 0;
}

/* ---- What is told ------------------------------------------------------------------------- */

static enum status check_cells(const struct pooling_cells *cells, struct error *error)
{
    bool alike = true;
    if (cells->count < 2)
        return error_set(error, ERROR_DOMAIN, "pooling needs 2 cells at least");
    for (size_t i = 0; i < cells->count; i++) {
        if (!isfinite(cells->value[i]) || !isfinite(cells->variance[i]) ||
            !(cells->variance[i] > 0))
            return error_set(error, ERROR_DOMAIN,
                             "cell %zu has no finite value, or no variance above 0", i + 1);
        alike = alike && cells->value[i] == cells->value[0];
    }
    if (alike)
        return error_set(error, ERROR_DOMAIN,
                         "the cells are all of one value: nothing tells how "
                         "far they differ");
    return STATUS_OK;
}

/* Of tau^2, from the expected information of the restricted likelihood, tr(PP) / 2. */
static double variance_of_between(const struct sums *at)
{
    double mean = at->square / at->weight;
    return 2 / (at->square - 2 * at->cube / at->weight + mean * mean);
}

static void put_heterogeneity(const struct pooling_cells *cells, struct pooled *out)
{
    struct sums at = sums_at(cells, 0);
    double df = (double)(cells->count - 1);
    /* A variance of one cell that is typical (Higgins & Thompson 2002, eq. 9). */
    double typical = df * at.weight / (at.weight * at.weight - at.square);
    out->heterogeneity = at.deviation;
    out->p = pchisq(at.deviation, df, false, false);
    out->share_between = out->between / (out->between + typical);
    out->ratio_total = (out->between + typical) / typical;
}

enum status assay_pool(const struct pooling_cells *cells, enum pooling pooling, double level,
                       struct pooled *out, struct error *error)
{
    double quantile = 0;
    enum status status = check_cells(cells, error);
    if (status != STATUS_OK)
        return status;
    double df = (double)(cells->count - 1);
    struct pooled result = {.between = between_of(cells, pooling)};
    struct sums at = sums_at(cells, result.between);
    double variance = fmax(1, at.deviation / df) / at.weight;
    result.plain_error = sqrt(1 / at.weight);
    result.between_variance = variance_of_between(&at);
    status = assay_estimate(at.mean, sqrt(variance), df, level, &result.mean, error);
    if (status == STATUS_OK)
        status = assay_quantile(level, df, &quantile, error);
    if (status != STATUS_OK)
        return status;
    double half = quantile * sqrt(result.between + variance);
    result.prediction = (struct interval){at.mean - half, at.mean + half};
    put_heterogeneity(cells, &result);
    *out = result;
    return STATUS_OK;
}

struct shrunken assay_shrink(const struct pooled *pooled, double value, double variance)
{
    double total = pooled->between + variance;
    double own = pooled->between / total;
    double of_mean = (1 - own) * pooled->mean.standard_error;
    double of_own = variance * variance / (total * total * total) * pooled->between_variance;
    double of_value = own * variance + of_mean * of_mean + 2 * of_own;
    return (struct shrunken){.value = pooled->mean.value + own * (value - pooled->mean.value),
                             .standard_error = sqrt(fmin(variance, of_value)),
                             .own = own};
}
