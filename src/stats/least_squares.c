#include "assay/least_squares.h"

#include "assay/moments.h"
#include "base/error.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Refinement gains about 16 - log10(condition) digits a step; it stops when it gains no more. */
enum { steps_max = 20 };

enum { coefficients_max = assay_moments_columns_max };

struct rows {
    bool constant;
    size_t count, regressors, coefficients;
    const double *const *columns;
    const double *weights;           /* or NULL */
    double centre[coefficients_max]; /* of x_1 .. x_p and y; 0 without a constant */
    double scale[coefficients_max];  /* of each coefficient: a power of 2 */
    double *factor;                  /* N x P by columns: Q and R as LAPACK leaves them */
    double *reflectors;              /* P */
    lapack_int *pivots;              /* P, from 1 */
    double *work;                    /* N */
    long double *residual;           /* N: sqrt(w) (y - Xb) */
    long double solution[coefficients_max];
};

static double root_weight(const struct rows *rows, size_t row)
{
    return rows->weights != NULL ? sqrt(rows->weights[row]) : 1;
}

/* The element of the matrix that is factored: centred, scaled, times sqrt(w). Exact but for the
   rounding of one long double. */
static long double element(const struct rows *rows, size_t row, size_t j)
{
    long double root = root_weight(rows, row) * rows->scale[j];
    if (rows->constant && j == 0)
        return root;
    size_t x = j - rows->constant;
    return root * ((long double)rows->columns[x][row] - rows->centre[x]);
}

static long double outcome(const struct rows *rows, size_t row)
{
    size_t p = rows->regressors;
    return root_weight(rows, row) * ((long double)rows->columns[p][row] - rows->centre[p]);
}

static enum status check(const struct rows *rows, struct error *error)
{
    if (rows->coefficients < 1 || rows->regressors >= coefficients_max)
        return error_set(error, ERROR_DOMAIN, "%zu regressors: from 1 to %d can be had",
                         rows->regressors, coefficients_max - 1);
    if (rows->count <= rows->coefficients)
        return error_set(error, ERROR_DOMAIN,
                         "%zu rows cannot carry %zu coefficients: more rows than that are needed",
                         rows->count, rows->coefficients);
    for (size_t j = 0; j <= rows->regressors; j++)
        for (size_t row = 0; row < rows->count; row++)
            if (!isfinite(rows->columns[j][row]))
                return error_set(error, ERROR_DOMAIN, "column %zu, row %zu: not a finite number",
                                 j + 1, row + 1);
    for (size_t row = 0; rows->weights != NULL && row < rows->count; row++)
        if (!isfinite(rows->weights[row]) || !(rows->weights[row] > 0))
            return error_set(error, ERROR_DOMAIN, "row %zu: its weight is not finite and above 0",
                             row + 1);
    return STATUS_OK;
}

static void find_centres(struct rows *rows)
{
    for (size_t j = 0; j <= rows->regressors && rows->constant; j++) {
        long double sum = 0;
        long double total = 0;
        for (size_t row = 0; row < rows->count; row++) {
            long double w = rows->weights != NULL ? rows->weights[row] : 1;
            sum += w * rows->columns[j][row];
            total += w;
        }
        rows->centre[j] = (double)(sum / total);
    }
}

/* Names a regressor at fault; column from 0 among the matrix's. */
static enum status singular(const struct rows *rows, size_t j, const char *how, size_t *column,
                            struct error *error)
{
    size_t number = j + 1 - rows->constant;
    if (column != NULL)
        *column = number;
    return error_set(error, ERROR_SINGULAR, "column %zu is %s", number, how);
}

/* Scales the columns to a length in [1/2, 1) and writes the matrix. */
static enum status fill_matrix(struct rows *rows, size_t *column, struct error *error)
{
    for (size_t j = 0; j < rows->coefficients; j++) {
        long double squares = 0;
        long double largest = 0;
        int exponent = 0;
        rows->scale[j] = 1;
        for (size_t row = 0; row < rows->count; row++) {
            long double z = element(rows, row, j);
            squares += z * z;
            if (j >= rows->constant)
                largest =
                    fmaxl(largest, root_weight(rows, row) *
                                       fabsl((long double)rows->columns[j - rows->constant][row]));
        }
        /* Centring leaves of a constant the rounding of its mean. */
        if (!(sqrtl(squares / (long double)rows->count) > 2 * (long double)DBL_EPSILON * largest))
            return singular(rows, j, rows->constant ? "the same in every row" : "0 in every row",
                            column, error);
        (void)frexpl(sqrtl(squares), &exponent);
        rows->scale[j] = ldexp(1, -exponent);
        for (size_t row = 0; row < rows->count; row++)
            rows->factor[j * rows->count + row] = (double)element(rows, row, j);
    }
    return STATUS_OK;
}

static enum status factorise(struct rows *rows, size_t *column, struct error *error)
{
    size_t n = rows->count;
    size_t size = rows->coefficients;
    for (size_t j = 0; j < size; j++)
        rows->pivots[j] = rows->constant && j == 0; /* the constant stays in front */
    lapack_int info = LAPACKE_dgeqp3(LAPACK_COL_MAJOR, (lapack_int)n, (lapack_int)size,
                                     rows->factor, (lapack_int)n, rows->pivots, rows->reflectors);
    if (info != 0)
        return error_memory(error);
    double least = DBL_EPSILON * (double)size * sqrt((double)n);
    for (size_t j = 0; j < size; j++)
        if (!(fabs(rows->factor[j * n + j]) > least))
            return singular(rows, (size_t)rows->pivots[j] - 1, "determined by the others", column,
                            error);
    return STATUS_OK;
}

/* work = Q'work or Q work. */
static enum status rotate(const struct rows *rows, char transpose, struct error *error)
{
    lapack_int n = (lapack_int)rows->count;
    lapack_int size = (lapack_int)rows->coefficients;
    if (LAPACKE_dormqr(LAPACK_COL_MAJOR, 'L', transpose, n, 1, size, rows->factor, n,
                       rows->reflectors, rows->work, n) != 0)
        return error_memory(error);
    return STATUS_OK;
}

/* vector = R^-1 vector, or R'^-1 vector. */
static void solve_triangle(const struct rows *rows, bool transposed, double *vector)
{
    size_t n = rows->count;
    size_t size = rows->coefficients;
    for (size_t step = 0; step < size; step++) {
        size_t i = transposed ? step : size - 1 - step;
        double sum = vector[i];
        for (size_t j = transposed ? 0 : i + 1; j < (transposed ? i : size); j++)
            sum -= (transposed ? rows->factor[i * n + j] : rows->factor[j * n + i]) * vector[j];
        vector[i] = sum / rows->factor[i * n + i];
    }
}

/* One step of Bjorck's: with f = y - r - Xb and g = -X'r in long double, solves
   dr + X db = f, X'dr = g and adds. gain: the largest of db over that of b. */
static enum status refine(struct rows *rows, double *gain, struct error *error)
{
    size_t n = rows->count;
    size_t size = rows->coefficients;
    double g[coefficients_max];
    double step[coefficients_max];
    long double sums[coefficients_max] = {0};
    for (size_t row = 0; row < n; row++) {
        long double f = outcome(rows, row) - rows->residual[row];
        for (size_t j = 0; j < size; j++) {
            long double z = element(rows, row, j);
            f -= z * rows->solution[j];
            sums[j] -= z * rows->residual[row];
        }
        rows->work[row] = (double)f;
    }
    for (size_t j = 0; j < size; j++)
        g[j] = (double)sums[rows->pivots[j] - 1];
    solve_triangle(rows, true, g);
    enum status status = rotate(rows, 'T', error);
    if (status != STATUS_OK)
        return status;
    for (size_t j = 0; j < size; j++) {
        step[j] = rows->work[j] - g[j];
        rows->work[j] = g[j];
    }
    solve_triangle(rows, false, step);
    status = rotate(rows, 'N', error);
    if (status != STATUS_OK)
        return status;
    long double moved = 0;
    long double size_of = 0;
    for (size_t j = 0; j < size; j++) {
        long double *solution = &rows->solution[rows->pivots[j] - 1];
        *solution += step[j];
        moved = fmaxl(moved, fabsl((long double)step[j]));
        size_of = fmaxl(size_of, fabsl(*solution));
    }
    for (size_t row = 0; row < n; row++)
        rows->residual[row] += rows->work[row];
    *gain = size_of > 0 ? (double)(moved / size_of) : 0;
    return STATUS_OK;
}

static enum status solve(struct rows *rows, struct error *error)
{
    double last = INFINITY;
    for (int step = 0; step < steps_max; step++) {
        double gain = 0;
        enum status status = refine(rows, &gain, error);
        if (status != STATUS_OK)
            return status;
        if (step > 1 && !(gain < last / 2))
            break;
        last = gain;
    }
    return STATUS_OK;
}

/* Sum of weighted squares of y, about its mean or about 0. */
static long double outcome_squares(const struct rows *rows, bool about_mean)
{
    long double sum = 0;
    for (size_t row = 0; row < rows->count; row++) {
        long double y =
            about_mean ? outcome(rows, row)
                       : root_weight(rows, row) * (long double)rows->columns[rows->regressors][row];
        sum += y * y;
    }
    return sum;
}

static struct least_squares summary(const struct rows *rows)
{
    long double sum = 0;
    long double rounding = (long double)DBL_EPSILON * DBL_EPSILON * outcome_squares(rows, false);
    for (size_t row = 0; row < rows->count; row++)
        sum += rows->residual[row] * rows->residual[row];
    if (sum <= rounding)
        sum = 0;
    return (struct least_squares){
        .rows = rows->count,
        .coefficients = rows->coefficients,
        .residual_sum = (double)sum,
        .residual_variance = (double)(sum / (long double)(rows->count - rows->coefficients)),
        .r_squared = (double)(1 - sum / outcome_squares(rows, rows->constant)),
    };
}

static void write_coefficients(const struct rows *rows, double *coefficient)
{
    long double constant = rows->centre[rows->regressors];
    for (size_t j = 0; j < rows->coefficients; j++) {
        long double b = rows->solution[j] * rows->scale[j];
        coefficient[j] = (double)b;
        constant += rows->constant && j == 0 ? b : 0;
        if (j >= rows->constant)
            constant -= b * rows->centre[j - rows->constant];
    }
    if (rows->constant)
        coefficient[0] = (double)constant;
}

/* With b = T beta of the scaled columns, Var b = s2 (T P R^-1)(T P R^-1)'. */
static void write_variance(const struct rows *rows, double residual_variance, double *variance)
{
    size_t size = rows->coefficients;
    memset(variance, 0, size * size * sizeof *variance);
    for (size_t column = 0; column < size; column++) {
        double unit[coefficients_max] = {0};
        double turned[coefficients_max];
        unit[column] = 1;
        solve_triangle(rows, false, unit);
        for (size_t j = 0; j < size; j++) {
            size_t at = (size_t)rows->pivots[j] - 1;
            turned[at] = unit[j] * rows->scale[at];
        }
        for (size_t j = 1; rows->constant && j < size; j++)
            turned[0] -= rows->centre[j - 1] * turned[j];
        for (size_t i = 0; i < size; i++)
            for (size_t j = 0; j < size; j++)
                variance[i * size + j] += residual_variance * turned[i] * turned[j];
    }
}

static enum status allocate(struct rows *rows, struct error *error)
{
    rows->factor = malloc(rows->count * rows->coefficients * sizeof(double));
    rows->reflectors = malloc(rows->coefficients * sizeof(double));
    rows->pivots = malloc(rows->coefficients * sizeof(lapack_int));
    rows->work = malloc(rows->count * sizeof(double));
    rows->residual = calloc(rows->count + 1, sizeof(long double));
    if (rows->factor == NULL || rows->reflectors == NULL || rows->pivots == NULL ||
        rows->work == NULL || rows->residual == NULL)
        return error_memory(error);
    return STATUS_OK;
}

static void release(struct rows *rows)
{
    free(rows->factor);
    free(rows->reflectors);
    free(rows->pivots);
    free(rows->work);
    free(rows->residual);
}

enum status assay_least_squares(bool constant, size_t regressors, size_t rows,
                                const double *const *columns, const double *weights,
                                double *coefficient, double *variance, double *residual,
                                size_t *column, struct least_squares *out, struct error *error)
{
    struct rows fit = {.constant = constant,
                       .count = rows,
                       .regressors = regressors,
                       .coefficients = regressors + constant,
                       .columns = columns,
                       .weights = weights};
    enum status status = check(&fit, error);
    if (status != STATUS_OK)
        return status;
    find_centres(&fit);
    long double rounding = (long double)DBL_EPSILON * DBL_EPSILON * outcome_squares(&fit, false);
    if (!(outcome_squares(&fit, constant) > 4 * rounding))
        return error_set(error, ERROR_DOMAIN, "the outcome is %s in every row",
                         constant ? "the same" : "0");
    status = allocate(&fit, error);
    if (status == STATUS_OK)
        status = fill_matrix(&fit, column, error);
    if (status == STATUS_OK)
        status = factorise(&fit, column, error);
    if (status == STATUS_OK)
        status = solve(&fit, error);
    if (status == STATUS_OK) {
        struct least_squares result = summary(&fit);
        write_coefficients(&fit, coefficient);
        if (variance != NULL)
            write_variance(&fit, result.residual_variance, variance);
        for (size_t row = 0; residual != NULL && row < rows; row++)
            residual[row] = (double)(fit.residual[row] / root_weight(&fit, row));
        if (out != NULL)
            *out = result;
    }
    release(&fit);
    return status;
}
