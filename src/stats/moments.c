#include "assay/moments.h"

#include "base/error.h"

#include <math.h>
#include <string.h>

/* A run longer than this is cut: its first-pass mean is a plain sum, whose error grows with it. */
enum { run_max = 1024 };

/* Under this length the two passes and the merge cost more than Welford's row by row. */
enum { run_min = 6 };

size_t assay_moments_length(size_t k)
{
    return 1 + k + k * (k + 1) / 2;
}

size_t assay_moments_size(size_t k)
{
    return assay_moments_length(k) * sizeof(double);
}

void assay_moments_init(size_t k, void *state)
{
    double *moments = state;
    for (size_t i = 0; i < assay_moments_length(k); i++)
        moments[i] = 0;
}

/* The kernels are inlined once per small k (see SPECIALISE), where their inner loops unroll. */

/* Welford: with d = x - mean and n rows afterwards, mean += d/n, c_ij += d_i d_j (n-1)/n. */
static inline void add_row(size_t k, const double *const *columns, size_t row, double *moments)
{
    double *mean = moments + 1;
    double *cross = moments + 1 + k;
    double d[assay_moments_columns_max];
    double share = 1 / (moments[0] + 1);
    moments[0] += 1;
    for (size_t i = 0; i < k; i++) {
        d[i] = columns[i][row] - mean[i];
        mean[i] += d[i] * share;
    }
    for (size_t i = 0; i < k; i++) {
        double weighted = d[i] * (1 - share);
        for (size_t j = 0; j <= i; j++)
            *cross++ += weighted * d[j];
    }
}

/* Chan, Golub & LeVeque: with d the difference of means, c_ij += from_ij + d_i d_j n_a n_b / n. */
static inline void merge(size_t k, const double *from, double *into)
{
    if (from[0] == 0)
        return;
    if (into[0] == 0) {
        memcpy(into, from, assay_moments_size(k));
        return;
    }
    double n = into[0] + from[0];
    double share = from[0] / n;
    double weight = into[0] * share;
    double d[assay_moments_columns_max];
    double *cross = into + 1 + k;
    const double *from_cross = from + 1 + k;
    for (size_t i = 0; i < k; i++) {
        d[i] = from[1 + i] - into[1 + i];
        into[1 + i] += d[i] * share;
        for (size_t j = 0; j <= i; j++)
            *cross++ += *from_cross++ + weight * d[i] * d[j];
    }
    into[0] = n;
}

/* Corrected two-pass sums of one run: a provisional mean, products about it, and the correction by
   what is left of the sum of differences, which is not 0 because the mean was rounded. */
static inline void add_run(size_t k, const double *const *columns, size_t first, size_t rows,
                           double *moments)
{
    double run[1 + assay_moments_columns_max +
               assay_moments_columns_max * (assay_moments_columns_max + 1) / 2];
    double rest[assay_moments_columns_max];
    double d[assay_moments_columns_max];
    double *mean = run + 1;
    double *cross = run + 1 + k;
    double n = (double)rows;

    for (size_t i = 0; i < k; i++) {
        double sum = 0;
        for (size_t row = first; row < first + rows; row++)
            sum += columns[i][row];
        mean[i] = sum / n;
        rest[i] = 0;
    }
    for (size_t i = 0; i < k * (k + 1) / 2; i++)
        cross[i] = 0;
    for (size_t row = first; row < first + rows; row++) {
        double *c = cross;
        for (size_t i = 0; i < k; i++) {
            d[i] = columns[i][row] - mean[i];
            rest[i] += d[i];
            for (size_t j = 0; j <= i; j++)
                *c++ += d[i] * d[j];
        }
    }
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j <= i; j++)
            *cross++ -= rest[i] * rest[j] / n;
        mean[i] += rest[i] / n;
    }
    run[0] = n;
    merge(k, run, moments);
}

static inline void add(size_t k, const double *const *columns, size_t first, size_t rows,
                       double *moments)
{
    if (rows < run_min) {
        for (size_t row = first; row < first + rows; row++)
            add_row(k, columns, row, moments);
        return;
    }
    for (size_t done = 0; done < rows; done += run_max)
        add_run(k, columns, first + done, rows - done < run_max ? rows - done : run_max, moments);
}

static inline void update(size_t k, size_t rows, const double *const *columns, void *const *states)
{
    for (size_t row = 0; row < rows;) {
        size_t end = row + 1;
        while (end < rows && states[end] == states[row])
            end++;
        add(k, columns, row, end - row, states[row]);
        row = end;
    }
}

/* Calls kernel(k, ...) with k a constant where that is worth it. */
#define SPECIALISE(kernel, k, ...)                                                                 \
    switch (k) {                                                                                   \
    case 1:                                                                                        \
        kernel(1, __VA_ARGS__);                                                                    \
        break;                                                                                     \
    case 2:                                                                                        \
        kernel(2, __VA_ARGS__);                                                                    \
        break;                                                                                     \
    case 3:                                                                                        \
        kernel(3, __VA_ARGS__);                                                                    \
        break;                                                                                     \
    case 4:                                                                                        \
        kernel(4, __VA_ARGS__);                                                                    \
        break;                                                                                     \
    case 5:                                                                                        \
        kernel(5, __VA_ARGS__);                                                                    \
        break;                                                                                     \
    default:                                                                                       \
        kernel(k, __VA_ARGS__);                                                                    \
    }

void assay_moments_add(size_t k, size_t rows, const double *const *columns, double *moments)
{
    SPECIALISE(add, k, columns, 0, rows, moments)
}

void assay_moments_update(size_t k, size_t rows, const double *const *columns, void *const *states)
{
    SPECIALISE(update, k, rows, columns, states)
}

void assay_moments_merge(size_t k, const void *from, void *into)
{
    merge(k, from, into);
}

bool assay_moments_result(size_t k, const void *state, double *result)
{
    const double *moments = state;
    if (moments[0] == 0)
        return false;
    memcpy(result, moments, assay_moments_size(k));
    return true;
}

void assay_moments_map(size_t k, const double *moments, size_t m, const double *matrix,
                       const double *shift, double *out)
{
    double *cross = out + 1 + m;
    out[0] = moments[0];
    for (size_t i = 0; i < m; i++) {
        const double *weight = matrix + i * k;
        double with[assay_moments_columns_max] = {0}; /* cross-products of z_i with each x */
        out[1 + i] = shift[i];
        for (size_t a = 0; a < k; a++) {
            if (weight[a] == 0)
                continue;
            out[1 + i] += weight[a] * assay_moments_mean(moments, a);
            for (size_t b = 0; b < k; b++)
                with[b] += weight[a] * assay_moments_cross(k, moments, a, b);
        }
        for (size_t j = 0; j <= i; j++, cross++) {
            *cross = 0;
            for (size_t b = 0; b < k; b++)
                if (matrix[j * k + b] != 0)
                    *cross += matrix[j * k + b] * with[b];
        }
        cross[-1] = fmax(0, cross[-1]); /* a sum of squares, whatever rounding left */
    }
}

enum status assay_moments_check(size_t k, const double *moments, struct error *error)
{
    if (k < 1 || k > assay_moments_columns_max)
        return error_set(error, ERROR_DOMAIN, "moments of %zu columns: from 1 to %d can be had", k,
                         assay_moments_columns_max);
    if (!(moments[0] >= 1) || moments[0] > 0x1p53 || moments[0] != floor(moments[0]))
        return error_set(error, ERROR_DOMAIN, "moments over %g rows: at least one is needed",
                         moments[0]);
    for (size_t i = 0; i < k; i++) {
        bool finite = isfinite(assay_moments_mean(moments, i));
        for (size_t j = 0; j <= i; j++)
            finite = finite && isfinite(assay_moments_cross(k, moments, i, j));
        if (!finite)
            return error_set(error, ERROR_DOMAIN,
                             "column %zu holds a number that is not finite, or too large to square",
                             i + 1);
        if (assay_moments_cross(k, moments, i, i) < 0)
            return error_set(error, ERROR_DOMAIN,
                             "column %zu has a negative sum of squares: these are not moments",
                             i + 1);
    }
    return STATUS_OK;
}
