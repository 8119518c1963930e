/* stats/score.h: score limits of one mean; see assay/cautious.h. */

#ifndef STATS_SCORE_H
#define STATS_SCORE_H

#include "assay/cautious.h"

/* The u on either side of a mean at which (mean - u)^2 = c v(u): Wilson's limits of a share at
   c = t^2 / N. */
struct interval score_limits(enum outcome_range range, double mean, double c);

#endif
