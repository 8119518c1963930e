/* assay/power.h

   How many people or teams a comparison needs, what the chance is that it tells a difference, and
   the smallest difference that it tells with a given chance. For the two-sided t of a difference of
   two arms' means (or shares), with the errors and degrees of freedom that estimators here have.

   With m items of a worker on average, cv the coefficient of variation of that number, rho the
   correlation of two items of a worker, sd_a the standard deviation of items in arm a and N_a its
   items, the variance of the difference is

       workers   sum of sd_a^2 / N_a (1 + ((1 + cv^2) m - 1) rho)
                 Eldridge, Ashby & Kerry (2006), International Journal of Epidemiology 35:1292-1300
       teams     the same with 1 + ((1 + cv^2) m - 1) rho + ((1 + cv_T^2) M - (1 + cv^2) m) rho_T,
                 M items of a team, cv_T theirs, rho_T of items of two workers of one team
       items     sum of sd_a^2 / N_a, times 1 - rho where workers are compared with themselves, plus
                 tau^2 (1 + cv^2) / workers, tau the standard deviation of the effect over workers

   where what is named is what is randomised. Degrees of freedom: arm a is worth G_a / (1 + cv^2)
   workers or teams of one size (assay/cautious.h), less 1 in each arm, joined by Welch's formula;
   of items, what all workers are worth, less 1. Power is that of the noncentral t, both tails
   counted.

   The interval that is shown is wider where arms or sizes are uneven, or events rare: of that one,
   assay/power_shown.h.

   The noncentral t is that of libRmath (Lenth 1989, AS 243): 10 digits or so.

   Oracles: R power.t.test (strict), rpact, pt; simulation. */

#ifndef ASSAY_POWER_H
#define ASSAY_POWER_H

#include "assay/status.h"

#include <stdbool.h>

enum power_unit { POWER_WORKERS, POWER_TEAMS, POWER_ITEMS };

struct power_design {
    enum power_unit unit;    /* what is randomised */
    bool within;             /* workers are compared with themselves; items only */
    double treated;          /* share of units in arm 1, in (0, 1); of items, in each worker's */
    double items;            /* m, of a worker; at least 1 */
    double items_cv;         /* cv, at least 0 */
    double correlation;      /* rho, in [0, 1) */
    double workers;          /* of a team, mean; teams only; at least 1 */
    double team_cv;          /* cv_T; teams only */
    double team_correlation; /* rho_T, in [0, rho]; teams only */
    double effect_deviation; /* tau; items only */
};

struct power_outcome {
    bool share;
    double control;      /* share in arm 0, in (0, 1); shares only: the deviations follow from it */
    double deviation[2]; /* sd_a, above 0; of other outcomes */
};

/* The chance that the interval at this level excludes 0.
   units        workers (where workers or items are randomised) or teams, of both arms; need not be
                whole. Each arm must be worth 2 at least, of items both together
   difference   arm 1 - arm 0; of shares within what the control share leaves
   level        confidence, in (0, 1)
   out          untouched on error
   ERROR_DOMAIN: numbers out of range. */
ASSAY_API enum status assay_power(const struct power_design *design,
                                  const struct power_outcome *outcome, double units,
                                  double difference, double level, double *out,
                                  struct error *error);

/* The smallest number of units for a power, not rounded; at least what assay_power asks for.
   power   above 1 - level, below 1
   ERROR_DOMAIN: also a difference of 0, or more than 1e9 units. */
ASSAY_API enum status assay_power_units(const struct power_design *design,
                                        const struct power_outcome *outcome, double difference,
                                        double level, double power, double *out,
                                        struct error *error);

/* The smallest difference that is told with a power: above 0, or with `less` below 0 (which differs
   from the one above 0 for shares only).
   ERROR_DOMAIN: also where no share in 0 to 1 differs enough. */
ASSAY_API enum status assay_power_detectable(const struct power_design *design,
                                             const struct power_outcome *outcome, double units,
                                             double level, double power, bool less, double *out,
                                             struct error *error);

#endif
