/* The set of Anderson and Rubin: where a quadratic pencil turns from positive to not. */

#include "stats/instrument_fit.h"
#include "stats/instrument_wald.h"

#include "base/error.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

enum { most = assay_instruments_max, squares_most = most * most, pencil_most = 2 * most };

/* Q(b) = of[0] + b of[1] + b^2 of[2], with b in units of unit. b is in the set where no eigenvalue
   of Q(b) is below 0: c V - e e' has at most one, and has it just if e'V^-1 e > c. */
struct pencil {
    size_t size;
    double unit;
    double of[3][squares_most];
};

/* c V_r - rr', -c (V_rp + V_pr) + rp' + pr', c V_p - pp'. */
static void fill(const struct instrument *instrument, const struct wald *offer,
                 const struct wald *uptake, const struct wald *both, double c,
                 struct pencil *pencil)
{
    size_t m = offer->size;
    double s = instrument->scale;
    pencil->size = m;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++) {
            size_t at = i * m + j;
            const double *r = offer->coefficient;
            const double *p = uptake->coefficient;
            double twice =
                (offer->variance[at] + s * s * uptake->variance[at] - both->variance[at]) / s;
            pencil->of[0][at] = c * offer->variance[at] - r[i] * r[j];
            pencil->of[1][at] = -c * twice + r[i] * p[j] + p[i] * r[j];
            pencil->of[2][at] = c * uptake->variance[at] - p[i] * p[j];
        }
}

static double size_of(size_t count, const double *matrix)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum = fmax(sum, fabs(matrix[i]));
    return sum;
}

/* b in units in which both ends of the pencil are alike in size, and each instrument in its own. */
static void scale(struct pencil *pencil, const struct wald *offer)
{
    size_t m = pencil->size;
    double last = size_of(m * m, pencil->of[2]);
    double first = size_of(m * m, pencil->of[0]);
    pencil->unit = last > 0 && first > 0 ? sqrt(first / last) : 1;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++) {
            double lengths = sqrt(offer->variance[i * m + i]) * sqrt(offer->variance[j * m + j]);
            double power = 1;
            for (int k = 0; k < 3; k++, power *= pencil->unit)
                pencil->of[k][i * m + j] *= power / lengths;
        }
}

/* Whether no eigenvalue of Q(b) is below 0. */
static bool is_inside(const struct pencil *pencil, double b)
{
    double matrix[squares_most];
    double values[most];
    size_t m = pencil->size;
    /* Of one sign far out: divided by b^2 it does not overflow. */
    double shrink = fabs(b) > 1 ? 1 / b : 1;
    double grow = fabs(b) > 1 ? 1 : b;
    for (size_t i = 0; i < m * m; i++)
        matrix[i] = pencil->of[0][i] * shrink * shrink + pencil->of[1][i] * shrink * grow +
                    pencil->of[2][i] * grow * grow;
    return LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'N', 'L', (lapack_int)m, matrix, (lapack_int)m,
                         values) == 0 &&
           values[0] >= 0;
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a;
    double other = *(const double *)b;
    return (one > other) - (one < other);
}

/* The finite real b with det Q(b) = 0, in ascending order: eigenvalues of
   (0 I; -of[0] -of[1]) v = b (I 0; 0 of[2]) v. */
static enum status roots_of(const struct pencil *pencil, double *roots, size_t *count,
                            struct error *error)
{
    size_t m = pencil->size;
    size_t n = 2 * m;
    double a[pencil_most * pencil_most] = {0};
    double b[pencil_most * pencil_most] = {0};
    double real[pencil_most];
    double imaginary[pencil_most];
    double divisor[pencil_most];
    for (size_t i = 0; i < m; i++) {
        a[i * n + m + i] = 1;
        b[i * n + i] = 1;
        for (size_t j = 0; j < m; j++) {
            a[(m + i) * n + j] = -pencil->of[0][i * m + j];
            a[(m + i) * n + m + j] = -pencil->of[1][i * m + j];
            b[(m + i) * n + m + j] = pencil->of[2][i * m + j];
        }
    }
    lapack_int size = (lapack_int)n;
    if (LAPACKE_dggev(LAPACK_ROW_MAJOR, 'N', 'N', size, a, size, b, size, real, imaginary, divisor,
                      NULL, 1, NULL, 1) != 0)
        return error_set(error, ERROR_INTERNAL, "the ends of the set do not settle");
    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (imaginary[i] == 0 && fabs(divisor[i]) > 16 * DBL_EPSILON * fabs(real[i]))
            roots[(*count)++] = real[i] / divisor[i];
    qsort(roots, *count, sizeof *roots, by_size);
    return STATUS_OK;
}

/* Between neighbouring roots, and beyond them, all b are inside or none is. */
static void collect(const struct pencil *pencil, const double *roots, size_t count,
                    struct instrument_set *out)
{
    bool before = false;
    *out = (struct instrument_set){0};
    for (size_t i = 0; i <= count; i++) {
        double low = i > 0 ? roots[i - 1] : -INFINITY;
        double high = i < count ? roots[i] : INFINITY;
        double middle = count == 0   ? 0
                        : i == 0     ? high - fmax(1, fabs(high))
                        : i == count ? low + fmax(1, fabs(low))
                                     : (low + high) / 2;
        bool inside = is_inside(pencil, middle);
        if (inside && !before)
            out->parts[out->count++].low = pencil->unit * low;
        if (inside)
            out->parts[out->count - 1].high = pencil->unit * high;
        before = inside;
    }
}

enum status assay_instrument_set(const struct instrument *instrument, enum variance kind,
                                 double level, struct instrument_set *out, struct error *error)
{
    struct wald offer;
    struct wald uptake;
    struct wald both;
    struct pencil pencil;
    double roots[pencil_most];
    size_t count = 0;
    double c = 0;
    enum status status = wald_of(instrument, INSTRUMENT_OFFER, kind, &offer, error);
    if (status == STATUS_OK)
        status = wald_of(instrument, INSTRUMENT_UPTAKE, kind, &uptake, error);
    if (status == STATUS_OK)
        status = wald_of(instrument, INSTRUMENT_BOTH, kind, &both, error);
    if (status == STATUS_OK)
        status = wald_quantile(&offer, level, &c, error);
    if (status != STATUS_OK)
        return status;
    fill(instrument, &offer, &uptake, &both, c, &pencil);
    scale(&pencil, &offer);
    status = roots_of(&pencil, roots, &count, error);
    if (status == STATUS_OK)
        collect(&pencil, roots, count, out);
    return status;
}
