/* assay/staggered.h

   Effects where units (workers, teams) are treated from different periods on: group-time average
   treatment effects of Callaway & Sant'Anna (2021), Journal of Econometrics 225:200-230, without
   covariates. A group g is the units that are first treated in period g. With base period b and
   changes D_i = Y_i,t - Y_i,b,

       ATT(g, t) = mean of D_i over group g - mean of D_i over the controls of (g, t)

   Controls: units that are not treated by t + delta, or those that never are; delta is for how many
   periods before treatment units may act on it (anticipation). A cell with t >= g - delta has b =
   the last period before g - delta (their theorem 1), so that what was anticipated counts. Earlier
   cells look for a trend before treatment: b is the period before t, as in the R package did, or
   the same b as of the later ones (STAGGERED_BASE_SAME). Regression on unit and period dummies
   would compare units also with those treated before them, whose effect may still grow; this never
   does.

   Units that were drawn within strata are compared within them: with W_as the weight of arm a in
   stratum s of a cell, and strata that have both arms,

       ATT(g, t) = sum over s of W_1s (mean_1s - mean_0s) / sum over s of W_1s

   so that strata weigh as their treated units do (their outcome regression, the covariates being a
   dummy for each stratum). The influence of a unit is then v e / sqrt(1 - h): v its weight in the
   difference, above, e its residual of the weighted least squares of D on a level for each stratum
   and one effect, h its leverage there. This is unbiased where effects are alike in all strata and
   errors have one variance over the weights, also where a stratum has one unit of an arm (of
   matched pairs it is the error of the paired t), and too large where effects are not alike.

   It rests on parallel changes: without treatment the group would have changed as its controls did.
   Effects may differ by group and period.

   Errors: the influence of cluster c on a cell is

       phi_c = s_1 sum of w_i (D_i - mean_1) / W_1 - s_0 sum of w_i (D_i - mean_0) / W_0

   over its units in the group (1) and among the controls (0), V = sum of phi_c^2, with s_a = 1
   (STAGGERED_AS_PUBLISHED: what did prints without bootstrap) or s_a^2 = c_a / (c_a - 1), c_a being
   the clusters in arm a (STAGGERED_UNBIASED), as in assay/ratio.h. Averages of cells have the same
   averages of influences; where their weights are shares of groups, also the influence of these
   shares, which are estimates.

   Few treated clusters: the normal quantile of the paper, and of its bootstrap, is too small under
   about 10 of them. Intervals and bands have t with

       df = min(c - 1, 3 (sum phi^2)^2 / sum phi^4 - 2, (s_1 + s_0)^2 / q),   at least 1

   as assay/ratio.h: c clusters that take part; fourth powers of influences; the design's, of shares
   that clusters have of the treated and of the controls, averaged as the cells are. With S
   strata c - 1 - S, and the others times 1 - S/c, the share of residuals that are free: of matched
   pairs one is the other. Measured coverage:
   tests/unit/test_staggered_coverage.c.

   A group or a set of controls of one cluster has no estimate of chance: such a cell has a value,
   no error, and no part in any average.

   Oracles: mpdta (the example of the R package did); tests/oracle/staggered.R, the delta method on
   cell sums with derivatives by complex steps; differences by brute force. */

#ifndef ASSAY_STAGGERED_H
#define ASSAY_STAGGERED_H

#include "assay/estimate.h"
#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* First treated period of a unit that is never treated. */
#define ASSAY_NEVER_TREATED INT64_MAX

/* Rows of one unit and period each, ordered by unit and then by period. */
struct staggered_rows {
    size_t count;
    const int64_t *unit;   /* any numbers, not decreasing */
    const int64_t *period; /* any whole numbers within 1e15, increasing within a unit */
    const double *mean;    /* of the unit's outcome in that period */
    const double *weight;  /* of the unit, above 0, the same in all its rows; NULL: all 1. Its items
                              before any treatment, say: treatment may change how many follow */
    const int64_t *first;  /* first treated period, the same in all rows of a unit */
    const int64_t *cluster; /* the same in all rows of a unit; NULL: each unit is its own */
    const int64_t *stratum; /* what the unit was drawn within, the same in all its rows; NULL: one
                               stratum. With more than one, units are the clusters. */
};

enum staggered_controls { STAGGERED_NOT_YET_TREATED, STAGGERED_NEVER_TREATED };
enum staggered_base { STAGGERED_BASE_BEFORE, STAGGERED_BASE_SAME };
enum staggered_factor { STAGGERED_UNBIASED, STAGGERED_AS_PUBLISHED };

/* Units that were not seen in some period, which may itself be an effect of treatment. */
enum staggered_gaps {
    STAGGERED_GAPS_REFUSED,
    STAGGERED_GAPS_LEFT_OUT, /* units with a gap take no part, and are counted */
    STAGGERED_GAPS_BY_CELL   /* each cell has the units that were seen in both of its periods: its
                                units differ from cell to cell, so that a trend over cells may be
                                one of who was seen */
};

/* All zeros are the defaults. */
struct staggered_design {
    enum staggered_controls controls;
    enum staggered_base base;
    enum staggered_factor factor;
    enum staggered_gaps gaps;
    int64_t anticipation; /* delta, 0 or more, in the unit of periods */
};

/* An estimated panel; opaque. Holds what it needs; rows may go. Its size is that of clusters x
   cells numbers, and of units x periods. */
struct staggered;

/* Estimates all cells.
   out   untouched on error; released by assay_staggered_close
   ERROR_DOMAIN, of the frame: rows out of order, numbers that are not finite, a weight, first
   period, cluster or stratum that changes within a unit, clusters of units in strata, a gap where
   gaps are refused (the sentence names unit and period). Of the design: nobody is treated within
   the periods; everyone is treated from the same period on; no group has a period before it, or
   controls. ERROR_MEMORY. */
ASSAY_API enum status assay_staggered_open(const struct staggered_rows *rows,
                                           const struct staggered_design *design,
                                           struct staggered **out, struct error *error);
ASSAY_API void assay_staggered_close(struct staggered *staggered); /* NULL is fine */

struct staggered_cell {
    int64_t group;      /* g */
    int64_t period;     /* t */
    int64_t base;       /* b */
    size_t units[2];    /* [0] controls, [1] of the group */
    size_t clusters[2]; /* the same of clusters */
    double value;       /* ATT(g, t), in the unit of the outcome */
    bool has_error;     /* at least 2 clusters in both */
};

/* What was found, for reading; pointers live as long as the panel. */
struct staggered_summary {
    size_t units;     /* that take part: those without a period before treatment do not */
    size_t clusters;  /* of these */
    size_t periods;   /* distinct ones in the rows */
    size_t groups;    /* treated within the periods and after a first one */
    size_t never;     /* units not treated within the periods, delta after them included */
    size_t always;    /* units left out: no period before g - delta */
    size_t with_gaps; /* units with a gap, left out if so asked */
    size_t left_out;  /* cells of groups with nobody to compare with, or nobody seen */
    size_t lone;      /* cells of one cluster on either side: no error, in no average */
    size_t strata;    /* of the units that take part */
    size_t matched;   /* strata with both arms in some cell that is in an average */
    size_t unlike;    /* units of the groups of these cells that are in none of them, for nobody of
                         their stratum is there to compare with */
    const bool *is_unlike; /* of each unit that takes part, in the order of their numbers */
    size_t cells;
    const struct staggered_cell *cell; /* ordered by group and period */
};
ASSAY_API struct staggered_summary assay_staggered_summary(const struct staggered *staggered);

/* Averages of cells with t >= g (their section 3). p_g is the share of units (weights) of group g.

   CELLS      each cell by itself; no overall effect
   SIMPLE     no parts; overall the mean of all cells, by p_g
   GROUP      for each group the plain mean over its periods; overall by p_g: the effect on a unit
              that was ever treated, and what one number should be
   CALENDAR   for each period the mean over groups by p_g; overall the plain mean
   EVENT      for each number of periods e = t - g since treatment, below 0 as well, the mean over
              groups by p_g; overall the plain mean over e >= 0. Units differ from one e to the
              next: late groups are seen for a short while only. */
enum staggered_average {
    STAGGERED_CELLS,
    STAGGERED_SIMPLE,
    STAGGERED_GROUP,
    STAGGERED_CALENDAR,
    STAGGERED_EVENT
};

struct staggered_effect {
    int64_t at;               /* number of the cell, group, period or e; 0: overall */
    size_t cells;             /* in the average */
    bool has_interval;        /* a cell with an error, and an error above 0 */
    struct estimate estimate; /* without an interval all but the value are NAN */
    struct interval band;     /* holds for all parts at once; NAN without; overall: NAN */
};

enum staggered_multiplier {
    STAGGERED_NORMAL,     /* standard normal: the band of correlated normal statistics, exactly */
    STAGGERED_RADEMACHER, /* -1 or 1, evenly: tails too light with few clusters */
    STAGGERED_MAMMEN      /* (1 - sqrt 5)/2 with (1 + sqrt 5)/(2 sqrt 5), else (1 + sqrt 5)/2 */
};

/* Simultaneous bands (their algorithm 1): clusters' influences are multiplied by draws with mean 0
   and variance 1; critical is the level quantile (the smallest draw with at least that share at or
   under it) over draws of the largest |sum of V_c phi_c| / standard error over the parts. It is not
   let below the normal quantile of one part. Each part's band has the quantile of its own t whose
   tail is that of critical under the normal, which is critical where df is INFINITY.
   The paper divides by a scaled interquartile range of the draws, this by the standard error that
   the draws have by construction.
   Draws: one source seeded with seed. NORMAL: for each draw, for each part with an error in
   ascending order, one random_normal z; the statistics are L z, L L' their correlations, so that
   the order of clusters does not matter. Else for each draw, for each cluster in the order of its
   number, one random_bits (RADEMACHER: the highest bit is 1 for +1) or one random_uniform (MAMMEN:
   below (1 + sqrt 5)/(2 sqrt 5) for the first value). */
struct staggered_band {
    enum staggered_multiplier multiplier;
    size_t draws; /* 99 to 1e6; 0: 19,999 of NORMAL, 999 else */
    uint64_t seed;
};

struct staggered_effects {
    struct staggered_effect overall;
    double critical; /* NAN without bands */
};

/* Number of parts: cells, 0, groups, periods or e's, of those with a cell that has an error (CELLS:
   of all cells). */
ASSAY_API size_t assay_staggered_parts(const struct staggered *staggered,
                                       enum staggered_average average);

/* Averages.
   band        NULL: no bands
   parts       assay_staggered_parts(..) of them, in ascending order of at; NULL for SIMPLE
   influence   (parts + 1) x clusters numbers, the last row being the overall effect's, scaled so
               that V is its sum of squares; NAN where there is no error; or NULL
   ERROR_DOMAIN: level or draws out of range, no cell with t >= g that has an error (but for CELLS;
   the sentence says why). ERROR_MEMORY. All outputs are undefined on error. */
ASSAY_API enum status assay_staggered_effects(const struct staggered *staggered,
                                              enum staggered_average average, double level,
                                              const struct staggered_band *band,
                                              struct staggered_effect *parts, double *influence,
                                              struct staggered_effects *out, struct error *error);

/* Are all effects of some parts 0? Wald's test, with Hotelling's F for few clusters. Of event times
   before the start it asks what a band does not: whether they part from 0 together, as a slow trend
   does that no single one shows. */
struct staggered_joint {
    size_t effects;   /* m, that are tested */
    bool told;        /* there are enough clusters for so many, and no effect follows from others */
    double statistic; /* W; NAN where it is not told, as the next two */
    double df;        /* nu - m + 1 */
    double p;
};

/* Tests the parts with `at` below `before` that have an interval.
   parts, influence   of assay_staggered_effects, part_count of them; influence has `clusters`
   numbers a row ERROR_MEMORY. Oracle: tests/oracle/staggered_joint.R, two-sample means and
   covariances. */
ASSAY_API enum status assay_staggered_joint(const struct staggered_effect *parts,
                                            const double *influence, size_t part_count,
                                            size_t clusters, int64_t before,
                                            struct staggered_joint *out, struct error *error);

#endif
