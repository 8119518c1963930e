/* assay/double_difference.h

   A change less another one: of four spans, 1 less 0 and off it 3 less 2, as of this year's two
   spans and of the same days a year before. Within cells, all four weighted to the mix of span 0:

       M_s = sum over cells c with all four of w_c mean_cs,   w_c as n_c0, sum w_c = 1
       D   = (M_1 - M_0) - (M_3 - M_2),   or   log(M_1 / M_0) - log(M_3 / M_2)

   of which the second is for times, money and whatever is shown as a percentage. Ratios of sums
   have R_s, the ratio of the weighted means of numerator and denominator, in place of M_s.

   A person may be in all four spans, so that the two changes are not independent, and neither are
   the spans of one. The error is the jackknife that leaves a cluster out of all four at once
   (Efron & Stein 1981; assay/blocked.h),

       V = (G-1)/G sum over g of (D_(-g) - mean of D_(-g))^2,

   cells that lose a span drop out, and weights are renewed. t with

       df = min(G - 1,  3 (sum x_g^2)^2 / sum x_g^4 - 2 of the influences and of the deviations,
                (s_0 + .. + s_3)^2 / q),   at least 1

   as there: the influence of g at fixed weights is the sum over spans of their sign times w_c
   (S_gcs - n_gcs mean_cs) / n_cs, each divided by M_s on the log scale; of the design alone, with
   w_gs the share that g has of span s,

       q = sum over s of s_s^2 (s_s + sum over g != h of b_gs b_hs)
           + 2 sum over s < r of s_s s_r (sum of w_gs w_gr + sum over g != h of c_g c_h)

   in the terms of assay/restricted_mean.h, which is G - 1 where all clusters are alike in all four.

   Of restricted means what enters is what each cluster adds to either change, z_g1 and z_g0, and
   D = d_1 - d_0 has V = sum (z_g1 - z_g0)^2, with df likewise.

   Oracles: tests/oracle/double_difference.R: deletion by brute force; least squares with a dummy
   for each cell and the interaction of year and span, where all is balanced. Measured coverage: as
   said in docs/methods/plans.md. */

#ifndef ASSAY_DOUBLE_DIFFERENCE_H
#define ASSAY_DOUBLE_DIFFERENCE_H

#include "assay/blocked.h"
#include "assay/estimate.h"
#include "assay/status.h"

#include <stddef.h>
#include <stdint.h>

enum { assay_double_spans = 4 };

/* Rows grouped by cluster, cell and span, ordered by cluster (a triple may have several rows). */
struct double_rows {
    size_t count;
    const int64_t *cluster; /* any numbers, not decreasing */
    const int64_t *cell;    /* 0 .. cell_count - 1 */
    const int64_t *span;    /* 0 .. 3 */
    const double *items;    /* above 0: number of items in the row */
    const double *mean;     /* of their values; of a ratio, of their numerators */
    const double *divisor;  /* of a ratio, mean of their denominators; NULL: no ratio */
    size_t cell_count;
};

struct double_difference {
    struct estimate estimate;        /* D */
    struct estimate change[2];       /* of spans 0 and 1, of spans 2 and 3, by the same deletions */
    double lowest;                   /* of D without one cluster, */
    double highest;                  /* and the highest */
    double mean[assay_double_spans]; /* M_s or R_s */
    double unmatched[assay_double_spans]; /* share of the span's items in cells without all four */
    double
        strength; /* of a ratio, of the weakest denominator, as in assay/ratio.h; else INFINITY */
    size_t clusters_of[assay_double_spans]; /* with an item of the span in a cell of all four */
    size_t cells;                           /* with all four */
    size_t clusters;                        /* G */
};

/* Number of doubles of scratch. */
ASSAY_API size_t assay_double_difference_scratch(size_t cell_count);

/* Estimates. Ratios are taken on the log scale, whatever the scale says.
   scratch   assay_double_difference_scratch(rows->cell_count) doubles; contents are ignored and
   lost Cost O(rows + cells): of each cluster only the cells that it touches are renewed. A change
   whose error is 0 has a value alone; the rest of it is NAN. ERROR_DOMAIN: rows out of order or
   range, numbers that are not finite, no cell with all four spans, fewer than 2 clusters, one
   cluster without which no cell keeps all four, on the log scale a mean not above 0 (with any
   cluster deleted), or a standard error of 0. out is untouched. */
ASSAY_API enum status assay_double_difference(const struct double_rows *rows,
                                              enum blocked_scale scale, double level,
                                              double *scratch, struct double_difference *out,
                                              struct error *error);

/* Two changes by what clusters add to them. */
struct double_parts {
    size_t clusters;
    double value[2];       /* of spans 0 and 1, of spans 2 and 3 */
    const double *part[2]; /* z_g of either; 0: the cluster is not in it */
    const double
        *items[assay_double_spans]; /* weight of the cluster's items in the span; 0: none */
};

/* The first change less the second.
   ERROR_DOMAIN: fewer than 2 clusters with items, a span without items or with those of one
   cluster alone, numbers that are not finite, or a standard error of 0. out is untouched. */
ASSAY_API enum status assay_double_difference_of_parts(const struct double_parts *parts,
                                                       double level, struct estimate *out,
                                                       struct error *error);

#endif
