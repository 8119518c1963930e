#include "assay/ratio.h"

#include "assay/moments.h"
#include "base/random.h"
#include "table.h"

static struct error error;

enum { clusters_max = 100, moments_length = 6 };

/* The two arms, by cluster. */
struct arms {
    double moments[2][clusters_max][moments_length];
    bool has[2][clusters_max];
    size_t count;
    const double *list[2][clusters_max]; /* into moments: filled by clusters_of */
};

static struct ratio_clusters clusters_of(struct arms *arms)
{
    for (int arm = 0; arm < 2; arm++)
        for (size_t g = 0; g < arms->count; g++)
            arms->list[arm][g] = arms->has[arm][g] ? arms->moments[arm][g] : NULL;
    return (struct ratio_clusters){arms->count, {arms->list[0], arms->list[1]}};
}

/* Items of one cluster and arm, whose sums are given: moments need no more than that. */
static void put(struct arms *arms, int arm, size_t cluster, double items, double numerator,
                double denominator)
{
    double *moments = arms->moments[arm][cluster];
    memset(moments, 0, sizeof arms->moments[arm][cluster]);
    moments[0] = items;
    moments[1] = numerator / items;
    moments[2] = denominator / items;
    arms->has[arm][cluster] = true;
    if (cluster >= arms->count)
        arms->count = cluster + 1;
}

/* ---- Against R --------------------------------------------------------------------------- */

static void read_arm(struct arms *arms, int arm, const json_t *json)
{
    const json_t *clusters = json_object_get(json, "cluster");
    char path[32];
    for (size_t i = 0; i < json_array_size(clusters); i++) {
        double sums[3];
        static const char *const names[] = {"items", "num", "den"};
        for (size_t j = 0; j < 3; j++) {
            (void)snprintf(path, sizeof path, "%s/%zu", names[j], i);
            sums[j] = answer(json, path);
        }
        put(arms, arm, (size_t)json_integer_value(json_array_get(clusters, i)) - 1, sums[0],
            sums[1], sums[2]);
    }
}

static void ratios_agree_with_linearisation_in_r_and_with_a_cluster_bootstrap(void **state)
{
    (void)state;
    static const char *const cases[] = {"paired", "apart", "partly"};
    json_t *root = oracle_read("ratio.json");
    for (size_t i = 0; i < 3; i++) {
        const json_t *json = json_object_get(root, cases[i]);
        const json_t *wanted = json_object_get(json, "answers");
        struct arms arms = {.count = 0};
        struct ratio got;
        read_arm(&arms, 1, json_object_get(json, "one"));
        read_arm(&arms, 0, json_object_get(json, "zero"));
        struct ratio_clusters clusters = clusters_of(&arms);
        assert_ok(assay_ratio(&clusters, 0.95, &got, &error));
        assert_int_equal(got.clusters, answer(wanted, "clusters"));
        assert_close(got.arms[1].ratio, answer(wanted, "ratio_1"), 1e-13);
        assert_close(got.arms[0].ratio, answer(wanted, "ratio_0"), 1e-13);
        assert_close(got.arms[1].strength, answer(wanted, "strength_1"), 1e-12);
        assert_close(got.arms[0].strength, answer(wanted, "strength_0"), 1e-12);
        assert_close(got.estimate.value, answer(wanted, "log_ratio"), 1e-12);
        assert_close(got.estimate.standard_error, answer(wanted, "error"), 1e-12);
        assert_close(got.estimate.df, answer(wanted, "df"), 1e-11);
        assert_close(got.estimate.interval.low, answer(wanted, "low"), 1e-11);
        assert_close(got.estimate.interval.high, answer(wanted, "high"), 1e-11);
        assert_true(got.has_interval);
        /* It does without the small-sample factor, and knows of the curve. */
        assert_close(got.estimate.standard_error, answer(wanted, "bootstrap_error"), 0.04);
        if (i == 0)
            assert_close(got.estimate.standard_error, answer(wanted, "sandwich_adjusted"), 1e-10);
    }
    json_decref(root);
}

/* GrowthBook's statistics engine, gbstats (packages/stats/tests/frequentist/test_tests.py): the
   relative difference of two means by the delta method, to five decimals. Its error is that of the
   logarithm times the ratio. Values here have that mean and deviation; the denominator is 1. */
static void a_ratio_of_means_has_the_error_of_gbstats(void **state)
{
    (void)state;
    enum { first = 3407, second = 3461, both = first + second };
    static double moments[both][moments_length];
    static const double *list[2][both];
    static const struct {
        size_t count, from;
        double mean, deviation;
    } arms[2] = {{first, 0, 0.41, 3.9}, {second, first, 0.7, 6.2}};
    for (int arm = 0; arm < 2; arm++) {
        double n = (double)arms[arm].count;
        double unit = sqrt(n * (n + 1) / 12); /* of 1 .. n, with n - 1 */
        for (size_t i = 0; i < arms[arm].count; i++) {
            double *of = moments[arms[arm].from + i];
            of[0] = of[2] = 1;
            of[1] = arms[arm].mean + arms[arm].deviation * ((double)i + 1 - (n + 1) / 2) / unit;
            list[arm][arms[arm].from + i] = of;
        }
    }
    const struct ratio_clusters clusters = {both, {list[0], list[1]}};
    struct ratio got;
    assert_ok(assay_ratio(&clusters, 0.95, &got, &error));
    double ratio = exp(got.estimate.value);
    assert_near(ratio - 1, 0.70732, 5e-6);
    assert_near(ratio * got.estimate.standard_error, 0.37879, 5e-6);
}

/* ---- Draws -------------------------------------------------------------------------------- */

enum { rows_max = 4000, cells_max = 40 };

struct rows {
    int64_t cluster[rows_max], cell[rows_max], arm[rows_max];
    double items[rows_max], numerator[rows_max], denominator[rows_max];
    size_t count;
};

static struct ratio_rows rows_of(const struct rows *rows, size_t cells)
{
    return (struct ratio_rows){rows->count, rows->cluster,   rows->cell,        rows->arm,
                               rows->items, rows->numerator, rows->denominator, cells};
}

static void add_row(struct rows *rows, int64_t cluster, int64_t cell, int64_t arm, double items,
                    double numerator, double denominator)
{
    size_t i = rows->count++;
    assert_true(i < rows_max);
    rows->cluster[i] = cluster;
    rows->cell[i] = cell;
    rows->arm[i] = arm;
    rows->items[i] = items;
    rows->numerator[i] = numerator;
    rows->denominator[i] = denominator;
}

/* A worker has a level of cost in both arms; those shares of the arms' items are completed. */
static void draw_shares(struct random *random, size_t clusters, bool paired, double spread,
                        const double completed[2], struct rows *rows, struct arms *arms)
{
    rows->count = 0;
    *arms = (struct arms){.count = 0};
    for (size_t g = 0; g < clusters; g++) {
        double level = exp(0.3 * random_normal(random));
        for (int arm = 0; arm < 2; arm++) {
            size_t items = 5 + (size_t)(20 * random_uniform(random));
            double numerator = 0;
            double denominator = 0;
            if (!paired && (g % 2 == 1) != (arm == 1))
                continue;
            for (size_t i = 0; i < items; i++) {
                numerator += level * exp(spread * random_normal(random));
                denominator += random_uniform(random) < completed[arm];
            }
            put(arms, arm, g, (double)items, numerator, denominator);
            add_row(rows, (int64_t)g, 0, arm, (double)items, numerator / (double)items,
                    denominator / (double)items);
        }
    }
}

static void draw(struct random *random, size_t clusters, bool paired, double spread,
                 double completed, struct rows *rows, struct arms *arms)
{
    draw_shares(random, clusters, paired, spread, (const double[]){completed, completed}, rows,
                arms);
}

/* ---- Refusals ----------------------------------------------------------------------------- */

static void refused(struct arms *arms, const char *part)
{
    struct ratio untouched = {.clusters = 7};
    struct ratio_clusters clusters = clusters_of(arms);
    if (assay_ratio(&clusters, 0.95, &untouched, &error) != ERROR_DOMAIN)
        fail_msg("accepted, wanted: %s", part);
    if (strstr(error.message, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.message, part);
    assert_int_equal(untouched.clusters, 7);
}

static struct arms ten_clusters(void)
{
    struct arms arms = {.count = 0};
    for (size_t g = 0; g < 10; g++) {
        put(&arms, 0, g, 10, 20 + (double)(g % 4), 9 + (double)(g % 2));
        put(&arms, 1, g, 10, 18 + (double)(g % 3), 8 + (double)(g % 3));
    }
    return arms;
}

static void what_has_no_ratio_is_refused(void **state)
{
    (void)state;
    struct arms arms = ten_clusters();
    for (size_t g = 0; g < 10; g++)
        put(&arms, 0, g, 10, 0, 9);
    refused(&arms, "sums of 0 over 90 in arm 0");
    arms = ten_clusters();
    for (size_t g = 0; g < 10; g++)
        put(&arms, 1, g, 10, 5, 0);
    refused(&arms, "in arm 1");
    arms = ten_clusters();
    for (size_t g = 1; g < 10; g++)
        arms.has[1][g] = false;
    refused(&arms, "one cluster has all items of arm 1");
    arms.has[1][0] = false;
    refused(&arms, "arm 1 has no items");
    arms = ten_clusters();
    arms.moments[0][3][1] = NAN;
    refused(&arms, "not finite");
    arms = (struct arms){.count = 0};
    for (size_t g = 0; g < 4; g++)
        for (int arm = 0; arm < 2; arm++)
            put(&arms, arm, g, 10, 30, 10);
    refused(&arms, "standard error is 0");
}

/* t of the definition, (N - r D) / its error, by the clusters' totals. */
static double fieller_statistic(const struct arms *arms, int arm, double r)
{
    double count = 0;
    double sum = 0;
    double squares = 0;
    for (size_t g = 0; g < arms->count; g++) {
        const double *m = arms->moments[arm][g];
        count += arms->has[arm][g];
        sum += arms->has[arm][g] ? m[0] * (m[1] - r * m[2]) : 0;
    }
    for (size_t g = 0; g < arms->count; g++) {
        const double *m = arms->moments[arm][g];
        double z = m[0] * (m[1] - r * m[2]) - sum / count;
        squares += arms->has[arm][g] ? z * z : 0;
    }
    return sum / sqrt(squares * count / (count - 1));
}

/* The end of the set from R on, up or down, by steps and halving; 0 or INFINITY where none is. */
static double fieller_end(const struct arms *arms, int arm, double ratio, double t, bool up)
{
    double in = ratio;
    double out = ratio;
    while (fabs(fieller_statistic(arms, arm, out)) <= t) {
        in = out;
        out *= up ? 1.01 : 1 / 1.01;
        if (out > 1e9 || out < 1e-9)
            return up ? INFINITY : 0;
    }
    for (int step = 0; step < 100; step++) {
        double middle = (in + out) / 2;
        if (fabs(fieller_statistic(arms, arm, middle)) <= t)
            in = middle;
        else
            out = middle;
    }
    return in;
}

/* Weak denominators in turn, in clusters of one arm each; df infinite, so that t is one number. */
static void bounds_are_those_of_the_definition(void **state)
{
    (void)state;
    static const double shares[][2] = {{0.4, 0.4}, {0.4, 0.06}, {0.06, 0.4}, {0.08, 0.08}};
    static struct rows rows;
    struct random random = random_seed(3);
    double t = 0;
    int half = 0;
    assert_ok(assay_quantile(0.95, INFINITY, &t, &error));
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        for (int run = 0; run < 50; run++) {
            struct arms arms;
            struct estimate got;
            double sum[2][2] = {{0, 0}, {0, 0}};
            double ends[2][2] = {{0, 0}, {0, 0}};
            rows.count = 0;
            draw_shares(&random, 14, false, 0.5, shares[i], &rows, &arms);
            for (int arm = 0; arm < 2; arm++) {
                for (size_t g = 0; g < arms.count; g++)
                    for (size_t j = 0; j < 2 && arms.has[arm][g]; j++)
                        sum[arm][j] += arms.moments[arm][g][0] * arms.moments[arm][g][1 + j];
                double ratio = sum[arm][0] / sum[arm][1];
                for (int up = 0; up < 2 && sum[arm][1] > 0; up++)
                    ends[arm][up] = log(ratio / fieller_end(&arms, arm, ratio, t, up == 1));
            }
            struct ratio_clusters clusters = clusters_of(&arms);
            if (!(sum[0][1] > 0) || !(sum[1][1] > 0))
                continue;
            assert_ok(assay_ratio_bounds(&clusters, INFINITY, 0.95, &got, &error));
            double low = got.value - hypot(ends[1][0], ends[0][1]);
            double high = got.value + hypot(ends[1][1], ends[0][0]);
            half += isfinite(low) != isfinite(high);
            assert_true(isfinite(low) == isfinite(got.interval.low));
            assert_true(isfinite(high) == isfinite(got.interval.high));
            if (isfinite(low))
                assert_near(got.interval.low, low, 1e-8);
            if (isfinite(high))
                assert_near(got.interval.high, high, 1e-8);
            assert_true((got.p < 0.05) == (low > 0 || high < 0));
        }
    assert_true(half > 20);
}

/* Coverage of nominal 95 % intervals where a denominator is mostly weak: at least 94 %, of the runs
   in which it is and of all, whichever side is unbounded. */
static void intervals_of_weak_denominators_hold_the_truth_as_often_as_they_say(void **state)
{
    (void)state;
    static const struct {
        size_t clusters;
        bool paired;
        double spread;
        double completed[2];
    } designs[] = {
        {10, false, 0.5, {0.05, 0.05}}, {20, false, 1.2, {0.03, 0.03}},
        {20, false, 0.5, {0.3, 0.03}},  {20, false, 0.5, {0.03, 0.3}},
        {10, true, 0.5, {0.05, 0.05}},  {20, true, 1.2, {0.02, 0.02}},
        {50, true, 0.5, {0.01, 0.2}},   {50, true, 1.2, {0.01, 0.01}},
        {80, false, 0.5, {0.2, 0.01}},
    };
    enum { runs = 3000 };
    static struct rows rows;
    struct random random = random_seed(20261126);
    for (size_t d = 0; d < sizeof designs / sizeof *designs; d++) {
        double truth = log(designs[d].completed[0] / designs[d].completed[1]);
        double held = 0;
        double weak = 0;
        double held_of_all = 0;
        double all = 0;
        double sides[3] = {0, 0, 0}; /* runs by number of bounds */
        for (int run = 0; run < runs; run++) {
            struct arms arms;
            struct ratio ratio;
            rows.count = 0;
            draw_shares(&random, designs[d].clusters, designs[d].paired, designs[d].spread,
                        designs[d].completed, &rows, &arms);
            struct ratio_clusters clusters = clusters_of(&arms);
            if (assay_ratio(&clusters, 0.95, &ratio, &error) != STATUS_OK)
                continue; /* nothing is completed in an arm */
            const struct interval *interval = &ratio.estimate.interval;
            bool holds = interval->low <= truth && interval->high >= truth;
            all++;
            held_of_all += holds;
            if (fmin(ratio.arms[0].strength, ratio.arms[1].strength) >=
                assay_ratio_strength_straight)
                continue;
            weak++;
            held += holds;
            sides[isfinite(interval->low) + isfinite(interval->high)]++;
        }
        print_message("%zu clusters, %s, spread %.1f, %.2f and %.2f completed: %.3f of %.0f, %.3f "
                      "of all; bounds "
                      "on two sides %.2f, on one %.2f\n",
                      designs[d].clusters, designs[d].paired ? "in both arms" : "in one arm",
                      designs[d].spread, designs[d].completed[0], designs[d].completed[1],
                      held / weak, weak, held_of_all / all, sides[2] / weak, sides[1] / weak);
        if (!(weak > 500 && held / weak >= 0.94 && held_of_all / all >= 0.94))
            fail_msg("design %zu covers %.3f of %.0f", d, held / weak, weak);
    }
}

/* One of ten clusters completes nearly everything: the denominator is 1.1 errors from 0. */
static void a_weak_denominator_has_a_ratio_and_a_bound_on_one_side(void **state)
{
    (void)state;
    struct arms arms = ten_clusters();
    struct ratio ratio;
    for (size_t g = 0; g < 10; g++)
        put(&arms, 1, g, 10, 20, g == 0 ? 100 : 1);
    struct ratio_clusters clusters = clusters_of(&arms);
    assert_ok(assay_ratio(&clusters, 0.95, &ratio, &error));
    assert_true(ratio.weak && ratio.has_interval);
    assert_near(ratio.arms[1].strength, 10.9 / 9.9, 1e-12);
    assert_near(ratio.arms[1].ratio, 200.0 / 109, 1e-12);
    assert_near(ratio.estimate.value, log(ratio.arms[1].ratio / ratio.arms[0].ratio), 1e-12);
    assert_true(isfinite(ratio.estimate.interval.low) && isinf(ratio.estimate.interval.high));
    assert_true(ratio.estimate.interval.high > 0 && isnan(ratio.estimate.standard_error));
    for (size_t g = 0; g < 10; g++)
        put(&arms, 0, g, 10, 20, g == 0 ? 100 : 1);
    clusters = clusters_of(&arms);
    assert_ok(assay_ratio(&clusters, 0.95, &ratio, &error));
    assert_false(ratio.has_interval);
}

/* ---- Within cells ------------------------------------------------------------------------- */

static struct ratio within(const struct rows *rows, size_t cells, double unmatched[2])
{
    static double scratch[rows_max + 20 * cells_max];
    struct ratio ratio;
    struct ratio_rows list = rows_of(rows, cells);
    assert_true(assay_ratio_within_scratch(list.count, cells) <= sizeof scratch / sizeof *scratch);
    assert_ok(assay_ratio_within(&list, BLOCKED_ARM_0, 0.95, scratch, &ratio, unmatched, &error));
    return ratio;
}

/* Two kinds of work, of which the dear one has grown: with each kind as it was, nothing changed. */
static void a_ratio_within_cells_keeps_the_mix_of_one_arm(void **state)
{
    (void)state;
    struct rows rows = {.count = 0};
    double unmatched[2];
    for (int64_t g = 0; g < 12; g++) {
        double own = 1 + 0.01 * (double)(g % 5);
        add_row(&rows, g, 0, 0, 30, 1 * own, 1);
        add_row(&rows, g, 0, 1, 10, 1 * own, 1);
        add_row(&rows, g, 1, 0, 10, 9 * own, 0.5);
        add_row(&rows, g, 1, 1, 30, 9 * own * (g % 2 == 0 ? 1.01 : 1 / 1.01), 0.5);
        add_row(&rows, g, 2, 1, 5, 100, 1); /* new work: nothing to compare it with */
    }
    struct ratio ratio = within(&rows, 3, unmatched);
    double own = 0;
    for (int g = 0; g < 12; g++)
        own += (1 + 0.01 * (g % 5)) / 12;
    /* (3/4 1 + 1/4 9) / (3/4 1 + 1/4 .5) */
    assert_near(ratio.arms[0].ratio, own * 3 / 0.875, 1e-12);
    assert_near(ratio.estimate.value, 0, 1e-3);
    assert_near(unmatched[0], 0, 0);
    assert_near(unmatched[1], 5.0 / 45, 1e-12);
    assert_int_equal(ratio.clusters, 12);
}

/* In one cell the jackknife of the linearised ratio is the same estimate, and nearly its error. */
static void in_one_cell_both_ways_agree(void **state)
{
    (void)state;
    static struct rows rows;
    struct random random = random_seed(7);
    struct arms arms;
    struct ratio ratio;
    double unmatched[2];
    draw(&random, 60, true, 0.8, 0.9, &rows, &arms);
    struct ratio_clusters clusters = clusters_of(&arms);
    assert_ok(assay_ratio(&clusters, 0.95, &ratio, &error));
    struct ratio other = within(&rows, 1, unmatched);
    assert_near(other.estimate.value, ratio.estimate.value, 1e-12);
    assert_close(other.estimate.standard_error, ratio.estimate.standard_error, 0.03);
    assert_close(other.estimate.df, ratio.estimate.df, 0.05);
    assert_close(other.arms[1].strength, ratio.arms[1].strength, 1e-12);
}

/* Coverage of nominal 95 % intervals where both arms are alike; one design as it is drawn. The
   bounds are four standard errors of 4,000 runs or more about what was measured, and lower where
   costs are skewed and workers few: that is so, and docs/methods says it. In the last two designs
   most denominators are at 3 to 6 standard errors, and intervals are on the wide side. */
static void intervals_hold_the_truth_about_as_often_as_they_say(void **state)
{
    (void)state;
    static const struct {
        size_t clusters;
        bool paired;
        double spread;
        double completed;
        double least, most;
    } designs[] = {
        {10, true, 0.5, 0.9, 0.93, 0.975},  {20, true, 0.5, 0.9, 0.935, 0.97},
        {20, false, 0.5, 0.9, 0.93, 0.975}, {10, true, 1.2, 0.9, 0.9, 0.96},
        {20, false, 1.2, 0.9, 0.91, 0.96},  {50, true, 1.2, 0.9, 0.93, 0.965},
        {20, false, 0.5, 0.2, 0.95, 0.99},  {20, true, 0.5, 0.1, 0.95, 0.99},
    };
    enum { runs = 4000 };
    static struct rows rows;
    struct random random = random_seed(20261124);
    for (size_t d = 0; d < sizeof designs / sizeof *designs; d++) {
        double held[2] = {0, 0};
        double given = 0;
        for (int run = 0; run < runs; run++) {
            struct arms arms;
            struct ratio ratio;
            double unmatched[2];
            draw(&random, designs[d].clusters, designs[d].paired, designs[d].spread,
                 designs[d].completed, &rows, &arms);
            struct ratio_clusters clusters = clusters_of(&arms);
            if (assay_ratio(&clusters, 0.95, &ratio, &error) != STATUS_OK)
                continue; /* nothing is completed in an arm */
            struct ratio other = within(&rows, 1, unmatched);
            if (ratio.weak)
                continue; /* see above */
            given++;
            held[0] += ratio.estimate.interval.low <= 0 && ratio.estimate.interval.high >= 0;
            held[1] += other.estimate.interval.low <= 0 && other.estimate.interval.high >= 0;
        }
        print_message("%zu clusters, %s, spread %.1f, %.1f completed: %.3f and %.3f of %.0f\n",
                      designs[d].clusters, designs[d].paired ? "in both arms" : "in one arm",
                      designs[d].spread, designs[d].completed, held[0] / given, held[1] / given,
                      given);
        for (int way = 0; way < 2; way++)
            if (!(held[way] / given >= designs[d].least && held[way] / given <= designs[d].most))
                fail_msg("design %zu covers %.3f", d, held[way] / given);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratios_agree_with_linearisation_in_r_and_with_a_cluster_bootstrap),
        cmocka_unit_test(a_ratio_of_means_has_the_error_of_gbstats),
        cmocka_unit_test(what_has_no_ratio_is_refused),
        cmocka_unit_test(a_weak_denominator_has_a_ratio_and_a_bound_on_one_side),
        cmocka_unit_test(bounds_are_those_of_the_definition),
        cmocka_unit_test(intervals_of_weak_denominators_hold_the_truth_as_often_as_they_say),
        cmocka_unit_test(a_ratio_within_cells_keeps_the_mix_of_one_arm),
        cmocka_unit_test(in_one_cell_both_ways_agree),
        cmocka_unit_test(intervals_hold_the_truth_about_as_often_as_they_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
