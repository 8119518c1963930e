/* Least squares of rows at hand: far origins, weights, and what is refused. NIST's sets are in
   test_nist.c. */

#include "assay/least_squares.h"
#include "assay/weighted.h"

#include "check.h"

static struct error error;

enum { rows = 400, wide = 3 };
static double x1[rows], x2[rows], y[rows], weights[rows];

/* Multiples of 2^-20 below 16, which stay exact at an origin of 1e8. */
static void fill(void)
{
    uint64_t state = 2024;
    for (size_t row = 0; row < rows; row++) {
        double uniform[4];
        for (size_t j = 0; j < 4; j++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            uniform[j] = (double)(state >> 44) / 0x1p20;
        }
        x1[row] = uniform[0];
        x2[row] = 4 * uniform[1] + uniform[0];
        y[row] = 2 + 3 * x1[row] - 0.5 * x2[row] + uniform[2];
        weights[row] = 0.25 + uniform[3];
    }
}

static void an_origin_at_1e8_moves_nothing_but_the_constant(void **state)
{
    (void)state;
    static double far_x1[rows], far_x2[rows], far_y[rows], near_residual[rows], far_residual[rows];
    double near[wide], far[wide], near_variance[wide * wide], far_variance[wide * wide];
    struct least_squares one, other;
    fill();
    for (size_t row = 0; row < rows; row++) {
        far_x1[row] = x1[row] + 1e8;
        far_x2[row] = x2[row] - 1e8;
        far_y[row] = y[row] + 1e8;
        assert_true(far_x1[row] - 1e8 == x1[row] && far_y[row] - 1e8 == y[row]);
    }
    const double *columns[] = {x1, x2, y};
    const double *far_columns[] = {far_x1, far_x2, far_y};
    assert_ok(assay_least_squares(true, 2, rows, columns, NULL, near, near_variance, near_residual,
                                  NULL, &one, &error));
    assert_ok(assay_least_squares(true, 2, rows, far_columns, NULL, far, far_variance, far_residual,
                                  NULL, &other, &error));
    for (size_t j = 1; j < wide; j++) {
        assert_close(far[j], near[j], 1e-15);
        assert_close(sqrt(far_variance[j * wide + j]), sqrt(near_variance[j * wide + j]), 1e-14);
    }
    assert_close(far[0], near[0] + 1e8 * (1 - near[1] + near[2]), 1e-15);
    assert_close(other.residual_variance, one.residual_variance, 1e-15);
    assert_close(other.r_squared, one.r_squared, 1e-15);
    for (size_t row = 0; row < rows; row++)
        assert_near(far_residual[row], near_residual[row], 1e-15);
}

/* Residuals are orthogonal to every column, and to the constant: what defines least squares. */
static void residuals_are_orthogonal_to_the_columns(void **state)
{
    (void)state;
    double coefficient[wide], residual[rows];
    fill();
    const double *columns[] = {x1, x2, y};
    assert_ok(assay_least_squares(true, 2, rows, columns, weights, coefficient, NULL, residual,
                                  NULL, NULL, &error));
    long double sums[wide] = {0};
    for (size_t row = 0; row < rows; row++) {
        sums[0] += (long double)weights[row] * residual[row];
        sums[1] += (long double)weights[row] * residual[row] * x1[row];
        sums[2] += (long double)weights[row] * residual[row] * x2[row];
        assert_near(residual[row],
                    y[row] - coefficient[0] - coefficient[1] * x1[row] - coefficient[2] * x2[row],
                    1e-14);
    }
    for (size_t j = 0; j < wide; j++)
        assert_near((double)sums[j], 0, 1e-13);
}

static void weights_agree_with_weighted_moments(void **state)
{
    (void)state;
    double coefficient[wide], variance[wide * wide], other[wide * wide];
    struct least_squares fit;
    struct regression *regression = NULL;
    fill();
    const double *columns[] = {x1, x2, y};
    double moments[30];
    const double *clusters[] = {moments};
    assert_int_equal(assay_weighted_length(wide), 30);
    assay_weighted_init(wide, moments);
    assay_weighted_add(wide, rows, columns, weights, moments);
    assert_ok(assay_regression_open_weighted(wide, 1, clusters, WORKING_EQUAL, NULL, &regression,
                                             &error));
    assert_ok(assay_regression_variance(regression, VARIANCE_CLASSICAL, other, &error));
    assert_ok(assay_least_squares(true, 2, rows, columns, weights, coefficient, variance, NULL,
                                  NULL, &fit, &error));
    struct regression_fit read = assay_regression_fit(regression);
    for (size_t j = 0; j < wide; j++)
        assert_close(coefficient[j], read.coefficient[j], 1e-12);
    for (size_t i = 0; i < wide * wide; i++)
        assert_close(variance[i], other[i], 1e-11);
    assert_close(fit.r_squared, read.r_squared, 1e-12);
    assert_close(fit.residual_variance, read.residual_variance, 1e-12);
    assay_regression_close(regression);
}

static void columns_that_the_others_determine_are_named(void **state)
{
    (void)state;
    static double sum[rows], same[rows], nearly[rows];
    double coefficient[wide + 1];
    size_t column = 0;
    fill();
    for (size_t row = 0; row < rows; row++) {
        sum[row] = 0.1 + x1[row] / 3 - 7 * x2[row];
        same[row] = 1e7 + 0.1;
        nearly[row] = x1[row] + 1e-9 * x2[row];
    }
    const double *collinear[] = {x1, x2, sum, y};
    assert_int_equal(assay_least_squares(true, 3, rows, collinear, NULL, coefficient, NULL, NULL,
                                         &column, NULL, &error),
                     ERROR_SINGULAR);
    assert_true(column >= 1 && column <= 3); /* any of the three is a sum of the others */
    assert_non_null(strstr(error.message, "determined by the others"));
    const double *constant[] = {x1, same, y};
    assert_int_equal(assay_least_squares(true, 2, rows, constant, NULL, coefficient, NULL, NULL,
                                         &column, NULL, &error),
                     ERROR_SINGULAR);
    assert_int_equal(column, 2);
    assert_ok(assay_least_squares(false, 2, rows, constant, NULL, coefficient, NULL, NULL, NULL,
                                  NULL, &error));
    /* A share of 1e-18 of its squares is its own: moments would refuse it. */
    const double *close[] = {x1, nearly, y};
    assert_ok(assay_least_squares(true, 2, rows, close, NULL, coefficient, NULL, NULL, NULL, NULL,
                                  &error));
    assert_close(1e-9 * coefficient[2], -0.5, 0.2);
}

static void numbers_that_cannot_be_fitted_are_refused(void **state)
{
    (void)state;
    static double broken[rows], zero[rows];
    double coefficient[wide];
    fill();
    memcpy(broken, x1, sizeof broken);
    broken[7] = NAN;
    const double *columns[] = {x1, x2, y};
    const double *not_finite[] = {broken, x2, y};
    const double *flat[] = {x1, x2, zero};
    assert_int_equal(assay_least_squares(true, 2, rows, not_finite, NULL, coefficient, NULL, NULL,
                                         NULL, NULL, &error),
                     ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "column 1, row 8"));
    assert_int_equal(assay_least_squares(true, 2, rows, columns, zero, coefficient, NULL, NULL,
                                         NULL, NULL, &error),
                     ERROR_DOMAIN);
    assert_int_equal(
        assay_least_squares(true, 2, 3, columns, NULL, coefficient, NULL, NULL, NULL, NULL, &error),
        ERROR_DOMAIN);
    assert_int_equal(
        assay_least_squares(true, 2, rows, flat, NULL, coefficient, NULL, NULL, NULL, NULL, &error),
        ERROR_DOMAIN);
    assert_int_equal(assay_least_squares(false, 0, rows, columns + 2, NULL, coefficient, NULL, NULL,
                                         NULL, NULL, &error),
                     ERROR_DOMAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_origin_at_1e8_moves_nothing_but_the_constant),
        cmocka_unit_test(residuals_are_orthogonal_to_the_columns),
        cmocka_unit_test(weights_agree_with_weighted_moments),
        cmocka_unit_test(columns_that_the_others_determine_are_named),
        cmocka_unit_test(numbers_that_cannot_be_fitted_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
