#include "assay/power_resample.h"

#include "base/random.h"
#include "check.h"

#include <math.h>
#include <stdio.h>

static struct error error;

enum { units = 60, segments = 12, runs = 2000 };

/* Independent standard normal means of `items` items each. */
static void fill(struct random *source, size_t cells, double items, double *counts, double *mean)
{
    for (size_t i = 0; i < cells; i++) {
        counts[i] = items;
        mean[i] = random_normal(source) / sqrt(items);
    }
}

/* Of a switchback with independent blocks of equal size the standard error is that of a difference
   of means, sqrt(4 s^2 / (units segments)), s that of the panel's cells; z of 80 % is 2.8016. */
static void a_switchback_of_independent_blocks_has_the_closed_form(void **state)
{
    (void)state;
    static double counts[units * segments], mean[units * segments];
    static struct resample_run list[runs];
    struct random source = random_seed(5);
    size_t made = 0;
    double found = 0, squares = 0, power = 0;
    fill(&source, units * segments, 10, counts, mean);
    for (size_t i = 0; i < units * segments; i++)
        squares += mean[i] * mean[i] / (units * segments);
    const struct resample_panel panel = {units, segments, counts, mean};
    assert_ok(assay_resample(RESAMPLE_SWITCHBACK, &panel, 0.5, 0, runs, 1, list, &made, &error));
    assert_int_equal(made, runs);
    assert_ok(assay_resample_detectable(made, list, 0.95, 0.8, false, &found, &error));
    double closed = 2.801581787013578 * sqrt(4 * squares / (units * segments));
    (void)printf("switchback: %g, closed form %g\n", found, closed);
    assert_near(found / closed, 1, 0.06);
    assert_ok(assay_resample_power(made, list, 0, 0.95, &power, &error));
    assert_near(power, 0.05, 3 * sqrt(0.05 * 0.95 / runs) + 0.01);
    assert_ok(assay_resample_power(made, list, found, 0.95, &power, &error));
    assert_near(power, 0.8, 0.002);
}

/* Before and after of the same units: the paired difference. */
static void before_and_after_is_told_as_paired_means_are(void **state)
{
    (void)state;
    static double counts[units * 2], mean[units * 2];
    static struct resample_run list[runs];
    struct random source = random_seed(6);
    size_t made = 0;
    double found = 0, sum = 0, squares = 0;
    fill(&source, units * 2, 4, counts, mean);
    for (size_t u = 0; u < units; u++) { /* what units share falls out */
        double own = 5 * random_normal(&source);
        mean[2 * u] += own;
        mean[2 * u + 1] += own + 3; /* the past changed by itself */
        sum += mean[2 * u + 1] - mean[2 * u];
    }
    for (size_t u = 0; u < units; u++)
        squares += pow(mean[2 * u + 1] - mean[2 * u] - sum / units, 2);
    const struct resample_panel panel = {units, 2, counts, mean};
    assert_ok(assay_resample(RESAMPLE_BEFORE_AFTER, &panel, 0, 0, runs, 1, list, &made, &error));
    assert_ok(assay_resample_detectable(made, list, 0.95, 0.8, false, &found, &error));
    double closed = (2.0010 + 0.8483) * sqrt(squares / (units - 1) / units);
    double fall = 0;
    assert_ok(assay_resample_detectable(made, list, 0.95, 0.8, true, &fall, &error));
    assert_near(-fall / found, 1, 0.1);
    (void)printf("before and after: %g, paired t %g\n", found, closed);
    assert_near(found / closed, 1, 0.08);
}

static void the_same_seed_gives_the_same_runs_and_staggered_ones_are_made(void **state)
{
    (void)state;
    static double counts[units * 4], mean[units * 4];
    static struct resample_run list[200], again[200];
    struct random source = random_seed(7);
    size_t made = 0, other = 0;
    double power = 0;
    fill(&source, units * 4, 10, counts, mean);
    const struct resample_panel panel = {units, 4, counts, mean};
    assert_ok(assay_resample(RESAMPLE_STAGGERED, &panel, 0, 0, 200, 3, list, &made, &error));
    assert_ok(assay_resample(RESAMPLE_STAGGERED, &panel, 0, 0, 200, 3, again, &other, &error));
    assert_int_equal(made, 200);
    assert_memory_equal(list, again, sizeof list);
    assert_ok(assay_resample_power(made, list, 0, 0.95, &power, &error));
    assert_true(power < 0.12);
    assert_ok(assay_resample_power(made, list, 1, 0.95, &power, &error));
    assert_true(power > 0.99);
}

static void what_is_no_panel_is_refused(void **state)
{
    (void)state;
    static const double items[8] = {1, 1, 1, 1, 1, 1, 1, -1}, mean[8] = {0};
    static struct resample_run list[100];
    size_t made = 0;
    double got = 7;
    struct resample_panel panel = {3, 2, items, mean};
    assert_int_equal(
        assay_resample(RESAMPLE_SWITCHBACK, &panel, 0.5, 0, 100, 1, list, &made, &error),
        ERROR_DOMAIN);
    panel.units = 4;
    assert_int_equal(
        assay_resample(RESAMPLE_SWITCHBACK, &panel, 0.5, 0, 100, 1, list, &made, &error),
        ERROR_DOMAIN);
    assert_int_equal(assay_resample_power(0, list, 1, 0.95, &got, &error), ERROR_DOMAIN);
    assert_true(got == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_switchback_of_independent_blocks_has_the_closed_form),
        cmocka_unit_test(before_and_after_is_told_as_paired_means_are),
        cmocka_unit_test(the_same_seed_gives_the_same_runs_and_staggered_ones_are_made),
        cmocka_unit_test(what_is_no_panel_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
