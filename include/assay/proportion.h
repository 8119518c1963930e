/* assay/proportion.h

   Proportions of independent items: one item per cluster, or a sample that was drawn item by item.
   Items of one person are alike, and then these intervals are too narrow: assay/regression.h and
   assay/cautious.h are for them.

   WILSON      score interval (Wilson 1927, JASA 22:209-212), without a continuity correction: the u
               at which |x/n - u| = z sqrt(u (1 - u) / n).
   EXACT       Clopper & Pearson (1934, Biometrika 26:404-413): both tails of the binomial at least
               (1 - level) / 2; quantiles of the beta distribution. Never under its level, and
               therefore wide.
   DIFFERENCE  Newcombe (1998, Statistics in Medicine 17:873-890), method 10: Wilson's limits of
   both proportions, joined by squares. It keeps its level where the textbook interval does not:
   small samples, and proportions near 0 or 1.

   Oracles: R prop.test (correct = FALSE) and binom.test, recorded by tests/oracle/proportion.R;
   Newcombe's table II; small_tables. */

#ifndef ASSAY_PROPORTION_H
#define ASSAY_PROPORTION_H

#include "assay/estimate.h"
#include "assay/status.h"

#include <stddef.h>

struct proportion {
    size_t events; /* at most count */
    size_t count;  /* items, at least 1 */
};

/* Intervals of a proportion, within [0, 1], and of p(one) - p(zero), within [-1, 1].
   level   confidence, in (0, 1)
   out     untouched on error
   ERROR_DOMAIN: no items, more events than items, or a level out of range. */
ASSAY_API enum status assay_proportion_wilson(struct proportion proportion, double level,
                                              struct interval *out, struct error *error);
ASSAY_API enum status assay_proportion_exact(struct proportion proportion, double level,
                                             struct interval *out, struct error *error);
ASSAY_API enum status assay_proportion_difference(struct proportion one, struct proportion zero,
                                                  double level, struct interval *out,
                                                  struct error *error);

#endif
