/* Worked by hand: u = (1 - h) n + h m. */

#include "evidence/compare/hidden_marks.h"

#include "check.h"

static struct hidden_marks filled(double unmarked, double marked, enum effect_scale scale)
{
    static const struct metric metric = {.kind = METRIC_PROPORTION};
    struct comparison comparison = {
        .arms = {{.value = unmarked}, {.value = marked}},
        .means = {unmarked, marked},
        .scale = scale,
        .estimate = {.effect = marked - unmarked, .interval = {0.01, 0.9}},
    };
    if (marked < unmarked)
        comparison.estimate.interval = (struct interval){-0.9, -0.01};
    hidden_marks_fill(&metric, &comparison);
    assert_true(comparison.hidden.exists);
    return comparison.hidden;
}

static void the_mean_without_ai_is_what_hidden_work_leaves_of_the_unmarked(void **state)
{
    (void)state;
    /* n = (.2 - .05)/.9 = 1/6, (.2 - .15)/.7 = 1/14, and below 0 */
    struct hidden_marks got = filled(0.2, 0.5, SCALE_POINTS);
    assert_near(got.share[0], 0.1, 0);
    assert_near(got.effect[0], 0.5 - 1 / 6.0, 1e-12);
    assert_near(got.effect[1], 0.5 - 1 / 14.0, 1e-12);
    assert_true(isnan(got.effect[2]));
    assert_near(got.low[0], 1 / 9.0, 1e-12);
    assert_near(got.high[0], 2 / 9.0, 1e-12);
    assert_near(got.low[2], 0, 0);
    assert_near(got.high[2], 0.4, 1e-12);
    assert_near(got.turns_at, 0.6, 1e-12);
}

static void a_relative_effect_is_a_share_of_the_mean_without_ai(void **state)
{
    (void)state;
    struct hidden_marks got = filled(0.2, 0.5, SCALE_RELATIVE);
    assert_near(got.effect[0], 2, 1e-12);
    assert_near(got.effect[1], 6, 1e-12);
    assert_true(isnan(got.effect[2]));
}

static void no_effect_is_said_that_no_proportion_can_have(void **state)
{
    (void)state;
    /* n = (.9 - .02)/.9 = 44/45; (.9 - .06)/.7 = 1.2 */
    struct hidden_marks got = filled(0.9, 0.2, SCALE_POINTS);
    assert_near(got.effect[0], 0.2 - 44 / 45.0, 1e-12);
    assert_true(isnan(got.effect[1]));
    assert_true(isnan(got.effect[2]));
    for (int u = 0; u <= 20; u++)
        for (int m = 0; m <= 20; m++) {
            got = filled(u / 20.0, m / 20.0, SCALE_POINTS);
            for (int i = 0; i < hidden_shares; i++)
                assert_true(isnan(got.effect[i]) || fabs(got.effect[i]) <= 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mean_without_ai_is_what_hidden_work_leaves_of_the_unmarked),
        cmocka_unit_test(a_relative_effect_is_a_share_of_the_mean_without_ai),
        cmocka_unit_test(no_effect_is_said_that_no_proportion_can_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
