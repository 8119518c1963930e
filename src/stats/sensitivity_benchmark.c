/* The strength of measured covariates, from the inverse of the centred cross-products that a fit
   holds. With P that inverse and g the columns of a covariate, given all other columns

       R2 with D = P_dg P_gg^-1 P_gd / P_dd
       what g adds to the fit of Y = b_g' P_gg^-1 b_g,   R2 with Y = that / (that + RSS)  */

#include "assay/sensitivity.h"

#include "base/error.h"
#include "stats/fit.h"

#include <lapacke.h>
#include <math.h>

struct measured {
    double treatment; /* R2 with D */
    double outcome;   /* R2 with Y */
};

static double inverse_at(const struct regression *fit, size_t i, size_t j)
{
    return fit->inverse[(i - 1) * fit->regressors + (j - 1)];
}

static bool is_column(const struct regression *fit, size_t column)
{
    return column >= 1 && column <= fit->regressors;
}

static enum status check_columns(const struct regression *fit, size_t treatment,
                                 const struct covariate *covariate, struct error *error)
{
    bool right = is_column(fit, treatment) && covariate->count > 0;
    for (size_t i = 0; right && i < covariate->count; i++) {
        right = is_column(fit, covariate->columns[i]) && covariate->columns[i] != treatment;
        for (size_t j = 0; right && j < i; j++)
            right = covariate->columns[j] != covariate->columns[i];
    }
    if (!right)
        return error_set(error, ERROR_DOMAIN,
                         "the treatment or the covariate is not of the %zu columns of the fit",
                         fit->regressors);
    return STATUS_OK;
}

static enum status measure(const struct regression *fit, size_t treatment,
                           const struct covariate *covariate, struct measured *out,
                           struct error *error)
{
    double matrix[fit_coefficients_max * fit_coefficients_max];
    double solved[2 * fit_coefficients_max]; /* P_gd and b_g, then P_gg^-1 of both */
    size_t count = covariate->count;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++)
            matrix[i * count + j] = inverse_at(fit, covariate->columns[i], covariate->columns[j]);
        solved[i] = inverse_at(fit, covariate->columns[i], treatment);
        solved[count + i] = fit->coefficient[covariate->columns[i]];
    }
    if (LAPACKE_dposv(LAPACK_COL_MAJOR, 'L', (lapack_int)count, 2, matrix, (lapack_int)count,
                      solved, (lapack_int)count) != 0)
        return error_set(error, ERROR_SINGULAR, "the covariate's columns determine each other");
    double with_treatment = 0;
    double added = 0;
    for (size_t i = 0; i < count; i++) {
        with_treatment += inverse_at(fit, covariate->columns[i], treatment) * solved[i];
        added += fit->coefficient[covariate->columns[i]] * solved[count + i];
    }
    out->treatment = with_treatment / inverse_at(fit, treatment, treatment);
    out->outcome = added / (added + fit->residual_sum);
    return STATUS_OK;
}

enum status assay_confounding_spread(const struct regression *fit, size_t treatment, double *out,
                                     struct error *error)
{
    if (!is_column(fit, treatment))
        return error_set(error, ERROR_DOMAIN, "the fit has no column %zu", treatment);
    double square = fit->residual_sum * inverse_at(fit, treatment, treatment);
    if (!(square > 0))
        return error_set(error, ERROR_DOMAIN, "the rows lie on the fit");
    *out = sqrt(square);
    return STATUS_OK;
}

enum status assay_benchmark(const struct regression *fit, size_t treatment,
                            const struct covariate *covariate, double times, struct confounder *out,
                            struct error *error)
{
    struct measured measured = {0, 0};
    enum status status = check_columns(fit, treatment, covariate, error);
    if (status == STATUS_OK && !(times > 0 && isfinite(times)))
        status = error_set(error, ERROR_DOMAIN, "%g times as strong: it must be above 0", times);
    if (status == STATUS_OK)
        status = measure(fit, treatment, covariate, &measured, error);
    if (status != STATUS_OK)
        return status;
    double r = measured.treatment;
    double of_treatment = times * r / (1 - r);
    double with_covariate = times * r * r / ((1 - times * r) * (1 - r));
    if (!(of_treatment < 1) || !(with_covariate < 1))
        return error_set(error, ERROR_DOMAIN,
                         "a confounder %g times as strong as a covariate that explains %.2g of the "
                         "treatment would explain all of it",
                         times, r);
    double factor = (sqrt(times) + sqrt(with_covariate)) / sqrt(1 - with_covariate);
    double of_outcome = factor * factor * measured.outcome / (1 - measured.outcome);
    if (!isfinite(of_outcome))
        of_outcome = 1;
    *out = (struct confounder){of_treatment, fmin(1, of_outcome)};
    return STATUS_OK;
}

enum status assay_benchmark_strongest(const struct regression *fit, size_t treatment, size_t count,
                                      const struct covariate *covariates, double times,
                                      size_t *which, struct confounder *out, struct error *error)
{
    double most = -1;
    size_t found = 0;
    struct confounder strongest = {0, 0};
    if (count == 0)
        return error_set(error, ERROR_DOMAIN, "there is no covariate to measure a confounder by");
    for (size_t i = 0; i < count; i++) {
        struct confounder one = {0, 0};
        enum status status = assay_benchmark(fit, treatment, &covariates[i], times, &one, error);
        if (status != STATUS_OK)
            return status;
        double shift = one.outcome * one.treatment / (1 - one.treatment);
        if (shift > most) {
            most = shift;
            found = i;
            strongest = one;
        }
    }
    *which = found;
    *out = strongest;
    return STATUS_OK;
}
