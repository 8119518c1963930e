#include "stats/fit.h"

#include "base/error.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* A regressor whose unexplained share is below this cannot be told from a combination of others. */
#define COLLINEAR 1e-12

/* A residual sum of squares below this share of y's is what rounding left of 0. */
#define EXACT_FIT (64 * DBL_EPSILON)

static enum status check_clusters(size_t columns, size_t count, const double *const *clusters,
                                  struct error *error)
{
    if (count < 1)
        return error_set(error, ERROR_DOMAIN, "no cluster has any row");
    for (size_t g = 0; g < count; g++) {
        enum status status = assay_moments_check(columns, clusters[g], error);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* Whether a column of that mean and sum of squares is constant but for the rounding of its mean. */
static bool is_constant(double rows, double mean, double sum_of_squares)
{
    double noise = 4 * DBL_EPSILON * mean;
    return sum_of_squares <= rows * noise * noise;
}

static enum status check_variation(size_t p, const double *total, size_t *column,
                                   struct error *error)
{
    if (total[0] <= (double)(p + 1))
        return error_set(error, ERROR_DOMAIN,
                         "%.0f rows cannot carry %zu coefficients: more rows than that are needed",
                         total[0], p + 1);
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
    fit->basis[0] = 1 / sqrt(fit->rows);
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

enum status assay_regression_open(size_t columns, size_t count, const double *const *clusters,
                                  size_t *column, struct regression **out, struct error *error)
{
    double total[1 + assay_moments_columns_max * (assay_moments_columns_max + 3) / 2];
    enum status status = check_clusters(columns, count, clusters, error);
    if (status != STATUS_OK)
        return status;
    assay_moments_init(columns, total);
    for (size_t g = 0; g < count; g++)
        assay_moments_merge(columns, clusters[g], total);
    status = assay_moments_check(columns, total, error);
    if (status == STATUS_OK)
        status = check_variation(columns - 1, total, column, error);
    if (status != STATUS_OK)
        return status;

    size_t p = columns - 1;
    size_t size = p + 1;
    struct regression *fit =
        malloc(sizeof *fit + (2 * size + 2 * p * p + size * size) * sizeof(double));
    if (fit == NULL)
        return error_memory(error);
    fit->regressors = p;
    fit->coefficients = size;
    fit->cluster_count = count;
    fit->clusters = clusters;
    fit->rows = total[0];
    fit->centre = fit->numbers;
    fit->coefficient = fit->centre + size;
    fit->root = fit->coefficient + size;
    fit->inverse = fit->root + p * p;
    fit->basis = fit->inverse + p * p;
    for (size_t j = 0; j < size; j++)
        fit->centre[j] = assay_moments_mean(total, j);
    status = whiten(fit, total, column, error);
    if (status != STATUS_OK) {
        free(fit);
        return status;
    }
    solve(fit, total);
    *out = fit;
    return STATUS_OK;
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
