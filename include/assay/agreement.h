/* assay/agreement.h

   How far people who judge the same things agree.

   Krippendorff's alpha (2011, "Computing Krippendorff's Alpha-Reliability") for any number of
   raters, of whom any may be missing. Of units with two ratings or more, m_u of unit u and n in
   all,

       alpha = 1 - D_o / D_e
       D_o = 1/n sum over u of 1/(m_u - 1) sum over i != j of d(v_ui, v_uj)
       D_e = 1/(n (n - 1)) sum over all i != j of d(v_i, v_j)

   where d is 1 or 0 (nominal), the squared difference (interval), or the squared difference of
   midranks among the n ratings, which is his ordinal metric. 1 is agreement throughout, 0 what
   chance gives. Its interval is that of percentiles of a bootstrap that draws clusters of units
   (people whose work they are) with replacement; draws in which all ratings are one value have no
   alpha and are left out.

   Cohen's kappa (1968, Psychological Bulletin 70:213-220) of two raters, with weights; its error is
   that of large samples (Fleiss, Cohen & Everitt 1969, Psychological Bulletin 72:323-327), which
   few units do not have.

   Gwet's AC1 (2008, British Journal of Mathematical and Statistical Psychology 61:29-48) of any
   number of raters: like nominal alpha, with a chance that is high only where ratings are spread
   evenly, so that it holds where nearly all are one category. Error by Gwet's linearisation over
   units, t with units - 1.

   Oracles: Krippendorff's 4 observers and 12 units (alpha .743 nominal, .815 ordinal, .849
   interval; AC1 .77544, error .14295: Gwet 2014, Handbook of Inter-Rater Reliability); psych's
   kappas; tests/oracle/agreement.R from coincidence matrices, to 1e-10. */

#ifndef ASSAY_AGREEMENT_H
#define ASSAY_AGREEMENT_H

#include "assay/estimate.h"
#include "assay/status.h"

#include <stddef.h>
#include <stdint.h>

/* One row per rating, ordered by unit. */
struct ratings {
    size_t count;
    const int64_t *unit;    /* any numbers, not decreasing */
    const double *value;    /* a category is a number, too */
    const int64_t *cluster; /* of the unit: those of one are drawn together; any numbers, the same
                               in all rows of a unit. NULL: each unit by itself */
};

enum agreement_scale { AGREEMENT_NOMINAL, AGREEMENT_ORDINAL, AGREEMENT_INTERVAL };

struct agreement {
    double alpha;
    struct interval interval; /* NAN: not asked for, or half of the draws or more have no alpha */
    size_t units;             /* with two ratings or more */
    size_t ratings;           /* of these */
};

/* Krippendorff's alpha.
   draws   of the bootstrap; 0: none. From 99 to 1,000,000, as 1999.
   seed    the same gives the same interval
   level   of the interval
   O(count log count + draws x count), allocates O(count).
   ERROR_DOMAIN: units out of order, values that are not finite, no unit with two ratings, ratings
   that are all one value (nothing then tells agreement from chance), draws or level out of range.
   ERROR_MEMORY. out is then untouched. */
ASSAY_API enum status assay_alpha(const struct ratings *ratings, enum agreement_scale scale,
                                  size_t draws, uint64_t seed, double level, struct agreement *out,
                                  struct error *error);

enum kappa_weights { KAPPA_UNWEIGHTED, KAPPA_LINEAR, KAPPA_QUADRATIC };

/* Cohen's kappa.
   table   categories x categories counts, row by row: how often the first rater said one and the
           second the other, in the order of the categories
   out     df is INFINITY
   O(categories^2), allocates nothing.
   ERROR_DOMAIN: fewer than 2 categories, counts that are not finite and 0 or more, raters who both
   say one category throughout, or a standard error of 0. out is untouched. */
ASSAY_API enum status assay_kappa(const double *table, size_t categories,
                                  enum kappa_weights weights, double level, struct estimate *out,
                                  struct error *error);

/* Gwet's AC1.
   categories   how many there are, said or not: at least 2, and as many as the values
   clusters of the ratings are not used
   ERROR_DOMAIN: as of alpha, fewer categories than values, fewer than 2 units, or a standard error
   of 0. ERROR_MEMORY. out is untouched. */
ASSAY_API enum status assay_ac1(const struct ratings *ratings, size_t categories, double level,
                                struct estimate *out, struct error *error);

#endif
