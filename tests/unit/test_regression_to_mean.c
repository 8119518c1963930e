/* How far a group that was chosen for its last value comes back: numbers worked by hand, and series
   whose next value is known. */

#include "assay/regression_to_mean.h"

#include "base/random.h"
#include "check.h"

static struct error error;

/* Of 4, 8, 6, 8, 6, 7, 3: mu = 6, deviations -2 2 0 2 0 1 -3, squares 22, products of neighbours
   -4 + 0 + 0 + 0 + 0 - 3 = -7, r = -7/22, rho = (-7/22 + 1/7) / (4/7) < 0. */
static void numbers_are_those_worked_by_hand(void **state)
{
    (void)state;
    static const double swings[] = {4, 8, 6, 8, 6, 7, 3};
    /* mu = 4, deviations 3 2 1 0 -1 -2 -3, squares 28, products 6 + 2 + 0 + 0 + 2 + 6 = 16,
       rho = (16/28 + 1/7) / (4/7) = 1.25: a trend goes on, and nothing comes back. */
    static const double falls[] = {7, 6, 5, 4, 3, 2, 1};
    /* mu = 4, deviations 2 2 -1 0 1 -1 -3, squares 20, products 4 - 2 + 0 + 0 - 1 + 3 = 4,
       rho = (4/20 + 1/7) / (4/7) = .6. */
    static const double lasts[] = {6, 6, 3, 4, 5, 3, 1};
    struct past_values got;
    assert_ok(assay_regression_to_mean(swings, 7, &got, &error));
    assert_true(got.lowest);
    assert_near(got.back, 3, 1e-12);
    assert_near(got.correlation, 0, 1e-12);
    assert_near(got.lasting, 3, 1e-12);
    assert_ok(assay_regression_to_mean(falls, 7, &got, &error));
    assert_near(got.correlation, 1, 1e-12);
    assert_near(got.lasting, 0, 1e-12);
    assert_ok(assay_regression_to_mean(lasts, 7, &got, &error));
    assert_near(got.correlation, 0.6, 1e-12);
    assert_near(got.lasting, 0.4 * 3, 1e-12);
}

static void few_values_have_no_correlation_and_fewer_no_answer(void **state)
{
    (void)state;
    static const double values[] = {5, 7, 6, 4, 4, NAN};
    static const double same[] = {2, 2, 2, 2, 2, 2, 2};
    struct past_values got = {.back = 7};
    assert_ok(assay_regression_to_mean(values, 5, &got, &error));
    assert_false(got.lowest); /* as low as another is not lower */
    assert_near(got.back, 1.2, 1e-12);
    assert_true(isnan(got.correlation) && isnan(got.lasting));
    assert_int_equal(assay_regression_to_mean(values, 4, &got, &error), ERROR_DOMAIN);
    assert_int_equal(assay_regression_to_mean(values, 6, &got, &error), ERROR_DOMAIN);
    assert_near(got.back, 1.2, 1e-12);
    assert_ok(assay_regression_to_mean(same, 7, &got, &error));
    assert_true(isnan(got.correlation) && got.back == 0 && !got.lowest);
}

/* ---- Series of known next values ---------------------------------------------------------- */

enum { runs = 20000, values_most = 13 };

/* Means over the series that were chosen, and how many were looked at to find so many. */
struct outcome {
    double came,
        came_error; /* next value less the last, without any effect; its Monte Carlo error */
    double back, lasting;
    double share; /* of all series, those whose last value is the lowest */
};

static void draw(struct random *source, size_t count, double correlation, double *out)
{
    double fresh = sqrt(1 - correlation * correlation);
    out[0] = random_normal(source);
    for (size_t i = 1; i < count; i++)
        out[i] = correlation * out[i - 1] + fresh * random_normal(source);
}

/* Groups to which something was done after the worst of count spells. */
static struct outcome chosen(uint64_t seed, size_t count, double correlation)
{
    struct random source = random_seed(seed);
    struct outcome out = {0};
    double squares = 0;
    size_t all = 0;
    for (size_t run = 0; run < runs; all++) {
        double values[values_most + 1];
        struct past_values got;
        draw(&source, count + 1, correlation, values);
        assert_ok(assay_regression_to_mean(values, count, &got, &error));
        if (!got.lowest)
            continue;
        double came = values[count] - values[count - 1];
        out.came += came / runs;
        squares += came * came / runs;
        out.back += got.back / runs;
        out.lasting += got.lasting / runs;
        run++;
    }
    out.came_error = sqrt((squares - out.came * out.came) / runs);
    out.share = (double)runs / (double)all;
    return out;
}

static void what_comes_back_after_the_worst_spell_is_what_was_expected(void **state)
{
    (void)state;
    static const size_t counts[] = {5, 7, 9, 13};
    for (size_t i = 0; i < 4; i++) {
        struct outcome got = chosen(11 + i, counts[i], 0);
        assert_near(got.back, got.came, 4 * got.came_error);
    }
}

/* The rate at which a group that nobody chose is warned of. */
static void the_last_of_n_spells_is_the_worst_once_in_n(void **state)
{
    (void)state;
    assert_near(chosen(21, 5, 0).share, 1.0 / 5, 0.01);
    assert_near(chosen(22, 9, 0).share, 1.0 / 9, 0.01);
    assert_near(chosen(23, 13, 0).share, 1.0 / 13, 0.01);
}

/* Where spells last, less comes back, and the truth lies between the two movements or near. */
static void where_spells_last_the_truth_is_nearer_to_the_movement_with_the_correlation(void **state)
{
    (void)state;
    static const size_t counts[] = {7, 9, 13};
    for (size_t i = 0; i < 3; i++) {
        struct outcome some = chosen(31 + i, counts[i], 0.3);
        struct outcome much = chosen(41 + i, counts[i], 0.6);
        assert_true(fabs(some.lasting - some.came) < 0.1);
        assert_true(some.back > some.came + 0.25);
        assert_true(fabs(much.lasting - much.came) < 0.2);
        assert_true(much.back > much.came + 0.6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_worked_by_hand),
        cmocka_unit_test(few_values_have_no_correlation_and_fewer_no_answer),
        cmocka_unit_test(what_comes_back_after_the_worst_spell_is_what_was_expected),
        cmocka_unit_test(the_last_of_n_spells_is_the_worst_once_in_n),
        cmocka_unit_test(
            where_spells_last_the_truth_is_nearer_to_the_movement_with_the_correlation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
