#include "assay/estimate.h"

#include "table.h"

static struct error error;

static void quantiles_of_t_agree_with_r(void **state)
{
    (void)state;
    static const double df[] = {1, 2.7, 5, 11.3, 100}, upper[] = {0.9, 0.975, 0.995};
    if (shared_data() == NULL)
        skip();
    char folder[512], path[64];
    (void)snprintf(folder, sizeof folder, "%s/small_tables", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    for (size_t i = 0; i < sizeof df / sizeof *df; i++)
        for (size_t j = 0; j < 3; j++) {
            double got = 0;
            assert_ok(assay_quantile(2 * upper[j] - 1, df[i], &got, &error));
            (void)snprintf(path, sizeof path, "answers/qt(%g,%g)/value", upper[j], df[i]);
            assert_close(got, answer(root, path), 1e-13);
        }
    json_decref(root);
}

/* Recorded from R 4.2.2: qt, qnorm, 2 * pt(-t, df), 2 * pnorm(-z). */
static void quantiles_and_tails_agree_with_r_at_the_ends(void **state)
{
    (void)state;
    static const struct {
        double level, df, quantile;
    } quantiles[] = {{0.95, 12.5634057601427, 2.1680251856944315},
                     {0.999, 3.3, 11.106695189933099},
                     {0.5, 1e6, 0.67448999553108735},
                     {0.95, 0.4, 642.82724615655252},
                     {0.95, INFINITY, 1.9599639845400536}};
    static const struct {
        double statistic, df, p;
    } tails[] = {{-2.5, 7.5, 0.038820258273625514},
                 {8, INFINITY, 1.244192114854357e-15},
                 {40, 200, 2.2487396535202259e-97},
                 {0, 3, 1}};
    double got = 0;
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
        assert_ok(assay_quantile(quantiles[i].level, quantiles[i].df, &got, &error));
        assert_close(got, quantiles[i].quantile, 1e-13);
    }
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        assert_ok(assay_p_value(tails[i].statistic, tails[i].df, &got, &error));
        assert_close(got, tails[i].p, 1e-12);
    }
}

static void tails_of_chi_squared_agree_with_r(void **state)
{
    (void)state;
    /* pchisq(statistic, df, lower.tail = FALSE) */
    static const struct {
        double statistic, df, p;
    } tails[] = {{18, 3, 0.00043984965283882903},
                 {0, 2, 1},
                 {3.841458820694124, 1, 0.05},
                 {250, 7, 2.7707117082472978e-50}};
    double got = 7;
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        assert_ok(assay_chi_squared_p(tails[i].statistic, tails[i].df, &got, &error));
        assert_close(got, tails[i].p, 1e-12);
    }
    got = 7;
    assert_int_equal(assay_chi_squared_p(-1, 2, &got, &error), ERROR_DOMAIN);
    assert_int_equal(assay_chi_squared_p(INFINITY, 2, &got, &error), ERROR_DOMAIN);
    assert_int_equal(assay_chi_squared_p(1, 0, &got, &error), ERROR_DOMAIN);
    assert_int_equal(assay_chi_squared_p(1, INFINITY, &got, &error), ERROR_DOMAIN);
    assert_true(got == 7);
}

static void what_is_out_of_range_is_refused_and_leaves_the_answer_alone(void **state)
{
    (void)state;
    static const double levels[] = {0, 1, -0.5, 1.5, NAN}, dfs[] = {0, -1, NAN};
    struct estimate estimate = {.value = 7};
    double got = 7;
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(assay_quantile(levels[i], 5, &got, &error), ERROR_DOMAIN);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(assay_quantile(0.95, dfs[i], &got, &error), ERROR_DOMAIN);
        assert_int_equal(assay_p_value(1, dfs[i], &got, &error), ERROR_DOMAIN);
        assert_int_equal(assay_estimate(1, 1, dfs[i], 0.95, &estimate, &error), ERROR_DOMAIN);
    }
    assert_int_equal(assay_p_value(INFINITY, 5, &got, &error), ERROR_DOMAIN);
    assert_int_equal(assay_estimate(NAN, 1, 5, 0.95, &estimate, &error), ERROR_DOMAIN);
    assert_int_equal(assay_estimate(1, INFINITY, 5, 0.95, &estimate, &error), ERROR_DOMAIN);
    assert_int_equal(assay_estimate(1, 0, 5, 0.95, &estimate, &error), ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "standard error is 0"));
    /* So few degrees of freedom that the quantile is no double. */
    assert_int_equal(assay_quantile(0.95, 0.001, &got, &error), ERROR_DOMAIN);
    assert_true(got == 7 && estimate.value == 7);
}

static void an_effect_is_a_ratio_or_a_share_of_a_baseline(void **state)
{
    (void)state;
    struct estimate estimate;
    struct effect effect;
    /* t(1) at 50 percent is 1: the interval is value -+ standard error. */
    assert_ok(assay_estimate(log(0.7), log(2), 1, 0.5, &estimate, &error));
    assert_ok(assay_effect_ratio(&estimate, &effect, &error));
    assert_close(effect.value, -0.3, 1e-14);
    assert_close(effect.interval.low, -0.65, 1e-14);
    assert_close(effect.interval.high, 0.4, 1e-13);
    assert_ok(assay_estimate(3, 2, 1, 0.5, &estimate, &error));
    assert_ok(assay_effect_share(&estimate, &(struct baseline){12, 0, 0, 1}, 0.5, &effect, &error));
    assert_close(effect.value, 0.25, 1e-15);
    assert_close(effect.interval.low, 1.0 / 12, 1e-14);
    assert_close(effect.interval.high, 5.0 / 12, 1e-14);
    static const double baselines[] = {0, -12, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(assay_effect_share(&estimate, &(struct baseline){baselines[i], 0, 0, 1},
                                            0.5, &effect, &error),
                         ERROR_DOMAIN);
    assert_ok(assay_estimate(700, 100, INFINITY, 0.95, &estimate, &error));
    assert_int_equal(assay_effect_ratio(&estimate, &effect, &error), ERROR_DOMAIN);
    assert_close(effect.value, 0.25, 1e-15);
    struct estimate half = {.value = 0.5, .interval = {0.25, INFINITY}};
    assert_ok(assay_effect_ratio(&half, &effect, &error));
    assert_near(effect.interval.low, exp(0.25) - 1, 1e-15);
    assert_true(isinf(effect.interval.high));
    half.interval = (struct interval){-INFINITY, 0.75};
    assert_ok(assay_effect_ratio(&half, &effect, &error));
    assert_true(isinf(effect.interval.low) && effect.interval.low < 0);
}

/* Fieller's limits are where d - x m is t of its standard errors from 0. */
static void the_chance_of_a_baseline_is_in_the_interval_of_a_share(void **state)
{
    (void)state;
    const struct baseline baseline = {2, 0.09, -0.05, 12};
    struct estimate estimate;
    struct effect effect;
    double t = 0;
    assert_ok(assay_estimate(1.5, 0.4, 30, 0.95, &estimate, &error));
    assert_ok(assay_quantile(0.95, 12, &t, &error)); /* the smaller df */
    assert_ok(assay_effect_share(&estimate, &baseline, 0.95, &effect, &error));
    assert_close(effect.value, 0.75, 1e-15);
    const double limits[] = {effect.interval.low, effect.interval.high};
    for (size_t i = 0; i < 2; i++) {
        double x = limits[i];
        double away = 1.5 - x * 2;
        double se = sqrt(0.16 + 2 * x * 0.05 + x * x * 0.09);
        assert_near(away / se, i == 0 ? t : -t, 1e-12);
    }
    /* a baseline of 0.6 standard errors could be 0 */
    assert_ok(assay_effect_share(&estimate, &(struct baseline){0.18, 0.09, 0, 12}, 0.95, &effect,
                                 &error));
    assert_close(effect.value, 1.5 / 0.18, 1e-15);
    assert_true(isnan(effect.interval.low) && isnan(effect.interval.high));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_of_t_agree_with_r),
        cmocka_unit_test(tails_of_chi_squared_agree_with_r),
        cmocka_unit_test(quantiles_and_tails_agree_with_r_at_the_ends),
        cmocka_unit_test(what_is_out_of_range_is_refused_and_leaves_the_answer_alone),
        cmocka_unit_test(an_effect_is_a_ratio_or_a_share_of_a_baseline),
        cmocka_unit_test(the_chance_of_a_baseline_is_in_the_interval_of_a_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
