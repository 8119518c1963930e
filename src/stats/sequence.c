#include "assay/sequence.h"

#include "base/error.h"

#include <math.h>
#include <stdbool.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

/* c: in standard errors that are known. */
static double normal_width(double information, double alpha)
{
    double tuning = -2 * log(alpha) + log1p(-2 * log(alpha));
    double scaled = information * tuning;
    return sqrt((1 + 1 / scaled) * (log1p(scaled) - 2 * log(alpha)));
}

/* By logarithms of the tail, which may be too small for a number. */
static double width(double information, double alpha, double df)
{
    double normal = normal_width(information, alpha);
    if (isinf(df))
        return normal;
    return qt(pnorm5(normal, 0, 1, false, true), df, false, true);
}

static enum status check_look(const struct estimate *look, double planned_error,
                              struct error *error)
{
    if (!isfinite(look->value) || !isfinite(look->standard_error) || !(look->standard_error > 0))
        return error_set(error, ERROR_DOMAIN, "the look has no finite value, or no error above 0");
    if (!isfinite(planned_error) || !(planned_error > 0))
        return error_set(error, ERROR_DOMAIN, "a planned standard error of %g: it must be above 0",
                         planned_error);
    return STATUS_OK;
}

enum status assay_sequence(const struct estimate *look, double planned_error, size_t clusters,
                           double level, struct sequence *out, struct error *error)
{
    double quantile = 0;
    enum status status = check_look(look, planned_error, error);
    if (status == STATUS_OK) /* for its errors of level and df */
        status = assay_quantile(level, look->df, &quantile, error);
    if (status != STATUS_OK)
        return status;
    if (clusters < assay_sequence_clusters_least)
        return error_set(error, ERROR_DOMAIN,
                         "%zu clusters: looking early holds its level from %d on", clusters,
                         assay_sequence_clusters_least);
    double ratio = planned_error / look->standard_error;
    double information = ratio * ratio;
    if (!(information >= ASSAY_SEQUENCE_INFORMATION_LEAST))
        return error_set(error, ERROR_DOMAIN,
                         "%.2g %% of the planned information: looking early holds its level from "
                         "%g %% on",
                         100 * information, 100 * ASSAY_SEQUENCE_INFORMATION_LEAST);
    double half = width(information, 1 - level, look->df) * look->standard_error;
    struct sequence result = {information, {look->value - half, look->value + half}};
    if (!isfinite(result.interval.low) || !isfinite(result.interval.high))
        return error_set(error, ERROR_DOMAIN, "the interval is too wide to be a number");
    *out = result;
    return STATUS_OK;
}

enum status assay_sequence_level(double information, double level, double *out, struct error *error)
{
    double quantile = 0;
    enum status status = assay_quantile(level, INFINITY, &quantile, error); /* for its errors */
    if (status != STATUS_OK)
        return status;
    if (!isfinite(information) || !(information >= ASSAY_SEQUENCE_INFORMATION_LEAST))
        return error_set(error, ERROR_DOMAIN,
                         "%.2g %% of the planned information: looking early holds its level from "
                         "%g %% on",
                         100 * information, 100 * ASSAY_SEQUENCE_INFORMATION_LEAST);
    double tail = pnorm5(normal_width(information, 1 - level), 0, 1, false, false);
    double of_look = 1 - 2 * tail;
    if (!(of_look < 1))
        return error_set(error, ERROR_DOMAIN, "the level of the look is too near 1");
    *out = of_look;
    return STATUS_OK;
}
