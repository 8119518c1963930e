/* assay/sequence.h

   An interval that may be looked at as often as one likes: a confidence sequence. A fixed interval
   covers at the one time that was planned; looked at each day until it excludes 0, it excludes 0
   sooner or later. This one covers at all times together.

   Asymptotic, in information time (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, Annals of
   Statistics 52:2613-2640, the normal mixture of Robbins 1970; Howard, Ramdas, McAuliffe & Sekhon
   2021, Annals of Statistics 49:1055-1080). With SE* the standard error of the planned end, SE that
   of the look, and 1 - alpha the level,

       t = SE*^2 / SE^2
       R = -2 ln alpha + ln(1 - 2 ln alpha)
       c = sqrt((1 + 1/(t R)) (ln(1 + t R) - 2 ln alpha))
       value -+ q SE,   P(T_df > q) = P(Z > c)

   R makes it narrowest about t = 1. Information, not the number of clusters, is the time: where
   people are fixed and items accrue, clusters never grow. With few clusters the normal theory is
   not yet true, so that c is taken to the tail of t in which it lies. (The ratio of the two usual
   quantiles, t_{1-alpha/2} / z_{1-alpha/2}, would not do: c lies farther out. With 10 clusters
   whose items accrue it says something false in 10 % of runs, with 15 in 6 %; this in 4 % and 3 %.)
   Before 10 clusters or a twentieth of the planned information nothing is given.

   The interval of a look is a fixed interval of a level of its own, 1 - 2 P(Z > c), which depends
   on t alone: any estimator becomes one for all looks by being asked for that level
   (assay_sequence_level). Where SE* is not known before the first look, the share of the planned
   items that have come, n / n*, may stand for t, as it does for independent values. Where
   information grows no faster than items, crossings are then rarer than with t itself, for they go
   by the growth of ln(1/SE^2). Where it grows faster, c never falls below its least (3.03 at 95 %)
   all the same, and |value| / SE exceeds that in under 5 % of runs unless information grows
   60-fold from the first look on (Siegmund 1985, Sequential Analysis, 4.11).

   Oracles: the width for independent values, n = n* = 500 and alpha = .05, of the R package confseq
   (67.8693362840 on the scale of sums); the rate of false answers under 10,000 looks, by
   simulation. */

#ifndef ASSAY_SEQUENCE_H
#define ASSAY_SEQUENCE_H

#include "assay/estimate.h"
#include "assay/status.h"

#include <stddef.h>

enum { assay_sequence_clusters_least = 10 };

#define ASSAY_SEQUENCE_INFORMATION_LEAST 0.05

struct sequence {
    double information; /* t; 1 at the planned end, above it beyond */
    struct interval
        interval; /* about the value; 0 is excluded at any look with at most 1 - level */
};

/* The interval of one look.
   look              value, standard_error and df of the estimate at that look
   planned_error     SE*, above 0, fixed before the first look
   clusters          of the estimate
   level             confidence, in (0, 1)
   out               untouched on error
   ERROR_DOMAIN, with a sentence that may be shown: fewer than 10 clusters, t below .05; also
   numbers that are not finite or a level out of range. */
ASSAY_API enum status assay_sequence(const struct estimate *look, double planned_error,
                                     size_t clusters, double level, struct sequence *out,
                                     struct error *error);

/* The level of the fixed interval that is the sequence's at this information.
   information   t, at least .05
   level         confidence at all looks together, in (0, 1)
   out           in (level, 1); untouched on error
   ERROR_DOMAIN: t below .05 or not finite, a level out of range, or t so large that the level is
   1 but for rounding. */
ASSAY_API enum status assay_sequence_level(double information, double level, double *out,
                                           struct error *error);

#endif
