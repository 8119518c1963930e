/* assay/multiple.h

   Many answers at once: adjusted p-values, and the level at which the intervals of selected answers
   may be read.

   Holm (1979), Scandinavian Journal of Statistics 6:65-70, keeps the chance of any false answer;
   Benjamini & Hochberg (1995), JRSS B 57:289-300, the expected share of false ones among those
   selected. With p_(1) <= .. <= p_(N)

       Holm: max over j <= i of min(1, (N + 1 - j) p_(j))
       Benjamini-Hochberg: min over j >= i of min(1, N p_(j) / j)

   Who reads intervals of selected answers alone reads them at a level of their own: Benjamini &
   Yekutieli (2005), JASA 100:71-81. Benjamini-Hochberg at a rate selects R of N, and each of the N
   is given at level

       1 - rate max(R, 1) / N

   so that at most that rate of the selected intervals is expected to miss. Exactly the selected
   intervals then exclude 0: R is the largest number such that R intervals exclude 0 at the level
   that belongs to R. A p that is exactly at its limit has an interval that ends at 0, and is not
   selected (p.adjust would: it takes p <= rate).

   Oracles: R p.adjust; the property, over random inputs. */

#ifndef ASSAY_MULTIPLE_H
#define ASSAY_MULTIPLE_H

#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>

enum adjustment { ADJUSTMENT_HOLM, ADJUSTMENT_BENJAMINI_HOCHBERG };

/* Number of doubles of scratch. */
ASSAY_API size_t assay_adjust_scratch(size_t count);

/* Adjusts p-values.
   count     at least 1
   p         count numbers in [0, 1], in any order
   scratch   assay_adjust_scratch(count) doubles; contents are ignored and lost
   out       count numbers, in the order of p; may be p; untouched on error
   O(count log count), allocates nothing. ERROR_DOMAIN: no p, or one out of range. */
ASSAY_API enum status assay_adjust(enum adjustment adjustment, size_t count, const double *p,
                                   double *scratch, double *out, struct error *error);

/* An answer before its interval has a level. */
struct primary {
    double value;
    double standard_error; /* above 0 */
    double df;             /* above 0; INFINITY: normal */
};

struct selection {
    size_t selected; /* R */
    double level;    /* of every interval */
};

/* Selects answers, and gives the level of all their intervals. assay_estimate at that level
   excludes 0 for exactly those that are selected.
   count      N, at least 1
   rate       in (0, 1), as .05
   selected   count flags
   out        untouched on error, as selected
   O(count) for each number that R may be before it is found, at most count of them; a few in
   practice. ERROR_DOMAIN: no answer, a rate out of range, or an answer that is none. */
ASSAY_API enum status assay_select(size_t count, const struct primary *primaries, double rate,
                                   bool *selected, struct selection *out, struct error *error);

/* The same from p-values: for intervals that are not t's, of which p is the one at whose level
   1 - p the interval ends at 0 (assay/cautious.h). Selected are those with p below 1 - level. */
ASSAY_API enum status assay_select_p(size_t count, const double *p, double rate, bool *selected,
                                     struct selection *out, struct error *error);

#endif
