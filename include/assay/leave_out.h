/* assay/leave_out.h

   Effect of a treatment that items have or have not, told by how much of it the *other* items of
   their unit and period had: teams whose share of work with AI is larger in some weeks than in
   others. With a the item's treatment, effects of units and of periods,

       y_i = slope a_i + unit + period + u_i

   Who of a unit's items is treated is a choice (the hard ones), so that a_i goes with u_i. Least
   squares on the share of the unit's period, which holds a_i itself, keeps of that choice as much
   as the share moves by the chance of which items came: a slope of +1.4 to +3.5 where there is no
   effect (8 items a period). The share of the others does not hold a_i (jackknife instruments:
   Angrist, Imbens & Krueger 1999, Journal of Applied Econometrics 14:57-67). With effects of units
   and periods beside it, what others tell of an item also comes by their estimates; all of it is
   taken out by

       A = P - W - M diag(b) M,   slope = y'A a / a'A a

   P averages within unit and period, W fits units and periods, M takes deviations within unit and
   period, and b = (1/n - h) n/(n - 1), of n items with leverage h in W, makes the diagonal of A 0:
   no item's outcome meets its own treatment. A W = 0, so that unit and period effects go exactly
   (symmetric jackknife with effects: Chao, Swanson & Woutersen 2023, Journal of Econometrics
   235:1747-1769; the bias taken off numerator and denominator: Kline, Saggio & Solvsten 2020,
   Econometrica 88:1859-1898). Where a share moves by far more than chance it is the slope of least
   squares.

   Unbiased (in numerator and denominator) if, within a unit and period, that one item is treated
   says nothing of another's outcome beside the unit's and period's effects. It is not where a fixed
   number of a period's items is treated whatever these are (the slope of shares is right there), or
   where who is at work in a period decides both. If an outcome goes with the share of all items and
   not with the item's own treatment, the slope is that of the share over 1 - chance.

   Errors: those of two-stage least squares with z = A a as the one instrument (instrument.h), by
   unit. The interval is the set of Anderson & Rubin, which holds its level however little of the
   share's movement is left: it may then have no bounds.

   Oracles: A written out over all items, and clubSandwich on ivreg and lm (tests/oracle/dose.R).
   Coverage and bias: tests/unit/test_leave_out.c. */

#ifndef ASSAY_LEAVE_OUT_H
#define ASSAY_LEAVE_OUT_H

#include "assay/estimate.h"
#include "assay/regression.h"
#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Items grouped by unit, period and treatment, ordered by unit, then period. */
struct leave_out_rows {
    size_t count;
    const int64_t *unit;   /* 0, 1, .. */
    const int64_t *period; /* 0 .. period_count - 1 */
    const int64_t *arm;    /* 1: treated */
    const double *items;   /* whole numbers above 0 */
    const double *mean;    /* of their outcomes */
    const double *squares; /* sum of squares about the mean */
    size_t period_count;   /* up to assay_leave_out_periods_max */
};

enum { assay_leave_out_periods_max = 62 };

struct leave_out {
    /* interval: see above; without a bound -INFINITY or INFINITY. statistic and p: that z has no
       part in y. standard_error: of two-stage least squares. */
    struct estimate estimate;
    /* The coefficients of z in y and in a, whose ratio the slope is: of y with its error, of a as
       what it is a share of (variance, and covariance with that of y). */
    struct estimate outcome;
    struct baseline uptake;
    double slope_of_shares; /* of least squares on the share */
    double items;           /* in units' periods of two items and more, as all that follows */
    double alone;           /* items that are left out: the others of their period are none */
    double share;           /* of them treated */
    double mean;            /* of the outcomes */
    double spread;          /* standard deviation of the share, units and periods taken out */
    double chance;          /* part of its square that is by chance of which items came */
    size_t units;
    size_t periods;
    size_t cells; /* units' periods */
};

/* Estimates.
   kind        VARIANCE_CR0 to VARIANCE_CR3
   normal      normal quantile in place of t
   influence   NULL, or set by unit: by how much leaving it out moves the slope, to the first order
   ERROR_DOMAIN: rows out of order or range, too many periods, one unit, and what
   assay_regression_open and assay_instrument_set refuse. ERROR_SINGULAR: no share that moves beside
   units and periods. ERROR_MEMORY. out is untouched on error. */
ASSAY_API enum status assay_leave_out(const struct leave_out_rows *rows, enum variance kind,
                                      bool normal, double level, double *influence,
                                      struct leave_out *out, struct error *error);

/* The slope without one unit; NAN where there is none. Others as above. */
ASSAY_API enum status assay_leave_out_without(const struct leave_out_rows *rows, int64_t left_out,
                                              double *out, struct error *error);

#endif
