/* stats/neumaier.h: a sum that keeps what rounding takes from it.

   Neumaier (1974), ZAMM 54:39-51, algorithm IV ("improved Kahan-Babuska"): the error of the sum of
   n terms is some 2 units of rounding of the sum and n^2 squared ones of the absolute terms, where
   a plain sum has n of the absolute terms. For where as many terms meet as there are clusters, rows
   or times. */

#ifndef STATS_NEUMAIER_H
#define STATS_NEUMAIER_H

#include <math.h>

/* Adds a term; the sum is *sum + *rest. Both begin at 0. */
static inline void neumaier_add(double *sum, double *rest, double term)
{
    double next = *sum + term;
    if (fabs(*sum) >= fabs(term))
        *rest += (*sum - next) + term;
    else
        *rest += (term - next) + *sum;
    *sum = next;
}

#endif
