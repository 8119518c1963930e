/* The definitions of CR2 and CR3 by explicit matrices, and what is refused. */

#include "clusters.h"

#include <lapacke.h>

static struct error error;

/* ---- CR2 by its definition ------------------------------------------------------------------- */

enum { tiny = 14, wide = 3 };
static const double tiny_cluster[tiny] = {0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 4, 4, 4, 4};
static const double tiny_arm[tiny] = {0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0};
static const double tiny_size[tiny] = {2.5, 1, 4, 3, 3.5, 0.5, 6, 2, 2, 5, 1.5, 4.5, 3, 2};
static const double tiny_y[tiny] = {3, 5, 4.5, 6, 5, 1, 2.5, 4, 0.5, 7, 2, 6.5, 5, 3.5};
static const double *const tiny_columns[] = {tiny_arm, tiny_size, tiny_y};

/* V and degrees of freedom of each coefficient as the papers define them, with the 14 x 14 hat
   matrix: A_g = ((I - H)_gg)^(-1/2), V = M sum X_g'A_g e_g e_g'A_g X_g M, and df = tr^2 / sum
   P_gh^2 with P_gh = p_g'p_h, p_g = (I - H)_g' A_g X_g M c. */
static void by_definition(double *variance, double *df)
{
    double x[tiny][wide], gram[wide * wide] = {0},
                                      inverse[wide * wide] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    double rest[tiny][tiny], residual[tiny] = {0};
    double adjusted[tiny][tiny] = {{0}}; /* block-diagonal A */
    lapack_int pivots[wide];
    for (size_t i = 0; i < tiny; i++) {
        x[i][0] = 1;
        x[i][1] = tiny_arm[i];
        x[i][2] = tiny_size[i];
        for (size_t a = 0; a < wide; a++)
            for (size_t b = 0; b < wide; b++)
                gram[a * wide + b] += x[i][a] * x[i][b];
    }
    assert_int_equal(LAPACKE_dgesv(LAPACK_COL_MAJOR, wide, wide, gram, wide, pivots, inverse, wide),
                     0);
    for (size_t i = 0; i < tiny; i++)
        for (size_t j = 0; j < tiny; j++) {
            rest[i][j] = i == j;
            for (size_t a = 0; a < wide; a++)
                for (size_t b = 0; b < wide; b++)
                    rest[i][j] -= x[i][a] * inverse[a * wide + b] * x[j][b];
            residual[i] += rest[i][j] * tiny_y[j];
        }
    for (size_t first = 0, end = 0; first < tiny; first = end) {
        double block[tiny * tiny], values[tiny];
        while (end < tiny && tiny_cluster[end] == tiny_cluster[first])
            end++;
        size_t n = end - first;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                block[i * n + j] = rest[first + i][first + j];
        assert_int_equal(
            LAPACKE_dsyev(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)n, block, (lapack_int)n, values),
            0);
        for (size_t l = 0; l < n; l++)
            for (size_t i = 0; i < n && values[l] > 1e-12; i++)
                for (size_t j = 0; j < n; j++)
                    adjusted[first + i][first + j] +=
                        block[l * n + i] * block[l * n + j] / sqrt(values[l]);
    }
    for (size_t c = 0; c < wide; c++) {
        double p[5][tiny] = {{0}}, sums[5] = {0}, trace = 0, squares = 0, total = 0;
        for (size_t i = 0; i < tiny; i++) {
            size_t g = (size_t)tiny_cluster[i];
            double adjusted_x = 0; /* row i of A X M c */
            for (size_t j = 0; j < tiny; j++)
                for (size_t a = 0; a < wide; a++)
                    adjusted_x += adjusted[i][j] * x[j][a] * inverse[a * wide + c];
            sums[g] += adjusted_x * residual[i];
            for (size_t j = 0; j < tiny; j++)
                p[g][j] += rest[i][j] * adjusted_x;
        }
        for (size_t g = 0; g < 5; g++) {
            total += sums[g] * sums[g];
            for (size_t h = 0; h < 5; h++) {
                double product = 0;
                for (size_t j = 0; j < tiny; j++)
                    product += p[g][j] * p[h][j];
                trace += g == h ? product : 0;
                squares += product * product;
            }
        }
        variance[c] = total;
        df[c] = trace * trace / squares;
    }
}

static void compressed_cr2_agrees_with_its_definition(void **state)
{
    (void)state;
    double variance[wide], df[wide];
    struct estimate estimates[wide];
    by_definition(variance, df);
    struct clusters clusters = clusters_of(wide, tiny, tiny_columns, tiny_cluster);
    struct regression *regression = clusters_fit(clusters);
    assert_ok(assay_regression_estimates(regression, VARIANCE_CR2, 0, 0.9, estimates, &error));
    for (size_t c = 0; c < wide; c++) {
        assert_close(estimates[c].standard_error, sqrt(variance[c]), 1e-12);
        assert_close(estimates[c].df, df[c], 1e-12);
    }
    assay_regression_close(regression);
    clusters_free(clusters);
}

/* Least squares of the rows that are not of one cluster, by the normal equations. */
static void fit_without(double cluster, double *coefficient)
{
    double gram[wide * wide] = {0};
    lapack_int pivots[wide];
    for (size_t a = 0; a < wide; a++)
        coefficient[a] = 0;
    for (size_t i = 0; i < tiny; i++) {
        const double x[] = {1, tiny_arm[i], tiny_size[i]};
        for (size_t a = 0; a < wide && tiny_cluster[i] != cluster; a++) {
            coefficient[a] += x[a] * tiny_y[i];
            for (size_t b = 0; b < wide; b++)
                gram[a * wide + b] += x[a] * x[b];
        }
    }
    assert_int_equal(
        LAPACKE_dgesv(LAPACK_COL_MAJOR, wide, 1, gram, wide, pivots, coefficient, wide), 0);
}

static void cr3_is_the_jackknife_about_b_by_deleting_each_cluster(void **state)
{
    (void)state;
    double all[wide], wanted[wide * wide] = {0}, got[wide * wide];
    fit_without(-1, all);
    for (size_t g = 0; g < 5; g++) {
        double deleted[wide];
        fit_without((double)g, deleted);
        for (size_t a = 0; a < wide; a++)
            for (size_t b = 0; b < wide; b++)
                wanted[a * wide + b] += (deleted[a] - all[a]) * (deleted[b] - all[b]);
    }
    struct clusters clusters = clusters_of(wide, tiny, tiny_columns, tiny_cluster);
    struct regression *regression = clusters_fit(clusters);
    assert_ok(assay_regression_variance(regression, VARIANCE_CR3, got, &error));
    for (size_t i = 0; i < wide * wide; i++)
        assert_close(got[i], wanted[i], 1e-12);
    assay_regression_close(regression);
    clusters_free(clusters);
}

static void a_shift_and_a_change_of_units_change_only_units(void **state)
{
    (void)state;
    double size[tiny], y[tiny];
    const double *columns[] = {tiny_arm, size, y};
    for (size_t i = 0; i < tiny; i++) {
        size[i] = 1e4 + tiny_size[i] / 1024;
        y[i] = 4096 * tiny_y[i] - 1e6;
    }
    struct clusters clusters = clusters_of(wide, tiny, tiny_columns, tiny_cluster);
    struct clusters shifted = clusters_of(wide, tiny, columns, tiny_cluster);
    struct regression *one = clusters_fit(clusters);
    struct regression *other = clusters_fit(shifted);
    struct estimate wanted[wide], got[wide];
    for (enum variance kind = VARIANCE_CLASSICAL; kind <= VARIANCE_CR3; kind++) {
        assert_ok(assay_regression_estimates(one, kind, 0, 0.95, wanted, &error));
        assert_ok(assay_regression_estimates(other, kind, 0, 0.95, got, &error));
        assert_close(got[1].value, 4096 * wanted[1].value, 1e-7);
        assert_close(got[1].standard_error, 4096 * wanted[1].standard_error, 1e-7);
        assert_close(got[1].df, wanted[1].df, 1e-7);
        assert_close(got[2].value, 4096 * 1024 * wanted[2].value, 1e-7);
        assert_close(got[2].p, wanted[2].p, 1e-7);
    }
    assay_regression_close(one);
    assay_regression_close(other);
    clusters_free(clusters);
    clusters_free(shifted);
}

static void a_meat_from_sql_moments_equals_that_of_the_rows(void **state)
{
    (void)state;
    struct clusters clusters = clusters_of(wide, tiny, tiny_columns, tiny_cluster);
    struct regression *regression = clusters_fit(clusters);
    struct regression_fit fit = assay_regression_fit(regression);
    double residual[tiny], leverage[tiny], products[wide][tiny];
    assay_regression_rows(regression, tiny, tiny_columns, residual, leverage);
    double leverages = 0;
    for (size_t i = 0; i < tiny; i++) {
        double z[] = {tiny_arm[i] - fit.centre[0], tiny_size[i] - fit.centre[1]};
        double h = 1.0 / tiny;
        for (size_t a = 0; a < 2; a++)
            for (size_t b = 0; b < 2; b++)
                h += z[a] * fit.inverse[a * 2 + b] * z[b];
        assert_close(leverage[i], h, 1e-12);
        leverages += h;
        products[0][i] = residual[i] / (1 - h);
        products[1][i] = products[0][i] * z[0];
        products[2][i] = products[0][i] * z[1];
    }
    assert_close(leverages, 3.0, 1e-12);
    const double *columns[] = {products[0], products[1], products[2]};
    double moments[10], meat[6], direct[6] = {0}, one[9], other[9];
    assay_moments_init(3, moments);
    assay_moments_add(3, tiny, columns, moments);
    assay_regression_meat_from_moments(regression, moments, meat);
    assay_regression_meat_add(regression, VARIANCE_HC3, tiny, tiny_columns, direct);
    assert_ok(assay_regression_hc(regression, VARIANCE_HC3, meat, one, &error));
    assert_ok(assay_regression_hc(regression, VARIANCE_HC3, direct, other, &error));
    for (size_t i = 0; i < 9; i++)
        assert_close(one[i], other[i], 1e-12);
    assay_regression_close(regression);
    clusters_free(clusters);
}

/* ---- What is refused ------------------------------------------------------------------------- */

static enum status try_fit(const double *const *columns, size_t k, size_t rows, size_t *column)
{
    struct regression *regression = NULL;
    struct clusters clusters = clusters_of(k, rows, columns, tiny_cluster);
    enum status status = assay_regression_open(
        k, clusters.count, (const double *const *)clusters.moments, column, &regression, &error);
    assert_true((status == STATUS_OK) == (regression != NULL));
    assay_regression_close(regression);
    clusters_free(clusters);
    return status;
}

static void columns_that_cannot_be_told_apart_are_named(void **state)
{
    (void)state;
    double copy[tiny], same[tiny];
    size_t column = 0;
    for (size_t i = 0; i < tiny; i++) {
        copy[i] = 0.1 + tiny_size[i] / 3 - 7 * tiny_arm[i];
        same[i] = 1e7 + 0.1;
    }
    const double *collinear[] = {tiny_arm, tiny_size, copy, tiny_y};
    assert_int_equal(try_fit(collinear, 4, tiny, &column), ERROR_SINGULAR);
    assert_int_equal(column, 3);
    assert_non_null(strstr(error.message, "column 3"));
    const double *constant[] = {tiny_arm, same, tiny_y};
    assert_int_equal(try_fit(constant, 3, tiny, &column), ERROR_SINGULAR);
    assert_int_equal(column, 2);
    assert_non_null(strstr(error.message, "same in every row"));
    /* Moments from elsewhere may leave a rounding of the constant's square. */
    double noisy[] = {14, 0.5, 1e7, 2, 3.5, 0, 1e-17, 1, 0, 10};
    const double *elsewhere[] = {noisy};
    struct regression *none = NULL;
    assert_int_equal(assay_regression_open(3, 1, elsewhere, &column, &none, &error),
                     ERROR_SINGULAR);
    assert_non_null(strstr(error.message, "column 2 is the same"));
    const double *flat[] = {tiny_arm, same};
    assert_int_equal(try_fit(flat, 2, tiny, NULL), ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "outcome"));
    assert_int_equal(try_fit(tiny_columns, 3, 3, NULL), ERROR_DOMAIN);
    assert_int_equal(try_fit(tiny_columns, 3, 4, NULL), STATUS_OK);
    copy[5] = NAN;
    const double *broken[] = {tiny_arm, copy, tiny_y};
    assert_int_equal(try_fit(broken, 3, tiny, NULL), ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "column 2"));
}

static void one_cluster_has_no_clustered_error(void **state)
{
    (void)state;
    const double alone[tiny] = {0};
    double variance[9];
    struct clusters clusters = clusters_of(3, tiny, tiny_columns, alone);
    struct regression *regression = clusters_fit(clusters);
    assert_ok(assay_regression_variance(regression, VARIANCE_CLASSICAL, variance, &error));
    for (enum variance kind = VARIANCE_CR0; kind <= VARIANCE_HC3; kind++)
        assert_int_equal(assay_regression_variance(regression, kind, variance, &error),
                         ERROR_DOMAIN);
    assay_regression_close(regression);
    clusters_free(clusters);
}

static void an_arm_that_is_one_cluster_is_refused_not_measured(void **state)
{
    (void)state;
    double arm[tiny];
    for (size_t i = 0; i < tiny; i++)
        arm[i] = tiny_cluster[i] == 2;
    const double *columns[] = {arm, tiny_y};
    struct clusters clusters = clusters_of(2, tiny, columns, tiny_cluster);
    struct regression *regression = clusters_fit(clusters);
    struct estimate estimate;
    /* The other arm's clusters would still give a number, without the chance of this one. */
    static const double contrasts[][2] = {{0, 1}, {1, 1}};
    for (size_t i = 0; i < 4; i++) {
        enum variance kind = i < 2 ? VARIANCE_CR2 : VARIANCE_CR3;
        assert_int_equal(assay_regression_contrast(regression, kind, contrasts[i % 2], 0, 0.95,
                                                   &estimate, &error),
                         ERROR_DOMAIN);
        assert_non_null(strstr(error.message, "one cluster alone"));
    }
    assert_ok(assay_regression_contrast(regression, VARIANCE_CR2, (const double[]){1, 0}, 0, 0.95,
                                        &estimate, &error)); /* the mean of the other arm */
    assay_regression_close(regression);
    clusters_free(clusters);
}

static void worker_effects_as_dummies_do_not_hide_the_effect_inside_workers(void **state)
{
    (void)state;
    /* Each dummy is determined by its cluster alone; the arm's effect inside them is not. */
    double dummies[4][tiny];
    const double *columns[] = {tiny_arm, dummies[0], dummies[1], dummies[2], dummies[3], tiny_y};
    for (size_t g = 0; g < 4; g++)
        for (size_t i = 0; i < tiny; i++)
            dummies[g][i] = tiny_cluster[i] == (double)(g + 1);
    struct clusters clusters = clusters_of(6, tiny, columns, tiny_cluster);
    struct regression *regression = clusters_fit(clusters);
    struct estimate estimate;
    assert_ok(assay_regression_contrast(
        regression, VARIANCE_CR2, (const double[]){0, 1, 0, 0, 0, 0}, 0, 0.95, &estimate, &error));
    /* clubSandwich 0.5.8: coef_test(lm(y ~ arm + factor(cluster)), "CR2") */
    assert_close(estimate.value, 2.41379310345, 1e-11);
    assert_close(estimate.standard_error, 0.501636526808, 1e-11);
    assert_close(estimate.df, 1.93811074919, 1e-11);

    /* The same with the effects taken out of the moments. */
    static const enum variance kinds[] = {VARIANCE_CR0, VARIANCE_CR2, VARIANCE_CR3};
    const double *plain[] = {tiny_arm, tiny_y};
    struct clusters within = clusters_of(2, tiny, plain, tiny_cluster);
    for (size_t g = 0; g < within.count; g++)
        assay_moments_within(2, within.moments[g]);
    struct regression *taken_out = clusters_fit(within);
    for (size_t i = 0; i < 3; i++) {
        struct estimate other;
        assert_ok(assay_regression_contrast(
            regression, kinds[i], (const double[]){0, 1, 0, 0, 0, 0}, 0, 0.95, &estimate, &error));
        assert_ok(assay_regression_contrast(taken_out, kinds[i], (const double[]){0, 1}, 0, 0.95,
                                            &other, &error));
        assert_close(other.value, estimate.value, 1e-13);
        assert_close(other.standard_error, estimate.standard_error, 1e-12);
        assert_close(other.df, estimate.df, 1e-11);
    }
    assay_regression_close(taken_out);
    clusters_free(within);
    assay_regression_close(regression);
    clusters_free(clusters);
}

/* Exact in units of 2^-30: 100,000 clusters far from the first one, whose total merged one after
   the other would round 100,000 times. */
static void many_clusters_sum_to_the_digits_of_one(void **state)
{
    (void)state;
    enum { many = 100000, each = 3 };
    double(*moments)[6] = malloc(many * sizeof *moments);
    const double **clusters = malloc(many * sizeof *clusters);
    double *x = malloc(sizeof *x * many * each), *y = malloc(sizeof *y * many * each);
    assert_non_null(moments);
    assert_non_null(clusters);
    assert_non_null(x);
    assert_non_null(y);
    long double sums[2] = {0}, cross[3] = {0};
    uint64_t random = 7;
    for (size_t row = 0; row < many * each; row++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        x[row] = 1e6 + (double)(random >> 44) / 0x1p20 + (row < each ? 1e3 : 0);
        random = random * 6364136223846793005u + 1442695040888963407u;
        y[row] = 0.001 * x[row] + (double)(random >> 44) / 0x1p20;
        sums[0] += x[row];
        sums[1] += y[row];
    }
    long double n = (long double)many * each;
    for (size_t row = 0; row < many * each; row++) {
        long double dx = x[row] - sums[0] / n, dy = y[row] - sums[1] / n;
        cross[0] += dx * dx;
        cross[1] += dx * dy;
        cross[2] += dy * dy;
    }
    for (size_t g = 0; g < many; g++) {
        const double *columns[] = {x + g * each, y + g * each};
        assay_moments_init(2, moments[g]);
        assay_moments_add(2, each, columns, moments[g]);
        clusters[g] = moments[g];
    }
    struct regression *regression = NULL;
    assert_ok(assay_regression_open(2, many, clusters, NULL, &regression, &error));
    struct regression_fit fit = assay_regression_fit(regression);
    double slope = (double)(cross[1] / cross[0]);
    double rest = (double)(cross[2] - cross[1] * cross[1] / cross[0]);
    assert_close(fit.centre[0], (double)(sums[0] / n), 2.3e-16);
    assert_close(fit.centre[1], (double)(sums[1] / n), 2.3e-16);
    assert_close(fit.coefficient[1], slope, 1e-11);
    assert_close(fit.residual_variance, rest / (many * each - 2), 1e-12);

    /* CR0 of the slope: sum over clusters of (sum dx e)^2 / c_xx^2. */
    long double meat = 0;
    for (size_t g = 0; g < many; g++) {
        long double score = 0;
        for (size_t row = g * each; row < (g + 1) * each; row++) {
            long double dx = x[row] - sums[0] / n;
            score += dx * (y[row] - sums[1] / n - dx * (cross[1] / cross[0]));
        }
        meat += score * score;
    }
    double variance[4];
    assert_ok(assay_regression_variance(regression, VARIANCE_CR0, variance, &error));
    /* Each cluster's mean is itself kept to 1e-10 of a spread of .3 */
    assert_close(variance[3], (double)(meat / cross[0] / cross[0]), 1e-9);
    assay_regression_close(regression);
    free(moments);
    free(clusters);
    free(x);
    free(y);
}

static void a_mean_alone_is_a_regression_without_regressors(void **state)
{
    (void)state;
    const double *columns[] = {tiny_y};
    struct clusters clusters = clusters_of(1, tiny, columns, tiny_y); /* every row its cluster */
    struct regression *regression = clusters_fit(clusters);
    struct estimate classical, clustered;
    double mean = 0, squares = 0;
    for (size_t i = 0; i < tiny; i++)
        mean += tiny_y[i] / tiny;
    for (size_t i = 0; i < tiny; i++)
        squares += (tiny_y[i] - mean) * (tiny_y[i] - mean);
    assert_ok(
        assay_regression_estimates(regression, VARIANCE_CLASSICAL, 0, 0.95, &classical, &error));
    assert_close(classical.value, mean, 1e-14);
    assert_close(classical.standard_error, sqrt(squares / tiny / (tiny - 1)), 1e-14);
    assert_ok(assay_regression_estimates(regression, VARIANCE_CR2, 0, 0.95, &clustered, &error));
    assert_close(clustered.value, mean, 1e-14);
    assay_regression_close(regression);
    clusters_free(clusters);
}

static void rows_on_the_line_leave_nothing_to_judge_chance_by(void **state)
{
    (void)state;
    double y[tiny];
    for (size_t i = 0; i < tiny; i++)
        y[i] = 3 + 2 * tiny_size[i];
    const double *columns[] = {tiny_size, y};
    struct clusters clusters = clusters_of(2, tiny, columns, tiny_cluster);
    struct regression *regression = clusters_fit(clusters);
    struct estimate estimates[2];
    assert_close(assay_regression_fit(regression).coefficient[1], 2.0, 1e-14);
    assert_true(assay_regression_fit(regression).residual_variance == 0);
    assert_int_equal(
        assay_regression_estimates(regression, VARIANCE_CLASSICAL, 0, 0.95, estimates, &error),
        ERROR_DOMAIN);
    assay_regression_close(regression);
    clusters_free(clusters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compressed_cr2_agrees_with_its_definition),
        cmocka_unit_test(cr3_is_the_jackknife_about_b_by_deleting_each_cluster),
        cmocka_unit_test(a_shift_and_a_change_of_units_change_only_units),
        cmocka_unit_test(a_meat_from_sql_moments_equals_that_of_the_rows),
        cmocka_unit_test(columns_that_cannot_be_told_apart_are_named),
        cmocka_unit_test(one_cluster_has_no_clustered_error),
        cmocka_unit_test(an_arm_that_is_one_cluster_is_refused_not_measured),
        cmocka_unit_test(worker_effects_as_dummies_do_not_hide_the_effect_inside_workers),
        cmocka_unit_test(many_clusters_sum_to_the_digits_of_one),
        cmocka_unit_test(a_mean_alone_is_a_regression_without_regressors),
        cmocka_unit_test(rows_on_the_line_leave_nothing_to_judge_chance_by),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
