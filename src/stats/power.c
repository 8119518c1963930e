#include "assay/power.h"

#include "assay/estimate.h"
#include "base/error.h"

#include <math.h>
#include <stddef.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

#define MOST_UNITS 1e9
#define LEAST_WORTH 2

/* ---- Checks ------------------------------------------------------------------------------- */

static bool within(double value, double low, double high)
{
    return value >= low && value <= high; /* false for NAN */
}

static bool is_correlation(double value)
{
    return value >= 0 && value < 1;
}

static bool is_design(const struct power_design *design)
{
    bool plain = design->treated > 0 && design->treated < 1 &&
                 within(design->items, 1, MOST_UNITS) && within(design->items_cv, 0, 1e3) &&
                 is_correlation(design->correlation);
    if (design->unit == POWER_TEAMS)
        return plain && within(design->workers, 1, MOST_UNITS) && within(design->team_cv, 0, 1e3) &&
               within(design->team_correlation, 0, design->correlation);
    if (design->unit == POWER_ITEMS)
        return plain && within(design->effect_deviation, 0, 1e300);
    return plain;
}

static enum status check(const struct power_design *design, const struct power_outcome *outcome,
                         double level, struct error *error)
{
    if (!is_design(design))
        return error_set(error, ERROR_DOMAIN,
                         "the design's shares, numbers of items or correlations are out of range");
    if (outcome->share ? !(outcome->control > 0 && outcome->control < 1)
                       : !(outcome->deviation[0] > 0 && outcome->deviation[1] > 0 &&
                           isfinite(outcome->deviation[0]) && isfinite(outcome->deviation[1])))
        return error_set(error, ERROR_DOMAIN,
                         "the outcome's share or standard deviations are out of range");
    if (!(level > 0 && level < 1))
        return error_set(error, ERROR_DOMAIN, "a level of %g: it must lie between 0 and 1", level);
    return STATUS_OK;
}

static enum status check_target(double level, double power, struct error *error)
{
    if (power > 1 - level && power < 1)
        return STATUS_OK;
    return error_set(error, ERROR_DOMAIN, "a power of %g: it must lie between %g and 1", power,
                     1 - level);
}

/* ---- Error and degrees of freedom ---------------------------------------------------------- */

static double share_of(const struct power_design *design, int arm)
{
    return arm == 1 ? design->treated : 1 - design->treated;
}

/* Clusters of one size that so many units are worth. */
static double worth(const struct power_design *design, double units)
{
    double cv = design->unit == POWER_TEAMS ? design->team_cv : design->items_cv;
    return units / (1 + cv * cv);
}

static double items_of(const struct power_design *design)
{
    return design->unit == POWER_TEAMS ? design->items * design->workers : design->items;
}

/* How many times as large the variance is as that of independent items. */
static double design_effect(const struct power_design *design)
{
    double own = (1 + design->items_cv * design->items_cv) * design->items;
    double team = (1 + design->team_cv * design->team_cv) * items_of(design);
    switch (design->unit) {
    case POWER_WORKERS:
        return 1 + (own - 1) * design->correlation;
    case POWER_TEAMS: /* a team has its own workers' items at least */
        return 1 + (own - 1) * design->correlation + fmax(team - own, 0) * design->team_correlation;
    case POWER_ITEMS:
        break;
    }
    return design->within ? 1 - design->correlation : 1;
}

static double deviation_of(const struct power_outcome *outcome, int arm, double difference)
{
    if (!outcome->share)
        return outcome->deviation[arm];
    double share = outcome->control + (arm == 1 ? difference : 0);
    return sqrt(fmax(0, share * (1 - share)));
}

struct precision {
    double standard_error;
    double df;
};

static struct precision precision_of(const struct power_design *design,
                                     const struct power_outcome *outcome, double units,
                                     double difference)
{
    double variance = 0;
    double parts = 0;
    for (int arm = 0; arm < 2; arm++) {
        double of_arm = units * share_of(design, arm);
        double deviation = deviation_of(outcome, arm, difference);
        double part = deviation * deviation * design_effect(design) / (of_arm * items_of(design));
        variance += part;
        parts += part * part / (worth(design, of_arm) - 1);
    }
    if (design->unit == POWER_ITEMS) {
        double tau = design->effect_deviation;
        return (struct precision){sqrt(variance + tau * tau / worth(design, units)),
                                  worth(design, units) - 1};
    }
    return (struct precision){sqrt(variance), variance * variance / parts};
}

static double fewest_units(const struct power_design *design)
{
    double of_one = worth(design, 1);
    if (design->unit != POWER_ITEMS)
        of_one *= fmin(design->treated, 1 - design->treated);
    return LEAST_WORTH / of_one;
}

/* ---- Power --------------------------------------------------------------------------------- */

/* The tails are asked for from the side that is small, where libRmath says nothing on the terminal
   of lost precision. 0 stands for a quantile that is no number. */
static double power_at(const struct power_design *design, const struct power_outcome *outcome,
                       double units, double difference, double level)
{
    struct precision precision = precision_of(design, outcome, units, difference);
    double quantile = 0;
    if (assay_quantile(level, precision.df, &quantile, NULL) != STATUS_OK)
        return 0;
    double shift = fabs(difference) / precision.standard_error;
    return fmin(1, pnt(quantile, precision.df, shift, false, false) +
                       pnt(-quantile, precision.df, shift, true, false));
}

static bool leaves_a_share(const struct power_outcome *outcome, double difference)
{
    return !outcome->share || within(outcome->control + difference, 0, 1);
}

enum status assay_power(const struct power_design *design, const struct power_outcome *outcome,
                        double units, double difference, double level, double *out,
                        struct error *error)
{
    enum status status = check(design, outcome, level, error);
    if (status != STATUS_OK)
        return status;
    if (!isfinite(difference) || !leaves_a_share(outcome, difference))
        return error_set(error, ERROR_DOMAIN, "a difference of %g is out of range", difference);
    if (!within(units, fewest_units(design) * (1 - 1e-12), MOST_UNITS))
        return error_set(error, ERROR_DOMAIN, "%g units: at least %g are needed", units,
                         ceil(fewest_units(design)));
    *out = power_at(design, outcome, units, difference, level);
    return STATUS_OK;
}

enum status assay_power_units(const struct power_design *design,
                              const struct power_outcome *outcome, double difference, double level,
                              double power, double *out, struct error *error)
{
    enum status status = check(design, outcome, level, error);
    if (status == STATUS_OK)
        status = check_target(level, power, error);
    if (status != STATUS_OK)
        return status;
    if (!isfinite(difference) || difference == 0 || !leaves_a_share(outcome, difference))
        return error_set(error, ERROR_DOMAIN, "a difference of %g is out of range", difference);
    double low = fewest_units(design);
    double high = low;
    while (high < MOST_UNITS && power_at(design, outcome, high, difference, level) < power) {
        low = high;
        high *= 2;
    }
    if (high >= MOST_UNITS)
        return error_set(error, ERROR_DOMAIN, "a difference of %g needs more than %g units",
                         difference, MOST_UNITS);
    while (high - low > 1e-12 * high) {
        double middle = (low + high) / 2;
        if (middle <= low || middle >= high)
            break;
        if (power_at(design, outcome, middle, difference, level) < power)
            low = middle;
        else
            high = middle;
    }
    *out = high;
    return STATUS_OK;
}

enum status assay_power_detectable(const struct power_design *design,
                                   const struct power_outcome *outcome, double units, double level,
                                   double power, bool less, double *out, struct error *error)
{
    double of_none = 0;
    double sign = less ? -1 : 1;
    enum status status = assay_power(design, outcome, units, 0, level, &of_none, error);
    if (status == STATUS_OK)
        status = check_target(level, power, error);
    if (status != STATUS_OK)
        return status;
    double low = 0;
    double high = precision_of(design, outcome, units, 0).standard_error;
    if (outcome->share)
        high = less ? outcome->control : 1 - outcome->control;
    else
        while (power_at(design, outcome, units, high, level) < power && isfinite(high))
            high *= 2;
    if (!(power_at(design, outcome, units, sign * high, level) >= power))
        return error_set(error, ERROR_DOMAIN,
                         "no difference is told with a power of %g by %g units", power, units);
    while (high - low > 1e-13 * high) {
        double middle = (low + high) / 2;
        if (middle <= low || middle >= high)
            break;
        if (power_at(design, outcome, units, sign * middle, level) < power)
            low = middle;
        else
            high = middle;
    }
    *out = sign * high;
    return STATUS_OK;
}
