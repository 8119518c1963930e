/* assay/power_shown.h

   Power of the interval that is shown where workers or teams are drawn: CR2's, made wider where CR2
   is known to be too narrow (assay/cautious.h). No formula holds for the widest of three intervals,
   so trials are made up: units of the past's sizes are spread over the arms, their means are drawn,
   and the interval is asked whether it excludes 0. One seed makes all trials of one call, and the
   calls are alike in it, so that power moves smoothly with the difference.

   With rho the correlation of two items of a unit, a unit of n items has the mean of a normal
   outcome with variance sd^2 (rho + (1 - rho)/n). Of a share, its own share is log-normal about
   that of the arm (of the rarer of events and others), with variance rho p (1 - p), and its events
   are binomial. Skewed outcomes, which widen the interval more, are not made up.

   Where arms are of one number of units, of one size, and nothing is rare, this is assay/power.h
   but for chance.

   Oracle: trials in a workspace, asked of compare (tests/unit/test_power_promised.c). */

#ifndef ASSAY_POWER_SHOWN_H
#define ASSAY_POWER_SHOWN_H

#include "assay/power.h"
#include "assay/status.h"

#include <stddef.h>
#include <stdint.h>

struct shown_design {
    size_t count;        /* units of the past */
    const double *items; /* of each, above 0 */
    double treated;      /* share of units in arm 1, in (0, 1) */
    double correlation;  /* of two items of a unit, in [0, 1) */
};

/* The share of trials whose interval excludes 0.
   units        in both arms, rounded, at least 2 in each; as many as in the past are its own in
                another order each time, others are drawn from it
   scale        times as many items of each unit as in the past
   difference   as in assay/power.h
   runs         trials, at least 100
   out          untouched on error

   ERROR_DOMAIN: numbers out of range. ERROR_MEMORY. */
ASSAY_API enum status assay_power_shown(const struct shown_design *design,
                                        const struct power_outcome *outcome, double units,
                                        double scale, double difference, double level, size_t runs,
                                        uint64_t seed, double *out, struct error *error);

#endif
