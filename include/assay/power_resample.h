/* assay/power_resample.h

   Power where no formula holds: of designs over time. Units (teams, or workers) of the past, each
   with its items and mean outcome in each segment of time, are drawn with replacement, whole, so
   that what lies between segments of one unit stays as it was; arms are drawn as the design draws
   them; and the design's own estimator is run. The past knows no effect, and an effect is added to
   what the treated have, so that one set of runs gives the power of every effect: the share of runs
   in which |estimate + effect| is above t(level, df) times its standard error. (Efron & Tibshirani
   (1993), An Introduction to the Bootstrap, chapter 25, of power by resampling clusters.)

   SWITCHBACK    each unit and segment (block) gets arm 1 with a probability; difference of means
                 with errors by unit and block, CR2
   STAGGERED     units are spread evenly over first segments 1 .. segments - 1 and never, in a drawn
                 order; mean over groups of Callaway & Sant'Anna (assay/staggered.h, GROUP), units
                 weighted by their items in segment 0
   BEFORE_AFTER  segment 0 is before, segment 1 after; difference of means with errors by unit, CR2;
                 what the past itself changed by, in the mean of the runs, is taken out

   The estimate's spread is that of resampled units. With few of them it is itself uncertain.

   Oracle: closed forms for equal independent segments: tests/unit/test_power_resample.c. */

#ifndef ASSAY_POWER_RESAMPLE_H
#define ASSAY_POWER_RESAMPLE_H

#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum resample_design { RESAMPLE_SWITCHBACK, RESAMPLE_STAGGERED, RESAMPLE_BEFORE_AFTER };

struct resample_panel {
    size_t units;        /* at least 4 */
    size_t segments;     /* at least 2; BEFORE_AFTER takes 2 */
    const double *items; /* units x segments, row by row; 0: none */
    const double *mean;  /* the same; 0 where there are no items */
};

/* One run. */
struct resample_run {
    double estimate;
    double standard_error;
    double df;
};

/* Runs.
   treated   SWITCHBACK: probability of arm 1, in (0, 1)
   draw      units in each run; 0: as many as in the panel
   runs      wanted, at least 100
   out       `runs` of them, of which `made` are filled: runs whose draw allows no estimate (all in
             one arm) are left out
   ERROR_DOMAIN: a panel that is none, or no run in ten allows an estimate. ERROR_MEMORY. */
ASSAY_API enum status assay_resample(enum resample_design design,
                                     const struct resample_panel *panel, double treated,
                                     size_t draw, size_t runs, uint64_t seed,
                                     struct resample_run *out, size_t *made, struct error *error);

/* The share of runs that tell an effect. ERROR_DOMAIN: a level out of range, or no run. */
ASSAY_API enum status assay_resample_power(size_t made, const struct resample_run *runs,
                                           double effect, double level, double *out,
                                           struct error *error);

/* The smallest effect that is told with a power: above 0, or with `fall` below 0.
   ERROR_DOMAIN as above. */
ASSAY_API enum status assay_resample_detectable(size_t made, const struct resample_run *runs,
                                                double level, double power, bool fall, double *out,
                                                struct error *error);

#endif
