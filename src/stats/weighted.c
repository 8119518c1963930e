/* Moments with analytic weights. */

#include "assay/weighted.h"

#include "assay/moments.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

/* A run longer than this is cut, as in moments.c. */
enum { run_max = 1024 };

enum { moments_max = 1 + assay_moments_columns_max * (assay_moments_columns_max + 3) / 2 };

size_t assay_weighted_length(size_t k)
{
    return 3 * assay_moments_length(k);
}

size_t assay_weighted_size(size_t k)
{
    return assay_weighted_length(k) * sizeof(double);
}

void assay_weighted_init(size_t k, double *moments)
{
    memset(moments, 0, assay_weighted_size(k));
}

/* Corrected two-pass sums of one run in which a row counts w^power. */
static void add_run(size_t k, const double *const *columns, size_t first, size_t end,
                    const double *weights, size_t power, double *moments)
{
    double run[moments_max] = {0};
    double rest[assay_moments_columns_max] = {0};
    double d[assay_moments_columns_max];
    double *mean = run + 1;
    double weight[run_max] = {0};
    for (size_t row = first; row < end; row++) {
        double w = power == 0 ? 1 : power == 1 ? weights[row] : weights[row] * weights[row];
        weight[row - first] = w;
        run[0] += w;
        for (size_t i = 0; i < k; i++)
            mean[i] += w * (columns[i][row] - columns[i][first]);
    }
    for (size_t i = 0; i < k; i++)
        mean[i] = columns[i][first] + mean[i] / run[0];
    for (size_t row = first; row < end; row++) {
        double *cross = run + 1 + k;
        for (size_t i = 0; i < k; i++) {
            d[i] = columns[i][row] - mean[i];
            double weighted = weight[row - first] * d[i];
            rest[i] += weighted;
            for (size_t j = 0; j <= i; j++)
                *cross++ += weighted * d[j];
        }
    }
    double *cross = run + 1 + k;
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j <= i; j++)
            *cross++ -= rest[i] * rest[j] / run[0];
        mean[i] += rest[i] / run[0];
    }
    assay_moments_merge(k, run, moments);
}

/* A weight below 0 could hide in the sums of others: the sum of weights is spoilt, for the check.
 */
static void mark_bad_weights(size_t k, size_t rows, const double *weights, double *moments)
{
    for (size_t row = 0; row < rows; row++)
        if (!isfinite(weights[row]) || !(weights[row] > 0))
            moments[assay_moments_length(k)] = NAN;
}

void assay_weighted_add(size_t k, size_t rows, const double *const *columns, const double *weights,
                        double *moments)
{
    for (size_t first = 0; first < rows; first += run_max) {
        size_t end = rows - first < run_max ? rows : first + run_max;
        for (size_t power = 0; power < 3; power++)
            add_run(k, columns, first, end, weights, power,
                    moments + power * assay_moments_length(k));
    }
    mark_bad_weights(k, rows, weights, moments);
}

void assay_weighted_merge(size_t k, const double *from, double *into)
{
    size_t length = assay_moments_length(k);
    for (size_t power = 0; power < 3; power++)
        assay_moments_merge(k, from + power * length, into + power * length);
}

enum status assay_weighted_check(size_t k, const double *moments, struct error *error)
{
    double part[moments_max];
    enum status status = assay_moments_check(k, moments, error);
    for (size_t power = 1; status == STATUS_OK && power < 3; power++) {
        const double *from = moments + power * assay_moments_length(k);
        if (!isfinite(from[0]) || !(from[0] > 0))
            return error_set(error, ERROR_DOMAIN, "a weight is not finite and above 0");
        memcpy(part, from, assay_moments_size(k));
        part[0] = moments[0]; /* a sum of weights need not be a whole number */
        status = assay_moments_check(k, part, error);
    }
    return status;
}
