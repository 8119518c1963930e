/* No sentence of an estimator that names a cluster, an arm or a value reaches a reader. */

#include "evidence/sample/reason.h"

#include "assay/blocked.h"
#include "assay/moments.h"
#include "assay/regression.h"
#include "assay/restricted_mean.h"

#include "check.h"

#include <ctype.h>

static struct error error;

/* The error's reason: without any digit but those of `above 0`, and without the word cluster. */
static void assert_says(const char *sentence)
{
    struct arena *arena = arena_create();
    const char *reason = reason_of(&error, arena);
    assert_string_equal(reason, sentence);
    assert_null(strstr(reason, "cluster"));
    for (const char *c = reason; *c != '\0'; c++)
        assert_false(isdigit((unsigned char)*c) && *c != '0');
    arena_destroy(arena);
}

static const char one_has_all[] =
    "one person or team has nearly all items of an arm: no honest interval";

static void refuse_blocked(const int64_t *cluster, const int64_t *cell, const double *mean,
                           enum blocked_scale scale)
{
    static const int64_t arm[] = {0, 1, 1, 0};
    static const double items[] = {1, 1, 1, 1};
    const struct blocked_rows rows = {4, cluster, cell, arm, items, mean, 2};
    double scratch[18];
    struct blocked out;
    assert_int_equal(assay_blocked(&rows, BLOCKED_ARM_1, scale, 0.95, scratch, &out, &error),
                     ERROR_DOMAIN);
}

static void differences_within_cells(void **state)
{
    (void)state;
    static const double mean[] = {1, 2, 3, 4}, below[] = {1, -2, 1, 4};
    refuse_blocked((const int64_t[]){17, 17, 29, 29}, (const int64_t[]){1, 1, 1, 0}, mean,
                   BLOCKED_DIFFERENCE);
    assert_non_null(strstr(error.message, "17")); /* or the case would not be tested */
    assert_says(one_has_all);
    refuse_blocked((const int64_t[]){17, 17, 17, 17}, (const int64_t[]){0, 0, 1, 1}, mean,
                   BLOCKED_DIFFERENCE);
    assert_says(one_has_all);
    refuse_blocked((const int64_t[]){17, 17, 29, 29}, (const int64_t[]){0, 1, 1, 1}, mean,
                   BLOCKED_DIFFERENCE);
    assert_says(one_has_all);
    refuse_blocked((const int64_t[]){17, 17, 29, 29}, (const int64_t[]){0, 0, 1, 1}, below,
                   BLOCKED_LOG_RATIO);
    assert_says("a mean is not above 0: there is no ratio");
}

static void times(void **state)
{
    (void)state;
    static const double items[] = {5, 0}, others[] = {2, 3}, phi[] = {0.5, 0}, psi[] = {0.2, -0.2};
    const struct arm_influence one = {2, items, phi}, other = {3, others, psi};
    struct estimate out;
    assert_int_equal(assay_restricted_mean_compare(2, &one, &other, 0.95, NULL, &out, &error),
                     ERROR_DOMAIN);
    assert_says(one_has_all);
    assert_int_equal(assay_restricted_mean_compare(2, &other, &one, 0.95, NULL, &out, &error),
                     ERROR_DOMAIN);
    assert_says(one_has_all);
}

static void least_squares(void **state)
{
    (void)state;
    static const double arm[] = {0, 1, 0, 1}, y[] = {1, 2, 2, 5}, flat[] = {3, 3, 3, 3};
    const double *const columns[] = {arm, y}, *const none[] = {arm, flat};
    double moments[6];
    const double *const clusters[] = {moments};
    struct regression *fit = NULL;
    struct estimate out;
    assert_int_equal(assay_moments_length(2), 6);
    assay_moments_init(2, moments);
    assay_moments_add(2, 4, columns, moments);
    assert_ok(assay_regression_open(2, 1, clusters, NULL, &fit, &error));
    assert_int_equal(
        assay_regression_contrast(fit, VARIANCE_CR2, (const double[]){0, 1}, 0, 0.95, &out, &error),
        ERROR_DOMAIN);
    assert_says(one_has_all);
    assay_regression_close(fit);
    assay_moments_init(2, moments);
    assay_moments_add(2, 4, none, moments);
    assert_int_equal(assay_regression_open(2, 1, clusters, NULL, &fit, &error), ERROR_DOMAIN);
    assert_says("the outcome is the same for every item");
    assay_moments_init(2, moments);
    assay_moments_add(2, 2, columns, moments);
    assert_int_equal(assay_regression_open(2, 1, clusters, NULL, &fit, &error), ERROR_DOMAIN);
    assert_says("there are too few items for so many covariates");
}

static void shares(void **state)
{
    (void)state;
    struct estimate estimate;
    struct effect effect;
    assert_ok(assay_estimate(3, 2, 5, 0.95, &estimate, &error));
    assert_int_equal(
        assay_effect_share(&estimate, &(struct baseline){-12.5, 0, 0, 5}, 0.95, &effect, &error),
        ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "12.5"));
    assert_says("the baseline is not above 0: there is no share of it");
    assert_int_equal(assay_estimate(3, 0, 5, 0.95, &estimate, &error), ERROR_DOMAIN);
    assert_says("outcomes differ too little to judge chance by");
}

static void what_nobody_thought_of_names_nothing_either(void **state)
{
    (void)state;
    (void)error_set(&error, ERROR_DOMAIN, "row 12 of arm 1 is 7.25");
    assert_says("its numbers allow no honest interval");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_within_cells),
        cmocka_unit_test(times),
        cmocka_unit_test(least_squares),
        cmocka_unit_test(shares),
        cmocka_unit_test(what_nobody_thought_of_names_nothing_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
