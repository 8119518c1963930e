/* assay/regression_to_mean.h

   How far a group that was chosen for its last value would come back without any treatment. Of a
   group whose values y have the mean mu and the correlation rho from one to the next, the next
   value after y is expected at mu + rho (y - mu), so that it moves by

       (1 - rho) (mu - y)

   (Davis 1976, American Journal of Epidemiology 104:493-498; Barnett, van der Pols & Dobson 2005,
   International Journal of Epidemiology 34:215-220, of one group's values in place of many
   people's). mu is the mean of all values, the last one included: where the order of values says
   nothing (rho = 0), a value that was chosen for being the lowest is one of them like the others,
   and without it mu would be too high. rho is the first autocorrelation r, freed from its bias by

       E r = rho - (1 + 3 rho) / n

   (Marriott & Pope 1954; Kendall 1954, Biometrika 41:390-404), within [0, 1]. Of few values it is a
   guess, and one that is too high where rho is 0, since it is never below: movements of rho = 0 and
   of this rho stand side by side.

   Oracle: numbers worked by hand; simulated series whose next value is known. */

#ifndef ASSAY_REGRESSION_TO_MEAN_H
#define ASSAY_REGRESSION_TO_MEAN_H

#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    assay_past_least = 5,     /* values, the last one included */
    assay_past_correlated = 7 /* from so many on rho is guessed */
};

struct past_values {
    bool lowest;        /* the last value is below each of the others */
    double back;        /* mu - y: the movement where rho is 0 */
    double correlation; /* rho; NAN: too few values, or they are all the same */
    double lasting;     /* (1 - rho) (mu - y); NAN with it */
};

/* values   in the order of time, one per span of the same length; higher is better
   count    at least assay_past_least
   out      untouched on error
   ERROR_DOMAIN: too few values, or one that is not finite. */
ASSAY_API enum status assay_regression_to_mean(const double *values, size_t count,
                                               struct past_values *out, struct error *error);

#endif
