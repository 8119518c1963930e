#include "stats/fit.h"

#include "base/error.h"
#include "stats/neumaier.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A regressor whose unexplained share is below this cannot be told from a combination of others. */
#define COLLINEAR 1e-12

/* A residual sum of squares below this share of y's is what rounding left of 0. */
#define EXACT_FIT (64 * DBL_EPSILON)

static enum status check_clusters(const struct regression *fit, struct error *error)
{
    size_t columns = fit->regressors + 1;
    if (fit->cluster_count < 1)
        return error_set(error, ERROR_DOMAIN, "no cluster has any row");
    for (size_t g = 0; g < fit->cluster_count; g++) {
        enum status status = fit->weighted ? assay_weighted_check(columns, fit->clusters[g], error)
                                           : assay_moments_check(columns, fit->clusters[g], error);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* One more pass of corrected two-pass sums over the clusters: with d = mean_g - mean,
   mean += sum n_g d / n, c_ij = sum (c_gij + n_g d_i d_j) - (what the mean was off by). Merging one
   cluster after the other would add a rounding of the whole for each of, perhaps, 200,000. */
static void total_pass(const struct regression *fit, double *total)
{
    size_t k = fit->regressors + 1;
    size_t length = assay_moments_length(k);
    double rest[fit_moments_max] = {0};
    double d[fit_coefficients_max];
    double mean[fit_coefficients_max];
    for (size_t j = 0; j < k; j++)
        mean[j] = assay_moments_mean(total, j);
    memset(total, 0, length * sizeof *total);
    for (size_t g = 0; g < fit->cluster_count; g++) {
        const double *cluster = fit_cluster(fit, g, 1);
        double n = cluster[0];
        size_t at = 1 + k;
        neumaier_add(&total[0], &rest[0], n);
        for (size_t i = 0; i < k; i++) {
            d[i] = assay_moments_mean(cluster, i) - mean[i];
            neumaier_add(&total[1 + i], &rest[1 + i], n * d[i]);
            for (size_t j = 0; j <= i; j++, at++)
                neumaier_add(&total[at], &rest[at], cluster[at] + n * d[i] * d[j]);
        }
    }
    for (size_t i = 0; i < length; i++)
        total[i] += rest[i];
    size_t at = 1 + k;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++)
            total[at++] -= total[1 + i] * total[1 + j] / total[0];
    for (size_t i = 0; i < k; i++)
        total[1 + i] = mean[i] + total[1 + i] / total[0];
}

/* The moments of all rows, from a provisional mean to the mean. */
static void total_of(const struct regression *fit, double *total)
{
    memcpy(total, fit_cluster(fit, 0, 1), assay_moments_size(fit->regressors + 1));
    if (fit->cluster_count > 1)
        for (int pass = 0; pass < 2; pass++)
            total_pass(fit, total);
}

/* Whether a column of that mean and sum of squares is constant but for the rounding of its mean. */
static bool is_constant(double rows, double mean, double sum_of_squares)
{
    double noise = 4 * DBL_EPSILON * mean;
    return sum_of_squares <= rows * noise * noise;
}

static enum status check_variation(const struct regression *fit, const double *total,
                                   size_t *column, struct error *error)
{
    size_t p = fit->regressors;
    if (fit->rows <= (double)(p + 1))
        return error_set(error, ERROR_DOMAIN,
                         "%.0f rows cannot carry %zu coefficients: more rows than that are needed",
                         fit->rows, p + 1);
    for (size_t j = 0; j <= p; j++)
        if (!isfinite(total[1 + j]) || !isfinite(assay_moments_cross(p + 1, total, j, j)))
            return error_set(error, ERROR_DOMAIN, "column %zu is too large to square", j + 1);
    for (size_t j = 0; j <= p; j++) {
        if (!is_constant(total[0], assay_moments_mean(total, j),
                         assay_moments_cross(p + 1, total, j, j)))
            continue;
        if (j == p)
            return error_set(error, ERROR_DOMAIN, "the outcome is the same in every row");
        if (column != NULL)
            *column = j + 1;
        return error_set(error, ERROR_SINGULAR, "column %zu is the same in every row", j + 1);
    }
    return STATUS_OK;
}

/* root = K^-1 D^-1, with D the columns' lengths and K K' their correlations (Cholesky). The square
   of K's diagonal is the share of a column that those before it leave unexplained. */
static enum status whiten(struct regression *fit, const double *total, size_t *column,
                          struct error *error)
{
    size_t p = fit->regressors;
    size_t k = p + 1;
    if (p == 0)
        return STATUS_OK;
    double *root = fit->root;
    double length[fit_coefficients_max];
    for (size_t i = 0; i < p; i++)
        length[i] = sqrt(assay_moments_cross(k, total, i, i));
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            root[i * p + j] =
                j > i ? 0 : assay_moments_cross(k, total, i, j) / length[i] / length[j];

    /* LAPACK reads by columns, where our lower triangle is its upper one. */
    lapack_int size = (lapack_int)p;
    lapack_int stopped = LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', size, root, size);
    size_t pivots = stopped > 0 ? (size_t)stopped - 1 : p;
    size_t fault = pivots;
    for (size_t i = pivots; i-- > 0;)
        if (root[i * p + i] * root[i * p + i] < COLLINEAR)
            fault = i;
    if (fault < p) {
        if (column != NULL)
            *column = fault + 1;
        return error_set(error, ERROR_SINGULAR, "column %zu is determined by the columns before it",
                         fault + 1);
    }
    (void)LAPACKE_dtrtri(LAPACK_COL_MAJOR, 'U', 'N', size, root, size);
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j <= i; j++)
            root[i * p + j] /= length[j];
    return STATUS_OK;
}

static void solve(struct regression *fit, const double *total)
{
    size_t p = fit->regressors;
    size_t size = fit->coefficients;
    double explained = 0;
    double syy = assay_moments_cross(p + 1, total, p, p);
    for (size_t j = 0; j < size * size; j++)
        fit->basis[j] = 0;
    fit->basis[0] = 1 / sqrt(fit->weight);
    for (size_t j = 0; j < size; j++)
        fit->coefficient[j] = 0;
    for (size_t i = 0; i < p; i++) {
        const double *row = fit->root + i * p;
        double whitened = 0;
        for (size_t j = 0; j <= i; j++)
            whitened += row[j] * assay_moments_cross(p + 1, total, j, p);
        explained += whitened * whitened;
        for (size_t j = 0; j <= i; j++) {
            fit->coefficient[1 + j] += row[j] * whitened;
            fit->basis[(1 + j) * size + 1 + i] = row[j];
            fit->basis[1 + i] -= row[j] * fit->centre[j];
        }
    }
    fit->coefficient[0] = fit->centre[p];
    for (size_t j = 0; j < p; j++)
        fit->coefficient[0] -= fit->coefficient[1 + j] * fit->centre[j];
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++) {
            double sum = 0;
            for (size_t l = i > j ? i : j; l < p; l++)
                sum += fit->root[l * p + i] * fit->root[l * p + j];
            fit->inverse[i * p + j] = sum;
        }
    fit->residual_sum = syy - explained > EXACT_FIT * syy ? syy - explained : 0;
    fit->r_squared = 1 - fit->residual_sum / syy;
}

static struct regression *allocate(size_t p)
{
    size_t size = p + 1;
    struct regression *fit =
        malloc(sizeof *fit + (2 * size + 2 * p * p + size * size) * sizeof(double));
    if (fit == NULL)
        return NULL;
    fit->regressors = p;
    fit->coefficients = size;
    fit->centre = fit->numbers;
    fit->coefficient = fit->centre + size;
    fit->root = fit->coefficient + size;
    fit->inverse = fit->root + p * p;
    fit->basis = fit->inverse + p * p;
    return fit;
}

static enum status fill(struct regression *fit, size_t *column, struct error *error)
{
    double total[fit_moments_max];
    enum status status = check_clusters(fit, error);
    if (status != STATUS_OK)
        return status;
    total_of(fit, total);
    fit->weight = total[0];
    fit->rows = 0;
    for (size_t g = 0; g < fit->cluster_count; g++)
        fit->rows += fit_cluster(fit, g, 0)[0];
    status = check_variation(fit, total, column, error);
    if (status != STATUS_OK)
        return status;
    for (size_t j = 0; j < fit->coefficients; j++)
        fit->centre[j] = assay_moments_mean(total, j);
    status = whiten(fit, total, column, error);
    if (status == STATUS_OK)
        solve(fit, total);
    return status;
}

static enum status open_fit(size_t columns, size_t count, const double *const *clusters,
                            bool weighted, enum working_model working, size_t *column,
                            struct regression **out, struct error *error)
{
    if (columns < 1 || columns > assay_moments_columns_max)
        return error_set(error, ERROR_DOMAIN, "a fit of %zu columns: from 1 to %d can be had",
                         columns, assay_moments_columns_max);
    struct regression *fit = allocate(columns - 1);
    if (fit == NULL)
        return error_memory(error);
    fit->cluster_count = count;
    fit->clusters = clusters;
    fit->weighted = weighted;
    fit->working = working;
    enum status status = fill(fit, column, error);
    if (status == STATUS_OK)
        *out = fit;
    else
        free(fit);
    return status;
}

enum status assay_regression_open(size_t columns, size_t count, const double *const *clusters,
                                  size_t *column, struct regression **out, struct error *error)
{
    return open_fit(columns, count, clusters, false, WORKING_EQUAL, column, out, error);
}

enum status assay_regression_open_weighted(size_t columns, size_t count,
                                           const double *const *clusters,
                                           enum working_model working, size_t *column,
                                           struct regression **out, struct error *error)
{
    return open_fit(columns, count, clusters, true, working, column, out, error);
}

void assay_regression_close(struct regression *regression)
{
    free(regression);
}

struct regression_fit assay_regression_fit(const struct regression *regression)
{
    return (struct regression_fit){
        .rows = (size_t)regression->rows,
        .clusters = regression->cluster_count,
        .coefficients = regression->coefficients,
        .coefficient = regression->coefficient,
        .residual_variance =
            regression->residual_sum / (regression->rows - (double)regression->coefficients),
        .r_squared = regression->r_squared,
        .centre = regression->centre,
        .inverse = regression->inverse,
    };
}

void fit_sandwich(size_t size, const double *a, const double *s, double *out)
{
    double row[fit_coefficients_max];
    for (size_t i = 0; i < size; i++) {
        for (size_t l = 0; l < size; l++) {
            row[l] = 0;
            for (size_t j = 0; j < size; j++)
                row[l] += a[i * size + j] * s[j * size + l];
        }
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t l = 0; l < size; l++)
                sum += row[l] * a[j * size + l];
            out[i * size + j] = sum;
            out[j * size + i] = sum;
        }
    }
}
