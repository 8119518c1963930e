/* assay/heterogeneity.h

   Does an effect differ between cells (roles, teams, models)? Each cell's estimate beside the one
   shrunken towards the others, and which cells are different from the rest.

   The same clusters (people) may be in several cells, so that the cells' estimates are not
   independent. All that follows is from what each cluster adds to each cell, z_gc, 0 for a cluster
   that is not in the cell, with

       sum over g of z_gc^2 = v_c

   Of estimates by influence it is the cluster's influence as it enters their variance
   (assay/restricted_mean.h); of those with a jackknife, d_c(-g) being the cell's estimate without
   cluster g (assay/blocked.h),

       z_gc = sqrt((G_c - 1) / G_c) (mean of d_c(-h) - d_c(-g))

   Any contrast of cells then has the variance sum over g of (sum_c l_c z_gc)^2, whoever is in which
   cells.

   Different: cell c against all others together, l_c = 1 and l_d = -(items of d) / (items of all
   others), t with the least of G - 1, 3 (sum z_g^2)^2 / sum z_g^4 - 2 and Satterthwaite's of the
   cells' own degrees of freedom, (sum x_c)^2 / sum (x_c^2 / df_c) with x_c = l_c^2 v_c; at least 1.
   p-values are adjusted by Benjamini & Hochberg (assay/multiple.h); the least of them is Simes' p
   of no difference at all.

   Shrunken: random effects (assay/pooling.h), of v_c less what the cells have in common. With s the
   mean of the covariances of two cells, at least 0, values have variance tau^2 + v_c - s about a
   mean that all of them move with: tau^2 and shrinkage are those of v_c - min(s, 0.9 of the least
   v_c), and s is added to the variance of the mean and of each shrunken value. Exact where all
   covariances are s. The interval of a shrunken value is on the t of the cell's own.

   Oracles: R packages survival and metafor (tests/oracle/by_cells.R); explicit deletion of
   clusters; the rate of false differences by simulation (tests/unit/test_heterogeneity.c). */

#ifndef ASSAY_HETEROGENEITY_H
#define ASSAY_HETEROGENEITY_H

#include "assay/pooling.h"
#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>

/* The estimates of the cells, in one unit. */
struct cell_estimates {
    size_t count;           /* K, at least 2 */
    size_t clusters;        /* G */
    const double *value;    /* d_c */
    const double *variance; /* v_c, above 0 */
    const double *df;       /* above 0; INFINITY: normal */
    const double *items;    /* above 0 */
    const double *part;     /* K x G, row by row: z_gc; 0: g is not in c */
};

/* The z_gc of one cell from its deletions, in place.
   deviation   d_c(-g) - d_c (assay_blocked_deletions); NAN: g is not in c, and becomes 0 */
ASSAY_API void assay_parts_of_deletions(size_t clusters, double *deviation);

struct cell_answer {
    struct shrunken shrunken;
    struct estimate against; /* the cell less all others together */
    double adjusted_p;
    bool different; /* adjusted_p <= rate */
};

struct heterogeneity {
    struct pooled pooled; /* the error of mean and prediction holds what cells have in common */
    double common;        /* s */
    double between_paule_mandel; /* tau^2 by the other method */
    double p;                    /* of no difference */
    size_t different;
};

/* Number of doubles of scratch. */
ASSAY_API size_t assay_heterogeneity_scratch(size_t count);

/* Compares the cells.
   rate      of false differences among those found, in (0, 1), as .05
   level     confidence of intervals, in (0, 1)
   scratch   contents are ignored and lost
   answers   count of them
   O(count^2 x clusters), allocates nothing. out and answers are undefined on error.
   ERROR_DOMAIN: fewer than 2 cells, numbers out of range, or cells that are all of one value. */
ASSAY_API enum status assay_heterogeneity(const struct cell_estimates *cells, double rate,
                                          double level, double *scratch,
                                          struct cell_answer *answers, struct heterogeneity *out,
                                          struct error *error);

#endif
