/* HC0 to HC3: the second pass over the rows. */

#include "stats/fit.h"

#include "base/error.h"
#include "stats/neumaier.h"

#include <math.h>
#include <stdbool.h>

/* e = y - mean - b'z and h = w (1/N + |L z|^2), z = x - centre; z is left in the caller's array. */
static void residual_and_leverage(const struct regression *fit, const double *const *columns,
                                  const double *weights, size_t row, double *z, double *residual,
                                  double *leverage)
{
    size_t p = fit->regressors;
    double e = columns[p][row] - fit->centre[p];
    double h = 1 / fit->weight;
    for (size_t j = 0; j < p; j++) {
        z[j] = columns[j][row] - fit->centre[j];
        e -= fit->coefficient[1 + j] * z[j];
    }
    for (size_t i = 0; i < p; i++) {
        double whitened = 0;
        for (size_t j = 0; j <= i; j++)
            whitened += fit->root[i * p + j] * z[j];
        h += whitened * whitened;
    }
    *residual = e;
    *leverage = weights != NULL ? weights[row] * h : h;
}

void assay_regression_rows_weighted(const struct regression *regression, size_t rows,
                                    const double *const *columns, const double *weights,
                                    double *residual, double *leverage)
{
    double z[fit_coefficients_max];
    for (size_t row = 0; row < rows; row++) {
        double e = 0;
        double h = 0;
        residual_and_leverage(regression, columns, weights, row, z, &e, &h);
        if (residual != NULL)
            residual[row] = e;
        if (leverage != NULL)
            leverage[row] = h;
    }
}

void assay_regression_rows(const struct regression *regression, size_t rows,
                           const double *const *columns, double *residual, double *leverage)
{
    assay_regression_rows_weighted(regression, rows, columns, NULL, residual, leverage);
}

size_t assay_regression_meat_length(const struct regression *regression)
{
    return regression->coefficients * (regression->coefficients + 1) / 2;
}

void assay_regression_meat_add_weighted(const struct regression *regression, enum variance kind,
                                        size_t rows, const double *const *columns,
                                        const double *weights, double *meat)
{
    double z[fit_coefficients_max] = {1};
    double rests[fit_moments_max] = {0};
    size_t length = assay_regression_meat_length(regression);
    for (size_t row = 0; row < rows; row++) {
        double e = 0;
        double h = 0;
        residual_and_leverage(regression, columns, weights, row, z + 1, &e, &h);
        double rest = 1 - h;
        if (rest < FIT_DETERMINED)
            continue;
        if (weights != NULL)
            e *= weights[row];
        double weight = e * e;
        if (kind == VARIANCE_HC2)
            weight /= rest;
        if (kind == VARIANCE_HC3)
            weight /= rest * rest;
        size_t at = 0;
        for (size_t i = 0; i < regression->coefficients; i++)
            for (size_t j = 0; j <= i; j++, at++)
                neumaier_add(&meat[at], &rests[at], weight * z[i] * z[j]);
    }
    for (size_t at = 0; at < length; at++)
        meat[at] += rests[at];
}

void assay_regression_meat_add(const struct regression *regression, enum variance kind, size_t rows,
                               const double *const *columns, double *meat)
{
    assay_regression_meat_add_weighted(regression, kind, rows, columns, NULL, meat);
}

void assay_regression_meat_from_moments(const struct regression *regression, const double *moments,
                                        double *meat)
{
    size_t size = regression->coefficients;
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j <= i; j++)
            *meat++ = assay_moments_cross(size, moments, i, j) +
                      moments[0] * assay_moments_mean(moments, i) * assay_moments_mean(moments, j);
}

enum status assay_regression_hc(const struct regression *regression, enum variance kind,
                                const double *meat, double *out, struct error *error)
{
    size_t p = regression->regressors;
    size_t size = regression->coefficients;
    if (kind < VARIANCE_HC0 || kind > VARIANCE_HC3)
        return error_set(error, ERROR_DOMAIN, "this variance is not one of HC0 to HC3");
    double factor = kind == VARIANCE_HC1 ? regression->rows / (regression->rows - (double)size) : 1;
    double whitening[fit_coefficients_max * fit_coefficients_max] = {0};
    double full[fit_coefficients_max * fit_coefficients_max];
    double whitened[fit_coefficients_max * fit_coefficients_max];
    whitening[0] = 1 / sqrt(regression->weight);
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j <= i; j++)
            whitening[(1 + i) * size + 1 + j] = regression->root[i * p + j];
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j <= i; j++) {
            if (!isfinite(*meat))
                return error_set(error, ERROR_DOMAIN, "a residual is not a finite number");
            full[i * size + j] = full[j * size + i] = factor * *meat++;
        }
    fit_sandwich(size, whitening, full, whitened);
    fit_sandwich(size, regression->basis, whitened, out);
    return STATUS_OK;
}
