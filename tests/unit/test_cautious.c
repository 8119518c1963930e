#include "assay/cautious.h"

#include "assay/moments.h"
#include "assay/regression.h"
#include "check.h"

#include <stdbool.h>

static struct error error;

enum { clusters_most = 24 };

struct layout {
    size_t count;
    int arm[clusters_most];
    double items[clusters_most];
    double mean[clusters_most];
    double residual[clusters_most];
    double moments[clusters_most][6]; /* of (arm, y) */
    const double *list[clusters_most];
};

/* Clusters with shares of events, all items being 0 or 1. */
static struct layout layout_of(size_t count, const int *arm, const double *items,
                               const double *mean)
{
    struct layout out = {.count = count};
    double total[2] = {0, 0};
    double sum[2] = {0, 0};
    for (size_t g = 0; g < count; g++) {
        total[arm[g]] += items[g];
        sum[arm[g]] += items[g] * mean[g];
    }
    for (size_t g = 0; g < count; g++) {
        out.arm[g] = arm[g];
        out.items[g] = items[g];
        out.mean[g] = mean[g];
        out.residual[g] = mean[g] - sum[arm[g]] / total[arm[g]];
        out.moments[g][0] = items[g];
        out.moments[g][1] = arm[g];
        out.moments[g][2] = mean[g];
        out.moments[g][5] = items[g] * mean[g] * (1 - mean[g]);
    }
    return out;
}

static struct estimate cr2_of(struct layout *layout)
{
    static const double contrast[] = {0, 1};
    struct regression *fit = NULL;
    struct estimate out;
    for (size_t g = 0; g < layout->count; g++)
        layout->list[g] = layout->moments[g];
    assert_ok(assay_regression_open(2, layout->count, layout->list, NULL, &fit, &error));
    assert_ok(assay_regression_contrast(fit, VARIANCE_CR2, contrast, 0, 0.95, &out, &error));
    assay_regression_close(fit);
    return out;
}

static struct arm_clusters clusters_of(const struct layout *layout)
{
    return (struct arm_clusters){layout->count, layout->arm, layout->items, layout->mean,
                                 layout->residual};
}

/* Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10. */
static void shares_of_single_items_have_the_limits_of_newcombe(void **state)
{
    (void)state;
    static const struct {
        double events[2], items[2], low, high; /* arm 0, arm 1 */
    } table[] = {
        {{48, 56}, {80, 70}, 0.0524, 0.3339}, {{3, 9}, {10, 10}, 0.1705, 0.8090},
        {{2, 6}, {7, 7}, 0.0582, 0.8062},     {{0, 5}, {29, 56}, -0.0381, 0.1926},
        {{0, 0}, {20, 10}, -0.1611, 0.2775},  {{0, 10}, {20, 10}, 0.6791, 1},
    };
    const double quantile = 1.959963984540054;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const double mean[2] = {table[i].events[0] / table[i].items[0],
                                table[i].events[1] / table[i].items[1]};
        struct interval got = assay_score_difference(OUTCOME_SHARE, mean, table[i].items,
                                                     mean[1] - mean[0], quantile);
        assert_near(got.low, table[i].low, 5e-5);
        assert_near(got.high, table[i].high, 5e-5);
    }
}

/* His 0 of 10 against 0 of 20, and all of them likewise. */
static void shares_without_any_event_have_the_limits_of_newcombe(void **state)
{
    (void)state;
    static const double items[] = {20, 10};
    struct estimate none;
    struct estimate all;
    assert_ok(assay_score_alike(0, items, INFINITY, 0.95, &none, &error));
    assert_near(none.interval.low, -0.1611, 5e-5);
    assert_near(none.interval.high, 0.2775, 5e-5);
    assert_true(none.value == 0 && none.p == 1);
    assert_near(none.standard_error, none.interval.high / 1.959963984540054, 1e-12);
    assert_ok(assay_score_alike(1, items, INFINITY, 0.95, &all, &error));
    assert_near(all.interval.low, -none.interval.high, 1e-12);
    assert_near(all.interval.high, -none.interval.low, 1e-12);
    assert_int_equal(assay_score_alike(0.5, items, 9, 0.95, &all, &error), ERROR_DOMAIN);
    assert_int_equal(assay_score_alike(0, (double[]){0, 5}, 9, 0.95, &all, &error), ERROR_DOMAIN);
}

/* Were the share just beyond the limit, no event in any of n draws would be seen in 2.5 % of trials
   at most; clusters of items that are all alike are such draws. Exact: (1 - u)^n. */
static void nothing_is_rarely_seen_of_a_share_beyond_the_limit(void **state)
{
    (void)state;
    for (int n = 2; n <= 2000; n += n < 50 ? 1 : 50) {
        const double worth[] = {n, n};
        struct estimate got;
        assert_ok(assay_score_alike(0, worth, 2.0 * n - 2, 0.95, &got, &error));
        assert_true(pow(1 - got.interval.high, n) <= 0.05);
        assert_true(n < 4 || pow(1 - got.interval.high, n) <= 0.03);
    }
}

/* Of a count of 4, the u with (4 - u)^2 = t^2 u. */
static void limits_of_counts_solve_their_equation(void **state)
{
    (void)state;
    const double mean[2] = {0, 0.04};
    const double items[2] = {1e9, 100};
    struct interval got = assay_score_difference(OUTCOME_AT_LEAST_0, mean, items, 0.04, 1.96);
    /* Arm 0 is as good as known to be 0. */
    assert_near(100 * (got.high - 0.04) * (got.high - 0.04), 1.96 * 1.96 * got.high, 1e-6);
    const double swapped[2] = {0.04, 0};
    const double turned[2] = {100, 1e9};
    struct interval mirror =
        assay_score_difference(OUTCOME_AT_LEAST_0, swapped, turned, -0.04, 1.96);
    assert_near(mirror.low, -got.high, 1e-12);
    assert_near(mirror.high, -got.low, 1e-12);
}

static void arms_of_one_size_keep_the_interval_of_cr2(void **state)
{
    (void)state;
    static const int arm[] = {1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0};
    static const double items[] = {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200};
    static const double mean[] = {.5, .4, .6, .45, .55, .5, .4, .3, .5, .35, .45, .4};
    struct layout layout = layout_of(12, arm, items, mean);
    struct estimate cr2 = cr2_of(&layout);
    struct arm_clusters clusters = clusters_of(&layout);
    struct cautious got;
    assert_ok(assay_cautious(&clusters, OUTCOME_ANY, 0, 0.95, &cr2, &got, &error));
    assert_close(got.estimate.interval.low, cr2.interval.low, 1e-12);
    assert_close(got.estimate.interval.high, cr2.interval.high, 1e-12);
    assert_close(got.estimate.p, cr2.p, 1e-10);
    assert_close(got.worth[0], 6.0, 1e-12);
    assert_close(got.worth[1], 6.0, 1e-12);
}

/* One cluster of 380 beside nine of 20 is worth (560)^2 / (380^2 + 9 20^2) clusters. */
static void one_large_cluster_does_not_hide_the_variance_between_clusters(void **state)
{
    (void)state;
    int arm[20];
    double items[20];
    double mean[20];
    for (int g = 0; g < 20; g++) {
        arm[g] = g < 10;
        items[g] = g == 0 ? 380 : 20;
        mean[g] = 0.4 + 0.02 * ((g * 7) % 10);
    }
    struct layout layout = layout_of(20, arm, items, mean);
    struct estimate cr2 = cr2_of(&layout);
    struct arm_clusters clusters = clusters_of(&layout);
    struct cautious got;
    assert_ok(assay_cautious(&clusters, OUTCOME_ANY, 0, 0.95, &cr2, &got, &error));
    double worth = 560.0 * 560 / (380.0 * 380 + 9 * 400);
    assert_close(got.worth[1], worth, 1e-12);
    assert_close(got.worth[0], 10.0, 1e-12);
    /* What CR2 expects of arm 1 where clusters' means are independent with variance 1: V_1 at one
       unit vector of means after the other, summed. */
    double expected = 0;
    double own[2] = {0, 0};
    const double total[2] = {200, 560};
    for (int unit = 0; unit < 10; unit++)
        for (int g = 0; g < 10; g++) {
            double w = items[g] / 560;
            double residual = (g == unit) - items[unit] / 560;
            expected += w * w * residual * residual / (1 - w);
        }
    for (int g = 0; g < 20; g++) {
        double w = items[g] / total[arm[g]];
        own[arm[g]] += w * w * layout.residual[g] * layout.residual[g] / (1 - w);
    }
    assert_close(own[0] + own[1], cr2.standard_error * cr2.standard_error, 1e-10);
    double variance = own[0] + own[1] / (worth * expected);
    assert_true(worth * expected < 0.5);
    assert_close(got.estimate.standard_error, sqrt(variance), 1e-10);
    assert_close(got.estimate.df, cr2.df, 1e-12);
}

/* Two treated clusters that happen to agree; seven others vary. */
static void a_small_arm_has_at_least_the_variance_of_both(void **state)
{
    (void)state;
    static const int arm[] = {1, 1, 0, 0, 0, 0, 0, 0, 0};
    static const double items[] = {50, 50, 50, 50, 50, 50, 50, 50, 50};
    static const double mean[] = {3, 3.1, 1, 9, 2, 8, 1, 7, 4};
    struct layout layout = layout_of(9, arm, items, mean);
    for (size_t g = 0; g < 9; g++)
        layout.moments[g][5] = 1;
    struct estimate cr2 = cr2_of(&layout);
    struct arm_clusters clusters = clusters_of(&layout);
    struct cautious got;
    assert_ok(assay_cautious(&clusters, OUTCOME_ANY, 0, 0.95, &cr2, &got, &error));
    double s = 0; /* the two-sample t test with equal variances, of cluster means */
    for (size_t g = 0; g < 9; g++)
        s += layout.residual[g] * layout.residual[g] / 7;
    double t = 0;
    assert_ok(assay_quantile(0.95, 7, &t, &error));
    double half = t * sqrt(s * (1.0 / 2 + 1.0 / 7));
    double cr2_half = 0;
    assert_ok(assay_quantile(0.95, got.estimate.df, &cr2_half, &error));
    cr2_half *= cr2.standard_error;
    assert_close(got.estimate.interval.high - got.estimate.value, fmax(half, cr2_half), 1e-10);
}

/* 0 of 240 against 12 of 1,200. */
static struct layout no_event_in_one_arm(void)
{
    static int arm[clusters_most];
    static double items[clusters_most];
    static double mean[clusters_most];
    for (int g = 0; g < 24; g++) {
        arm[g] = g < 4;
        items[g] = 60;
        mean[g] = g < 4 || g % 2 == 0 ? 0 : 1.2 / 60;
    }
    return layout_of(24, arm, items, mean);
}

static void an_arm_without_events_is_not_known_to_have_none(void **state)
{
    (void)state;
    struct layout layout = no_event_in_one_arm();
    struct estimate cr2 = cr2_of(&layout);
    struct arm_clusters clusters = clusters_of(&layout);
    struct cautious got;
    assert_true(cr2.interval.high < 0);
    assert_ok(assay_cautious(&clusters, OUTCOME_SHARE, 1, 0.95, &cr2, &got, &error));
    assert_true(got.estimate.interval.high > 0);
    assert_true(got.estimate.p > 0.05);
    assert_ok(assay_cautious(&clusters, OUTCOME_AT_LEAST_0, 0, 0.95, &cr2, &got, &error));
    assert_true(got.estimate.interval.high > 0);
}

static void p_is_one_less_the_level_at_which_the_interval_ends_at_0(void **state)
{
    (void)state;
    struct layout layout = no_event_in_one_arm();
    struct estimate cr2 = cr2_of(&layout);
    struct arm_clusters clusters = clusters_of(&layout);
    struct cautious got;
    struct cautious again;
    assert_ok(assay_cautious(&clusters, OUTCOME_SHARE, 1, 0.95, &cr2, &got, &error));
    assert_ok(
        assay_cautious(&clusters, OUTCOME_SHARE, 1, 1 - got.estimate.p, &cr2, &again, &error));
    assert_near(again.estimate.interval.high, 0, 1e-9);
}

static void what_is_no_two_arms_is_refused(void **state)
{
    (void)state;
    struct layout layout = no_event_in_one_arm();
    struct estimate cr2 = cr2_of(&layout);
    struct cautious got = {.worth = {7, 7}};
    struct arm_clusters clusters = clusters_of(&layout);
    clusters.count = 5; /* 4 and 1 */
    assert_int_equal(assay_cautious(&clusters, OUTCOME_ANY, 0, 0.95, &cr2, &got, &error),
                     ERROR_DOMAIN);
    clusters.count = 24;
    layout.mean[3] = -90;
    assert_int_equal(assay_cautious(&clusters, OUTCOME_AT_LEAST_0, 0, 0.95, &cr2, &got, &error),
                     ERROR_DOMAIN);
    layout.items[3] = 0;
    assert_int_equal(assay_cautious(&clusters, OUTCOME_ANY, 0, 0.95, &cr2, &got, &error),
                     ERROR_DOMAIN);
    assert_true(got.worth[0] == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_of_single_items_have_the_limits_of_newcombe),
        cmocka_unit_test(shares_without_any_event_have_the_limits_of_newcombe),
        cmocka_unit_test(nothing_is_rarely_seen_of_a_share_beyond_the_limit),
        cmocka_unit_test(limits_of_counts_solve_their_equation),
        cmocka_unit_test(arms_of_one_size_keep_the_interval_of_cr2),
        cmocka_unit_test(one_large_cluster_does_not_hide_the_variance_between_clusters),
        cmocka_unit_test(a_small_arm_has_at_least_the_variance_of_both),
        cmocka_unit_test(an_arm_without_events_is_not_known_to_have_none),
        cmocka_unit_test(p_is_one_less_the_level_at_which_the_interval_ends_at_0),
        cmocka_unit_test(what_is_no_two_arms_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
