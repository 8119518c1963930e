/* assay/quantile.h

   Difference of a quantile between two arms, such as the time within which 9 of 10 items are done,
   with errors by cluster, from counts: no row is needed.

   The quantile of a share nu is the least value that at least nu of an arm's items do not exceed
   (R: type 1). With f_a the density of arm a there, S_ga the items of cluster g up to the quantile
   and N_ga all of them, n_a = sum over g of N_ga, p_a = sum over g of S_ga / n_a,

       psi_ga = -s_a (S_ga - p_a N_ga) / (n_a f_a),   s_a^2 = G_a / (G_a - 1)
       psi_g = psi_g1 - psi_g0,   V = sum over g of psi_g^2

   (Deng, Knoblich & Lu 2018, KDD, arXiv 1803.06336, section 3: the quantile is where a share is nu,
   so its error is that of the share, a mean with clustered errors, over the density). A cluster may
   be in both arms or in one; the factors are those of assay/ratio.h. p_a is nu but for ties.

   The density is that between the quantiles at two ranks about nu,

       f_a = (r_a1 - r_a0) / (q_a(r_a1) - q_a(r_a0)).

   With the ranks nu -+ z sqrt(nu (1 - nu) / n_a) that is the paper's: 1 / f_a is then SE_iid over
   sqrt(nu (1 - nu) / n_a). assay_quantile_ranks takes wider ones where items come from few clusters
   (Woodruff 1952, JASA 47:635-646; Francisco & Fuller 1991, Annals of Statistics 19:454-469: of the
   width by which the share itself is uncertain), since the clusters' own levels are then what lies
   between narrow ones: with 5 workers in each arm, half of the variance between them, and a
   quantile of .9 of normal values the paper's ranks cover 91.5 % and these 93.4 %.

   Values are often rounded. Where a share t_a of the items has the very value of the quantile, it
   stands for values as far apart as (t_a - 1 / n_a) / f_a, its step. Half a step is added for each
   arm as if it were a standard error: V + (step_1^2 + step_0^2) / 4. Medians of values rounded to
   half their standard deviation are covered in as few as 82 % without it, in 96 to 100 % with it.
   Where all values between the two ranks are one, there is no density and no estimate: as rounding
   stays and ranks draw together, that is so of ever more samples.

   t with the degrees of freedom of assay/ratio.h.

   Measured coverage: docs/methods/comparison.md, tests/unit/test_quantile.c.

   Oracles: tests/oracle/quantile.R (rq of quantreg and vcovCL of sandwich on the linearised values;
   the formulas from the rows; cluster bootstraps, one of them quantreg's); quantiles
   and their order statistics of the data `engel` in R. */

#ifndef ASSAY_QUANTILE_H
#define ASSAY_QUANTILE_H

#include "assay/blocked.h"
#include "assay/estimate.h"
#include "assay/status.h"

#include <stddef.h>
#include <stdint.h>

/* One arm, about its quantile. */
struct quantile_arm {
    double value;      /* the quantile */
    double rank[2];    /* shares of its items, below and above that of the quantile */
    double at_rank[2]; /* the quantiles at these */
};

/* Items of both arms by cluster: [a][g], 0 where a cluster has none in arm a. */
struct quantile_clusters {
    size_t count;
    const double *items[2];
    const double *up_to[2]; /* of these, those with a value up to the arm's quantile */
    const double *equal[2]; /* those with the very value */
};

struct quantile {
    struct {
        size_t clusters; /* G_a */
        double items;
        double density;        /* f_a */
        double step;           /* in the unit of the values */
        double standard_error; /* of the arm's quantile, its step included */
    } arms[2];
    struct estimate estimate; /* of value_1 - value_0 */
    /* What it is a share of: value_0, and the degrees of freedom of the share. */
    struct baseline baseline;
    size_t clusters; /* G */
};

/* The ranks at which to take the quantiles of an arm: share -+ w, with

       w = max(w_0, min(z sqrt(share (1 - share) (.1 s + .9 / n)), 3/4 min(share, 1 - share)))
       w_0 = z sqrt(share (1 - share) / n),   z = 1.96

   share           nu, within (0, 1)
   items           n; of weighted items (sum of weights)^2 / sum of their squares
   concentration   s: sum over clusters of the square of their share of the arm's items, in (0, 1];
                   .1 is the part of the variance that a common level of a cluster's items is taken
                   to have
   ERROR_DOMAIN: fewer items than put w_0 within (0, 1) (35 for .9, 381 for .99), since one side of
   the quantile then tells nothing of its density; or a number out of range. out is untouched. */
ASSAY_API enum status assay_quantile_ranks(double share, double items, double concentration,
                                           double out[2], struct error *error);

/* Compares arm 1 with arm 0.
   arms    by number of the arm
   level   confidence, in (0, 1)
   out     untouched on error
   O(count), allocates nothing.
   ERROR_DOMAIN: counts that are not finite, negative, or of more items than there are; an arm
   without items or with those of one cluster alone; ranks that are not in order; one value all
   between them; or a standard error of 0. */
ASSAY_API enum status assay_quantile_difference(const struct quantile_clusters *clusters,
                                                const struct quantile_arm arms[2], double level,
                                                struct quantile *out, struct error *error);

/* Rows grouped and ordered as struct blocked_rows. */
struct quantile_rows {
    size_t count;
    const int64_t *cluster;
    const int64_t *cell;
    const int64_t *arm;
    const double *items;
    const double *up_to; /* of these, those with a value up to the arm's quantile */
    const double *equal; /* those with the very value */
    size_t cell_count;
};

/* Number of doubles of scratch. */
ASSAY_API size_t assay_quantile_within_scratch(size_t count, size_t cell_count);

/* The same like with like: the quantile of an arm is that of its items in cells that both arms
   have, each item with the weight that gives its arm the mix of cells of the weighting arm. An item
   is made one number,

       z = value_a - (1 if up to the quantile, else 0, less their weighted share) / f_a

   whose weighted mean is value_a, and whose blocked difference has the delete-one-cluster jackknife
   (assay/blocked.h) as its variance: weights are renewed and cells that lose an arm drop out, while
   quantile and density stay as they are.
   weights     BLOCKED_ARM_0 or BLOCKED_ARM_1, as the quantiles of arms were weighted
   scratch     assay_quantile_within_scratch(..) doubles; contents are ignored and lost
   unmatched   by arm: share of its items in cells without the other arm
   ERROR_DOMAIN: as assay_blocked and assay_quantile_difference. out is untouched. */
ASSAY_API enum status assay_quantile_within(const struct quantile_rows *rows,
                                            const struct quantile_arm arms[2],
                                            enum blocked_weights weights, double level,
                                            double *scratch, struct quantile *out,
                                            double unmatched[2], struct error *error);

/* The same on either scale, and by how much leaving out each cluster moves the estimate but for the
   steps of rounding.
   scale       BLOCKED_LOG_RATIO: of log(value_1 / value_0), whose steps are shares of the values;
               without a baseline
   deviation   as in assay_blocked_deletions
   ERROR_DOMAIN also where a value is not above 0 on the log scale. */
ASSAY_API enum status
assay_quantile_within_deletions(const struct quantile_rows *rows, const struct quantile_arm arms[2],
                                enum blocked_weights weights, enum blocked_scale scale,
                                double level, double *scratch, double *deviation,
                                struct quantile *out, double unmatched[2], struct error *error);

#endif
