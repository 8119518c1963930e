#include "assay/sensitivity.h"

#include "base/error.h"

#include <math.h>

/* ---- Robustness values -------------------------------------------------------------------- */

static enum status check_confounded(const struct confounded *confounded, struct error *error)
{
    if (!isfinite(confounded->value) || !isfinite(confounded->standard_error) ||
        !(confounded->standard_error > 0))
        return error_set(error, ERROR_DOMAIN,
                         "the coefficient has no finite value, or no error above 0");
    if (!(confounded->df > 1))
        return error_set(error, ERROR_DOMAIN,
                         "%g degrees of freedom: a confounder takes one, more than 1 are needed",
                         confounded->df);
    if (!isfinite(confounded->spread) || confounded->spread < 0 ||
        (confounded->spread == 0 && isinf(confounded->df)))
        return error_set(error, ERROR_DOMAIN, "the spread is not a number of at least 0");
    return STATUS_OK;
}

static bool by_cluster(const struct confounded *confounded)
{
    return confounded->spread > 0;
}

static double spread_of(const struct confounded *confounded)
{
    return by_cluster(confounded) ? confounded->spread
                                  : confounded->standard_error * sqrt(confounded->df);
}

/* The r with f = r / sqrt(1 - r): the smaller form of (sqrt(f^4 + 4 f^2) - f^2) / 2, which keeps
   its digits where f is large. */
static double strength_of(double f)
{
    return f > 0 ? 2 / (1 + sqrt(1 + 4 / (f * f))) : 0;
}

/* Classical errors shrink as Z explains the outcome, so that with few degrees of freedom a
   confounder does most below R2_Y = R2_D; the second form is where that is so, as in sensemakr. */
static double of_classical_interval(double f, double df, double quantile)
{
    double limit = quantile / sqrt(df - 1);
    if (f <= limit)
        return 0;
    if (f * limit > 1)
        return (f * f - limit * limit) / (1 + f * f);
    return strength_of(f - limit);
}

/* The r at which value sqrt(1 - r) - spread r is quantile standard errors: with u = sqrt(1 - r) the
   root of f u - (1 - u^2) = e, both in units of the spread. */
static double of_clustered_interval(double f, double e)
{
    if (f <= e)
        return 0;
    double u = 2 * (1 + e) / (f + sqrt(f * f + 4 * (1 + e)));
    return 1 - u * u;
}

enum status assay_robustness(const struct confounded *confounded, double share, double level,
                             struct robustness *out, struct error *error)
{
    double quantile = 0;
    enum status status = check_confounded(confounded, error);
    if (status == STATUS_OK && !(share > 0 && isfinite(share)))
        status = error_set(error, ERROR_DOMAIN, "a share of %g: it must be above 0", share);
    if (status == STATUS_OK)
        status = assay_quantile(level, confounded->df - 1, &quantile, error);
    if (status != STATUS_OK)
        return status;
    double spread = spread_of(confounded);
    double f = fabs(confounded->value) / spread;
    out->partial_r2 = f * f / (1 + f * f);
    out->of_value = strength_of(share * f);
    out->of_interval =
        by_cluster(confounded)
            ? of_clustered_interval(share * f, quantile * confounded->standard_error / spread)
            : of_classical_interval(share * f, confounded->df, quantile);
    return STATUS_OK;
}

/* ---- With a confounder in ------------------------------------------------------------------ */

static double shift_of(double spread, const struct confounder *confounder)
{
    double odds = confounder->treatment / (1 - confounder->treatment);
    return spread * sqrt(confounder->outcome * odds);
}

static double error_with(const struct confounded *confounded, const struct confounder *confounder)
{
    double left = confounded->standard_error / sqrt(1 - confounder->treatment);
    if (by_cluster(confounded))
        return left;
    return left * sqrt((1 - confounder->outcome) * confounded->df / (confounded->df - 1));
}

static struct adjusted adjusted_of(double value, double standard_error, double quantile)
{
    double half = quantile * standard_error;
    return (struct adjusted){value, standard_error, {value - half, value + half}};
}

static bool overturns(const struct confounded *confounded, double quantile,
                      const struct adjusted *towards)
{
    double sign = confounded->value < 0 ? -1 : 1;
    double end = fabs(confounded->value) - quantile * confounded->standard_error;
    double moved = sign > 0 ? towards->interval.low : -towards->interval.high;
    return end > 0 && !(moved > 0);
}

enum status assay_confounding(const struct confounded *confounded,
                              const struct confounder *confounder, double level,
                              struct confounding *out, struct error *error)
{
    double quantile = 0;
    double without = 0;
    enum status status = check_confounded(confounded, error);
    if (status == STATUS_OK && !(confounder->treatment >= 0 && confounder->treatment < 1 &&
                                 confounder->outcome >= 0 && confounder->outcome <= 1))
        status = error_set(error, ERROR_DOMAIN,
                           "a confounder that explains %g of the treatment and %g of the outcome",
                           confounder->treatment, confounder->outcome);
    if (status == STATUS_OK)
        status = assay_quantile(level, confounded->df - 1, &quantile, error);
    if (status == STATUS_OK)
        status = assay_quantile(level, confounded->df, &without, error);
    if (status != STATUS_OK)
        return status;
    double shift = shift_of(spread_of(confounded), confounder);
    double standard_error = error_with(confounded, confounder);
    double outwards = confounded->value < 0 ? -shift : shift;
    struct confounding result = {
        .shift = shift,
        .towards = adjusted_of(confounded->value - outwards, standard_error, quantile),
        .away = adjusted_of(confounded->value + outwards, standard_error, quantile),
    };
    result.interval.low = fmin(result.towards.interval.low, result.away.interval.low);
    result.interval.high = fmax(result.towards.interval.high, result.away.interval.high);
    result.overturns = overturns(confounded, without, &result.towards);
    *out = result;
    return STATUS_OK;
}
