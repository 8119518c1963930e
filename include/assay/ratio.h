/* assay/ratio.h

   Ratio of two sums, such as dollars over completed items, compared between two arms, with errors
   by cluster. Numerator and denominator are two outcomes of each cluster, both random: no item has
   a ratio of its own, and the mean of the clusters' ratios is another number.

       R_a = N_a / D_a,   N_a = sum over clusters g of N_ga,   D_a likewise
       value = log(R_1 / R_0)

   Delta method on the log scale (Deng, Knoblich & Lu 2018, KDD, arXiv 1803.06336, section 2). The
   influence of cluster g on log R_a and on the value is

       phi_ga = N_ga / N_a - D_ga / D_a,   phi_g = s_1 phi_g1 - s_0 phi_g0,   V = sum phi_g^2
       s_a^2 = G_a / (G_a - 1),   G_a: clusters that have items in arm a

   so that a cluster may be in both arms (its two parts move together) or in one. Where all clusters
   are in both, V is G/(G-1) times the plain sandwich; where none is, each arm has the factor of its
   own mean: in runs with 5 clusters in each arm the common factor covers 92.4 % and these 94.4 %.
   t with

       df = min(G - 1, 3 (sum phi_g^2)^2 / sum phi_g^4 - 2, (s_1 + s_0)^2 / q),   at least 1

   as in assay/blocked.h, for the same reason: V is a sum of squares of independent influences with
   mean 0, whatever each of them is made of, and what Satterthwaite (1946) needs of them is their
   fourth powers; the last is that of the design alone, of the shares that clusters have of each
   arm's items. With lognormal costs (sd 1.2 of the logarithm) and 20 clusters in both arms the
   first two cover 94.0 % and G - 1 alone 92.4 %.

   A ratio has no finite variance where its denominator may be near 0. With

       strength_a = mean over clusters of D_ga / its standard error = D_a / sqrt(G_a) / sd(D_ga)

   that interval is given where the denominator of each arm is at least
   assay_ratio_strength_straight standard errors from 0. Where one is weaker there is another, and
   the wider side of both counts; where one is under assay_ratio_strength_least, the other one
   alone. It comes from the two arms' sets (Fieller 1954, JRSS B 16:175-185)

       {r > 0: (N_a - r D_a)^2 <= t^2 V(N_a - r D_a)},   V = G_a/(G_a - 1) sum (about the mean)^2

   with t of each arm's own degrees of freedom, as above. With l_a and u_a the logarithms of the
   ends and c the correlation of phi_g1 and phi_g0 (0 where it is above 0), they are joined by
   squares (Zou & Donner 2008, Statistics in Medicine 27:1693-1702):

       low  = value - sqrt(A^2 + B^2 - 2 c A B),   A = log R_1 - l_1,   B = u_0 - log R_0
       high = value + sqrt(..),                    A = u_1 - log R_1,   B = log R_0 - l_0

   Where the denominator of arm 1 is not told from 0, u_1 and high are INFINITY; that of arm 0, u_0
   is, and low -INFINITY. A numerator that is not told from 0 leaves no l_a. Such an interval says
   what the data say: at least so much, or at most, or nothing. By the straight line alone, nominal
   95 % intervals of denominators at 3 to 6 cover as few as 89 %, where what is counted is rare; as
   given those of all below 6 cover 95 % and more (tests/unit/test_ratio.c).

   Oracles: tests/oracle/ratio.R: quasi-Poisson regression with offset log D_ga and clustered errors
   (R package sandwich), which is the same estimate and plain sandwich; a cluster bootstrap; the
   relative difference of means of gbstats. */

#ifndef ASSAY_RATIO_H
#define ASSAY_RATIO_H

#include "assay/blocked.h"
#include "assay/estimate.h"
#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { assay_ratio_strength_least = 3, assay_ratio_strength_straight = 6 };

/* The two arms by cluster. */
struct ratio_clusters {
    size_t count;                 /* clusters that have items in either arm */
    const double *const *arms[2]; /* arms[a][g]: moments (assay/moments.h) of the two columns
                                     numerator, denominator; NULL: no items of the arm */
};

struct ratio_arm {
    size_t clusters; /* G_a */
    double items;
    double numerator;   /* N_a; within cells: the weighted mean */
    double denominator; /* D_a; within cells: the weighted mean */
    double ratio;       /* R_a */
    double strength;    /* INFINITY where the denominator is the same in every cluster */
};

struct ratio {
    struct ratio_arm arms[2];
    bool weak;                /* a denominator is weaker than assay_ratio_strength_least */
    bool has_interval;        /* on one side at least */
    struct estimate estimate; /* of the log ratio. Where weak: without standard_error and statistic,
                                 which are NAN; a side without a bound is -INFINITY or INFINITY.
                                 Within cells and weak: all but the value are NAN */
    size_t clusters;          /* G */
};

/* Compares arm 1 with arm 0.
   level   confidence, in (0, 1)
   out     untouched on error
   O(count), allocates nothing.
   ERROR_DOMAIN: an array that cannot be moments; an arm without items or with those of one cluster
   alone; a sum of numerators or denominators that is not above 0 (there is no ratio then, or no
   logarithm of it); or a standard error of 0. */
ASSAY_API enum status assay_ratio(const struct ratio_clusters *clusters, double level,
                                  struct ratio *out, struct error *error);

/* The interval by Fieller's sets, whatever the strength of the denominators.
   df      of both arms: 0 takes those of each; any other number is used, INFINITY being normal
   out     untouched on error; p is one less the level at which the interval ends at 0, df the
           smaller of the arms', standard_error and statistic are NAN
   O(count), allocates nothing.
   ERROR_DOMAIN: an arm of fewer than 2 clusters, or sums that are not above 0. */
ASSAY_API enum status assay_ratio_bounds(const struct ratio_clusters *clusters, double df,
                                         double level, struct estimate *out, struct error *error);

/* Makes an interval as wide on each side as another of the same value, and p that of the wider. */
ASSAY_API void assay_ratio_unite(const struct estimate *other, struct estimate *estimate);

/* What an item adds to the logarithm of its arm's ratio, by the same straight line:

       of_numerator * numerator + of_denominator * denominator + log R_a

   whose mean over the arm is log R_a. Least squares of it on the arm and covariates adjusts the log
   ratio for these; on the arm alone, it gives the log ratio and CR0 the plain sandwich above.
   Oracle: tests/oracle/ratio_adjusted.R. */
struct ratio_line {
    double of_numerator, of_denominator;
    double ratio; /* R_a */
};

/* Of an arm's items and its two sums, numerator and denominator.
   ERROR_DOMAIN: one of the three is not above 0. out is untouched. */
ASSAY_API enum status assay_ratio_line(double items, const double sums[2], struct ratio_line *out,
                                       struct error *error);

/* Rows of two outcomes, grouped and ordered as struct blocked_rows. */
struct ratio_rows {
    size_t count;
    const int64_t *cluster;
    const int64_t *cell;
    const int64_t *arm;
    const double *items;
    const double *numerator;   /* mean of the row's items */
    const double *denominator; /* mean of the row's items */
    size_t cell_count;
};

/* Number of doubles of scratch. */
ASSAY_API size_t assay_ratio_within_scratch(size_t count, size_t cell_count);

/* The same like with like: R_a is the ratio of the two means over the cells with both arms, each
   weighted by the mix of an arm. Each item's numerator and denominator are made one number,

       z = (numerator - R_a denominator) / weighted mean numerator of its arm

   whose blocked difference is 0, and whose delete-one-cluster jackknife (assay/blocked.h) is the
   variance of the log ratio to first order: weights are renewed and cells that lose an arm drop
   out, while R_a stays as it is. Degrees of freedom as there.
   scratch     assay_ratio_within_scratch(..) doubles; contents are ignored and lost
   unmatched   by arm: share of its items in cells without the other arm
   ERROR_DOMAIN: as assay_blocked, or a weighted mean that is not above 0. out is untouched. */
ASSAY_API enum status assay_ratio_within(const struct ratio_rows *rows,
                                         enum blocked_weights weights, double level,
                                         double *scratch, struct ratio *out, double unmatched[2],
                                         struct error *error);

/* The same, and by how much leaving out each cluster moves the log ratio to first order.
   deviation   as in assay_blocked_deletions */
ASSAY_API enum status assay_ratio_within_deletions(const struct ratio_rows *rows,
                                                   enum blocked_weights weights, double level,
                                                   double *scratch, double *deviation,
                                                   struct ratio *out, double unmatched[2],
                                                   struct error *error);

#endif
