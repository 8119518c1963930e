/* assay/least_squares.h

   Least squares of rows that are at hand, to the digits that the rows allow. Moments
   (assay/regression.h) square the condition of the columns; this does not. It is for polynomials,
   for columns that nearly determine each other, and as the check of the other.

   Method: columns about their means and scaled to one length; Householder QR with column pivoting
   (LAPACK dgeqp3; Businger & Golub (1965), Numerische Mathematik 7:269-276); then iterative
   refinement of coefficients and residuals together, with their residuals in long double: Bjorck
   (1967), BIT 7:257-278. Where long double has 64 bits, coefficients keep all digits that the
   columns as given determine; errors keep about 16 less the decimal logarithm of the condition.

   Oracle: NIST StRD linear sets, all of them (docs/methods/numerics.md has the digits). */

#ifndef ASSAY_LEAST_SQUARES_H
#define ASSAY_LEAST_SQUARES_H

#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>

struct least_squares {
    size_t rows;         /* N */
    size_t coefficients; /* P */
    double residual_sum; /* RSS, weighted; 0 where it is what the rounding of y leaves */
    double residual_variance;
    double r_squared; /* share of y's squares about its mean, or about 0 without a constant */
};

/* Fits.
   constant      whether a constant comes first among the coefficients
   regressors    p, 0 to 63 (at least 1 without a constant)
   columns       columns[j][row], j <= p: x_1 .. x_p and, last, y
   weights       analytic weights, one per row, finite and above 0; NULL: all 1
   coefficient   P = p + constant numbers
   variance      P x P, classical: s2 (X'WX)^-1; or NULL
   residual      one per row, y - Xb; or NULL
   column        set to the number (from 1) of the regressor at fault with ERROR_SINGULAR; or NULL
   out           or NULL
   All outputs are untouched on error. Takes memory for about rows x P numbers while it runs.
   ERROR_DOMAIN: rows <= P, numbers that are not finite, weights that are not above 0, or y the same
   in every row (0 without a constant). ERROR_SINGULAR: a regressor that the others determine as far
   as rounding can tell; the sentence names it. ERROR_MEMORY. */
ASSAY_API enum status assay_least_squares(bool constant, size_t regressors, size_t rows,
                                          const double *const *columns, const double *weights,
                                          double *coefficient, double *variance, double *residual,
                                          size_t *column, struct least_squares *out,
                                          struct error *error);

#endif
