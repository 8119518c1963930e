/* assay/absorbed.h

   Difference of two arms within strata: least squares of y on the arm and a dummy for each stratum,
   however many these are, from sums by cluster, stratum and arm. The dummies are absorbed
   (Frisch & Waugh 1933, Econometrica 1:387-401): with x the arm less its share of the stratum's
   items,

       d = sum x y / Q,  Q = sum x^2 = sum over strata s of n_s1 n_s0 / (n_s1 + n_s0)

   Errors are those of the whole fit, dummies among its columns; no matrix of strata by strata is
   inverted. Of cluster g, with n_gs items of the N_s of stratum s, the hat matrix is

       H_gg = sum over s of 1_gs 1_gs' / N_s + x_g x_g' / Q

   a diagonal (n_gs / N_s, along 1_gs) plus one vector times itself, whose functions cost O(k^2) of
   the k strata that g touches (stats/secular.h).

   CR0 to CR3 and Satterthwaite's degrees of freedom are as in regression.h, and so are the
   classical errors and HC0 to HC3, by items, for which the sums of squares within rows are needed.
   One-dimensional: no covariates beside the arm.

   With two clusters of one size in each stratum, one in either arm (matched pairs), CR2 is the
   paired t: V = sum (d_s - d)^2 / (S (S - 1)), S - 1 degrees of freedom. The delete-one-cluster
   jackknife of blocked.h deletes each pair twice there, and its standard error is too large by
   sqrt 2.

   Strata without both arms tell nothing and are left out, with their items.

   Oracles: R's lm with dummies, clubSandwich, sandwich and t.test on tests/oracle/strata.R;
   regression.h on dummies. */

#ifndef ASSAY_ABSORBED_H
#define ASSAY_ABSORBED_H

#include "assay/estimate.h"
#include "assay/regression.h"
#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows grouped by cluster, stratum and arm, ordered by cluster, then stratum (a triple may have
   several rows). */
struct absorbed_rows {
    size_t count;
    const int64_t *cluster; /* not decreasing */
    const int64_t *stratum; /* 0 .. stratum_count - 1 */
    const int64_t *arm;     /* 0 or 1 */
    const double *items;    /* above 0 */
    const double *mean;     /* of their values */
    const double *squares;  /* sum of squares about the mean; NULL: not known */
    size_t stratum_count;
};

struct absorbed {
    struct estimate estimate;
    double lowest;  /* of the estimates without one cluster, */
    double highest; /* and the highest */
    double
        mean[2]; /* of each arm on the mix of all items: the mean less d x arm 1's share, plus d */
    /* Of mean[0]. df is that of d - (d / mean[0]) mean[0]; INFINITY if mean[0] is not above 0. What
       a stratum that one cluster has alone tells of the level is left out of its variance. */
    struct baseline baseline;
    double unmatched[2]; /* by arm: share of its items in strata without the other arm */
    double items;        /* in strata with both arms, as all that follows */
    double r_squared;    /* NAN without squares */
    size_t strata;
    size_t clusters;
};

/* Estimates.
   kind       CR0 to CR3; CLASSICAL and HC0 to HC3 with squares
   normal     normal quantile in place of t
   residual   NULL, or set by cluster number, which is then 0 or more: its mean residual; left as it
              was for a cluster without an item in a stratum of both arms
   ERROR_DOMAIN: rows out of order or range, numbers that are not finite, no stratum with both arms,
   fewer than 2 clusters, no more items than coefficients, a standard error of 0, or, with CR2 and
   CR3, a difference that one cluster alone makes estimable. ERROR_MEMORY. out is then untouched. */
ASSAY_API enum status assay_absorbed(const struct absorbed_rows *rows, enum variance kind,
                                     bool normal, double level, double *residual,
                                     struct absorbed *out, struct error *error);

#endif
