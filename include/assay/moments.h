/* assay/moments.h

   Moments of k columns: count, means and centred cross-products, the one thing that is asked of
   the data before anything is estimated.

   The moments of k columns are assay_moments_length(k) doubles in the caller's memory,

       n, mean_1 .. mean_k, c_11, c_21, c_22, c_31, .. c_kk

   where c_ij = sum over rows of (x_i - mean_i) (x_j - mean_j), the lower triangle row by row. The
   array is plain memory: it may be copied, spilled to disk and sent elsewhere, and the state of
   the engine's aggregate, its result and the input of assay/regression.h are this same array.

   Method: rows by Welford (1962), Technometrics 4:419-420; runs of rows by the corrected two-pass
   sum and merged by Chan, Golub & LeVeque (1983), The American Statistician 37:242-247, eq. 2.1.
   No raw power sum is ever formed, so that a column of N(0,1) + 1e8 keeps its variance.

   Oracle: NIST StRD univariate sets (certified means and standard deviations); sums in long
   double for splits and shifts.

   Numbers that are not finite pass through as such and are refused by assay_moments_check, as are
   columns whose squares overflow (magnitudes over about 1e150). Counts are exact up to 2^53. */

#ifndef ASSAY_MOMENTS_H
#define ASSAY_MOMENTS_H

#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Most columns that moments can have. */
enum { assay_moments_columns_max = 64 };

/* Number of doubles, 1 + k + k(k+1)/2, and of bytes, for k from 1 to assay_moments_columns_max. */
ASSAY_API size_t assay_moments_length(size_t k);
ASSAY_API size_t assay_moments_size(size_t k);

/* Makes the moments of no rows. state   assay_moments_size(k) bytes, aligned for double */
ASSAY_API void assay_moments_init(size_t k, void *state);

/* Adds rows to one set of moments.
   columns   columns[j][row], j < k, row < rows */
ASSAY_API void assay_moments_add(size_t k, size_t rows, const double *const *columns,
                                 double *moments);

/* Adds each row to the moments that it belongs to. Fast where equal states are neighbours.
   states    states[row]; states may repeat, in any order */
ASSAY_API void assay_moments_update(size_t k, size_t rows, const double *const *columns,
                                    void *const *states);

/* Adds the rows behind one set of moments to another; the two may not overlap. */
ASSAY_API void assay_moments_merge(size_t k, const void *from, void *into);

/* Copies moments out of a state into assay_moments_length(k) doubles. Returns false, and leaves
   result alone, where there was no row. */
ASSAY_API bool assay_moments_result(size_t k, const void *state, double *result);

/* Refuses an array that cannot be moments: ERROR_DOMAIN if k is out of range, n is not a whole
   number of at least 1, a number is not finite (the sentence names the column, from 1), or a sum
   of squares is negative. */
ASSAY_API enum status assay_moments_check(size_t k, const double *moments, struct error *error);

/* Moments of m other columns of the same rows, each a sum of the k with weights, and a constant:

       z_i = shift_i + sum over j of matrix[i k + j] x_j

   out   assay_moments_length(m) doubles, apart from moments
   Costs m k^2 + m^2 k. */
ASSAY_API void assay_moments_map(size_t k, const double *moments, size_t m, const double *matrix,
                                 const double *shift, double *out);

/* Takes a cluster's effect out of every column: its moments about its own means (Frisch & Waugh
   (1933), Econometrica 1:387-401). A fit of clusters without their effects has the coefficients,
   CR0, CR2 and CR3 of a fit with a dummy per cluster, but for the constant, which is 0. The dummies
   are not counted in N - P: that is the usual CR1 of effects nested in the clusters (reghdfe), but
   CLASSICAL and the HC kinds are then too small. */
static inline void assay_moments_within(size_t k, double *moments)
{
    for (size_t i = 0; i < k; i++)
        moments[1 + i] = 0;
}

/* Reading: the mean of column i and the centred cross-product of columns i and j, from 0. */
static inline double assay_moments_mean(const double *moments, size_t i)
{
    return moments[1 + i];
}

static inline double assay_moments_cross(size_t k, const double *moments, size_t i, size_t j)
{
    return i >= j ? moments[1 + k + i * (i + 1) / 2 + j] : moments[1 + k + j * (j + 1) / 2 + i];
}

#endif
