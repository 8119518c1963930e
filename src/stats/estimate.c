#include "assay/estimate.h"

#include "base/error.h"

#include <math.h>
#include <stdbool.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

static bool is_df(double df)
{
    return df > 0; /* false for NAN, true for INFINITY */
}

enum status assay_quantile(double level, double df, double *out, struct error *error)
{
    if (!(level > 0 && level < 1))
        return error_set(error, ERROR_DOMAIN, "a level of %g: it must lie between 0 and 1", level);
    if (!is_df(df))
        return error_set(error, ERROR_DOMAIN, "%g degrees of freedom: more than 0 are needed", df);
    /* From the upper tail: 1 - (1 - level) / 2 would lose the digits of a level near 1. */
    double tail = (1 - level) / 2;
    double q = isinf(df) ? qnorm5(tail, 0, 1, false, false) : qt(tail, df, false, false);
    if (!isfinite(q))
        return error_set(error, ERROR_DOMAIN,
                         "%g degrees of freedom: too few for an interval at level %g", df, level);
    *out = q;
    return STATUS_OK;
}

enum status assay_p_value(double statistic, double df, double *out, struct error *error)
{
    if (!isfinite(statistic))
        return error_set(error, ERROR_DOMAIN, "the statistic is not a finite number");
    if (!is_df(df))
        return error_set(error, ERROR_DOMAIN, "%g degrees of freedom: more than 0 are needed", df);
    double t = fabs(statistic);
    *out = 2 * (isinf(df) ? pnorm5(t, 0, 1, false, false) : pt(t, df, false, false));
    return STATUS_OK;
}

enum status assay_chi_squared_p(double statistic, double df, double *out, struct error *error)
{
    if (!isfinite(statistic) || statistic < 0)
        return error_set(error, ERROR_DOMAIN, "the statistic is no finite number of 0 or more");
    if (!is_df(df) || isinf(df))
        return error_set(error, ERROR_DOMAIN, "%g degrees of freedom: more than 0 are needed", df);
    *out = pchisq(statistic, df, false, false);
    return STATUS_OK;
}

enum status assay_estimate(double value, double standard_error, double df, double level,
                           struct estimate *out, struct error *error)
{
    if (!isfinite(value) || !isfinite(standard_error))
        return error_set(error, ERROR_DOMAIN, "the estimate or its error is not a finite number");
    if (!(standard_error > 0))
        return error_set(error, ERROR_DOMAIN,
                         "the standard error is 0: the rows leave nothing to judge chance by");
    double quantile = 0;
    struct estimate estimate = {.value = value, .standard_error = standard_error, .df = df};
    estimate.statistic = value / standard_error;
    enum status status = assay_quantile(level, df, &quantile, error);
    if (status == STATUS_OK)
        status = assay_p_value(estimate.statistic, df, &estimate.p, error);
    if (status != STATUS_OK)
        return status;
    estimate.interval.low = value - quantile * standard_error;
    estimate.interval.high = value + quantile * standard_error;
    *out = estimate;
    return STATUS_OK;
}

/* A side without a bound stays so: that the ratio is above 0 is none. */
static double ratio_bound(double bound)
{
    return isinf(bound) ? bound : expm1(bound);
}

static bool is_bound_lost(double bound, double shown)
{
    return isnan(shown) || (isinf(shown) && !isinf(bound));
}

enum status assay_effect_ratio(const struct estimate *log_difference, struct effect *out,
                               struct error *error)
{
    struct interval interval = log_difference->interval;
    struct effect effect = {expm1(log_difference->value),
                            {ratio_bound(interval.low), ratio_bound(interval.high)}};
    if (!isfinite(effect.value) || is_bound_lost(interval.low, effect.interval.low) ||
        is_bound_lost(interval.high, effect.interval.high))
        return error_set(error, ERROR_DOMAIN, "the ratio is too large to be a number");
    *out = effect;
    return STATUS_OK;
}

/* The x with (d - x m)^2 = t^2 (V_d - 2 x C + x^2 V_m). d / m lies between the two, so that their
   discriminant is not negative but for rounding. */
static struct interval fieller(const struct estimate *difference, const struct baseline *baseline,
                               double quantile)
{
    double d = difference->value;
    double m = baseline->mean;
    double t2 = quantile * quantile;
    double square = m * m - t2 * baseline->variance;
    double middle = d * m - t2 * baseline->covariance;
    double rest = d * d - t2 * difference->standard_error * difference->standard_error;
    double half = sqrt(fmax(0, middle * middle - square * rest));
    if (!(square > 0))
        return (struct interval){NAN, NAN};
    return (struct interval){(middle - half) / square, (middle + half) / square};
}

enum status assay_effect_share(const struct estimate *difference, const struct baseline *baseline,
                               double level, struct effect *out, struct error *error)
{
    double quantile = 0;
    if (!isfinite(baseline->mean) || !(baseline->mean > 0))
        return error_set(error, ERROR_DOMAIN,
                         "a baseline of %g: a share of it means something only above 0",
                         baseline->mean);
    if (!isfinite(baseline->variance) || baseline->variance < 0 || !isfinite(baseline->covariance))
        return error_set(error, ERROR_DOMAIN, "the baseline's variance is not a finite number");
    enum status status =
        assay_quantile(level, fmin(difference->df, baseline->df), &quantile, error);
    if (status != STATUS_OK)
        return status;
    struct effect effect = {difference->value / baseline->mean,
                            fieller(difference, baseline, quantile)};
    if (!isfinite(effect.value) || isinf(effect.interval.low) || isinf(effect.interval.high))
        return error_set(error, ERROR_DOMAIN, "the share is too large to be a number");
    *out = effect;
    return STATUS_OK;
}
