#include "assay/two_way.h"

#include "base/error.h"
#include "stats/fit.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

/* Coefficients of the same rows differ by rounding only. */
#define SAME 1e-8

static bool same_rows(const struct regression *one, const struct regression *other)
{
    if (one->rows != other->rows || one->coefficients != other->coefficients ||
        one->weighted != other->weighted)
        return false;
    for (size_t j = 0; j < one->coefficients; j++) {
        double scale = fmax(fabs(one->coefficient[j]), fabs(other->coefficient[j]));
        if (fabs(one->coefficient[j] - other->coefficient[j]) > SAME * scale)
            return false;
    }
    return true;
}

static enum status check_fits(const struct two_way *fits, enum variance kind, struct error *error)
{
    if (kind != VARIANCE_CR0 && kind != VARIANCE_CR1)
        return error_set(error, ERROR_DOMAIN,
                         "clusters that cross have CR0 and CR1 only: no adjustment by cluster "
                         "serves both ways");
    if (!same_rows(fits->first, fits->second) || !same_rows(fits->first, fits->both))
        return error_set(error, ERROR_DOMAIN, "the fits by either way are not of the same rows");
    if (fits->both->cluster_count < fits->first->cluster_count ||
        fits->both->cluster_count < fits->second->cluster_count)
        return error_set(error, ERROR_DOMAIN,
                         "rows alike in both ways must be at least as many groups as either way's");
    return STATUS_OK;
}

/* Sets negative eigenvalues to 0: those of V itself, as Cameron, Gelbach & Miller do, so that what
   is repaired depends on the units of the columns. */
static enum status repair(size_t size, double *matrix, bool *repaired, struct error *error)
{
    double values[fit_coefficients_max];
    double *vectors = malloc(size * size * sizeof *vectors);
    if (vectors == NULL)
        return error_memory(error);
    for (size_t i = 0; i < size * size; i++)
        vectors[i] = matrix[i];
    if (LAPACKE_dsyev(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)size, vectors, (lapack_int)size,
                      values) != 0) {
        free(vectors);
        return error_set(error, ERROR_INTERNAL, "the eigenvalues of the variance do not settle");
    }
    double rounding = (double)size * DBL_EPSILON * fabs(values[size - 1]);
    *repaired = values[0] < -rounding;
    for (size_t i = 0; *repaired && i < size; i++)
        for (size_t j = 0; j < size; j++) {
            matrix[i * size + j] = 0;
            for (size_t l = 0; l < size; l++)
                if (values[l] > 0)
                    matrix[i * size + j] +=
                        values[l] * vectors[l * size + i] * vectors[l * size + j];
        }
    free(vectors);
    return STATUS_OK;
}

enum status assay_two_way_variance(const struct two_way *fits, enum variance kind, double *out,
                                   bool *repaired, struct error *error)
{
    size_t size = fits->first->coefficients;
    bool negative = false;
    enum status status = check_fits(fits, kind, error);
    if (status != STATUS_OK)
        return status;
    double *part = malloc(size * size * sizeof *part);
    if (part == NULL)
        return error_memory(error);
    status = assay_regression_variance(fits->first, kind, out, error);
    if (status == STATUS_OK)
        status = assay_regression_variance(fits->second, kind, part, error);
    for (size_t i = 0; status == STATUS_OK && i < size * size; i++)
        out[i] += part[i];
    if (status == STATUS_OK)
        status = assay_regression_variance(fits->both, kind, part, error);
    for (size_t i = 0; status == STATUS_OK && i < size * size; i++)
        out[i] -= part[i];
    free(part);
    if (status == STATUS_OK)
        status = repair(size, out, &negative, error);
    if (status == STATUS_OK && repaired != NULL)
        *repaired = negative;
    return status;
}

enum status assay_two_way_contrast(const struct two_way *fits, enum variance kind,
                                   const double *contrast, double df, double level,
                                   struct estimate *out, bool *repaired, struct error *error)
{
    size_t size = fits->first->coefficients;
    double value = 0;
    double squares = 0;
    double *variance = calloc(size * size, sizeof *variance);
    if (variance == NULL)
        return error_memory(error);
    enum status status = assay_two_way_variance(fits, kind, variance, repaired, error);
    for (size_t i = 0; status == STATUS_OK && i < size; i++) {
        value += contrast[i] * fits->first->coefficient[i];
        for (size_t j = 0; j < size; j++)
            squares += contrast[i] * variance[i * size + j] * contrast[j];
    }
    free(variance);
    if (status != STATUS_OK)
        return status;
    size_t fewer = fits->first->cluster_count < fits->second->cluster_count
                       ? fits->first->cluster_count
                       : fits->second->cluster_count;
    return assay_estimate(value, sqrt(squares), df == 0 ? (double)fewer - 1 : df, level, out,
                          error);
}
