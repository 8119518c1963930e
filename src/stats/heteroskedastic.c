/* HC0 to HC3: the second pass over the rows. */

#include "stats/fit.h"

#include "base/error.h"

#include <math.h>
#include <stdbool.h>

/* e = y - mean - b'z and h = 1/N + |L z|^2, z = x - centre; z is left in the caller's array. */
static void residual_and_leverage(const struct regression *fit, const double *const *columns,
                                  size_t row, double *z, double *residual, double *leverage)
{
    size_t p = fit->regressors;
    double e = columns[p][row] - fit->centre[p];
    double h = 1 / fit->rows;
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
    *leverage = h;
}

void assay_regression_rows(const struct regression *regression, size_t rows,
                           const double *const *columns, double *residual, double *leverage)
{
    double z[fit_coefficients_max];
    for (size_t row = 0; row < rows; row++) {
        double e = 0;
        double h = 0;
        residual_and_leverage(regression, columns, row, z, &e, &h);
        if (residual != NULL)
            residual[row] = e;
        if (leverage != NULL)
            leverage[row] = h;
    }
}

size_t assay_regression_meat_length(const struct regression *regression)
{
    return regression->coefficients * (regression->coefficients + 1) / 2;
}

void assay_regression_meat_add(const struct regression *regression, enum variance kind, size_t rows,
                               const double *const *columns, double *meat)
{
    double z[fit_coefficients_max] = {1};
    for (size_t row = 0; row < rows; row++) {
        double e = 0;
        double h = 0;
        residual_and_leverage(regression, columns, row, z + 1, &e, &h);
        double rest = 1 - h;
        if (rest < FIT_DETERMINED)
            continue;
        double weight = e * e;
        if (kind == VARIANCE_HC2)
            weight /= rest;
        if (kind == VARIANCE_HC3)
            weight /= rest * rest;
        double *sum = meat;
        for (size_t i = 0; i < regression->coefficients; i++)
            for (size_t j = 0; j <= i; j++)
                *sum++ += weight * z[i] * z[j];
    }
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
    whitening[0] = 1 / sqrt(regression->rows);
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
