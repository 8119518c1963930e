/* How often nominal 95 % intervals of a ratio of restricted means hold the truth where few clusters
   have an arm, measured on log-normal times without any effect.

   Without arguments: a quick look with bounds. With a number of runs, as in

       build/tests/unit/test_restricted_mean_coverage 2000

   it prints the table of docs/methods/comparison.md. */

#include "assay/restricted_mean.h"
#include "base/random.h"
#include "evidence/estimate/carried.h"

#include "check.h"

enum { clusters_most = 50, items_most = clusters_most * 400 };

static struct error error;

struct design {
    size_t clusters, treated;
    double alike;      /* share of the variance of log times that is between clusters */
    double size_ratio; /* treated clusters are so much larger */
    bool sizes_differ; /* log-normal, with a spread of 0.8 */
};

/* The log ratio and its interval: as libassay has it, and as it is shown, widened where each
   cluster is in one arm (src/evidence/estimate/estimate_duration.c). */
struct intervals {
    struct estimate plain, shown;
};

static const double *sorted_times; /* what qsort compares by */

static int by_time(const void *a, const void *b)
{
    double one = sorted_times[*(const size_t *)a];
    double other = sorted_times[*(const size_t *)b];
    return (one > other) - (one < other);
}

/* Items of an arm and their influence on its mean, by cluster; returns the mean. */
static double arm_sums(const struct timed_items *given, int64_t arm, double horizon, double *items,
                       double *influence)
{
    static size_t order[items_most];
    static double time[items_most], events[items_most], censored[items_most];
    static double on_event[items_most], on_censored[items_most];
    struct restricted_mean mean;
    size_t count = 0;
    size_t rows = 0;
    for (size_t i = 0; i < given->count; i++)
        if (given->arm[i] == arm)
            order[count++] = i;
    sorted_times = given->time;
    qsort(order, count, sizeof *order, by_time);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || given->time[order[i]] > time[rows - 1]) {
            time[rows] = given->time[order[i]];
            events[rows] = censored[rows] = 0;
            rows++;
        }
        (given->event[order[i]] ? events : censored)[rows - 1]++;
    }
    const struct risk_table table = {rows, time, events, censored};
    assert_ok(assay_restricted_mean(&table, horizon, on_event, on_censored, &mean, &error));
    for (size_t i = 0, row = 0; i < count; i++) {
        while (time[row] < given->time[order[i]])
            row++;
        int64_t g = given->cluster[order[i]];
        items[g]++;
        influence[g] += (given->event[order[i]] ? on_event : on_censored)[row];
    }
    return mean.mean;
}

static struct intervals compare(const struct timed_items *given, double horizon)
{
    double items[2][clusters_most] = {{0}};
    double influence[2][clusters_most] = {{0}};
    double mean[2];
    double scale = 1;
    struct intervals out;
    for (int arm = 0; arm < 2; arm++)
        mean[arm] = arm_sums(given, arm, horizon, items[arm], influence[arm]);
    const struct arm_influence one = {mean[1], items[1], influence[1]};
    const struct arm_influence other = {mean[0], items[0], influence[0]};
    assert_ok(assay_restricted_mean_compare(given->cluster_count, &one, &other, 0.95, NULL,
                                            &out.plain, &error));
    for (int arm = 0; arm < 2; arm++)
        for (size_t g = 0; g < given->cluster_count; g++)
            influence[arm][g] /= mean[arm];
    const struct arm_parts parts = {
        given->cluster_count, {items[0], items[1]}, {influence[0], influence[1]}};
    struct arena *arena = arena_create();
    out.shown = out.plain;
    assert_ok(carried_widen_parts(&parts, 0.95, arena, &out.shown, &scale, &error));
    arena_destroy(arena);
    return out;
}

/* Times of log mean 0 and variance 1, followed for 2 to 22; the horizon of 4.5 is beyond 93 % of
   them. */
static struct intervals draw_and_compare(const struct design *design, struct random *source)
{
    static double time[items_most];
    static bool event[items_most];
    static int64_t arm[items_most], cluster[items_most];
    size_t count = 0;
    double last[2] = {0, 0};
    bool last_open[2] = {false, false};
    for (size_t g = 0; g < design->clusters; g++) {
        size_t in = g < design->treated;
        double slowness = sqrt(design->alike) * random_normal(source);
        double size = design->sizes_differ ? random_log_normal(source, 2.7, 0.8) : 20;
        size = fmin(fmax(1, round(in ? size * design->size_ratio : size)), 400);
        for (size_t i = 0; i < (size_t)size; i++, count++) {
            double duration = exp(slowness + sqrt(1 - design->alike) * random_normal(source));
            double seen = 2 + 20 * random_uniform(source);
            time[count] = fmin(duration, seen);
            event[count] = duration <= seen;
            arm[count] = (int64_t)in;
            cluster[count] = (int64_t)g;
            if (time[count] > last[in]) {
                last[in] = time[count];
                last_open[in] = !event[count];
            }
        }
    }
    double horizon = 4.5;
    for (size_t in = 0; in < 2; in++)
        if (last_open[in])
            horizon = fmin(horizon, last[in]);
    struct timed_items items = {count, time, event, arm, cluster, NULL, design->clusters};
    return compare(&items, horizon);
}

static bool holds(const struct estimate *estimate)
{
    return estimate->interval.low <= 0 && estimate->interval.high >= 0;
}

/* Of intervals as they are shown, and as libassay has them. */
struct covered {
    double shown, plain;
};

static struct covered coverage(const struct design *design, size_t runs)
{
    struct covered covered = {0, 0};
    for (size_t run = 0; run < runs; run++) {
        struct random source = random_seed(20270308 + run);
        struct intervals ratio = draw_and_compare(design, &source);
        covered.shown += holds(&ratio.shown) ? 1 / (double)runs : 0;
        covered.plain += holds(&ratio.plain) ? 1 / (double)runs : 0;
    }
    return covered;
}

/* Items of each worker in four cells of unlike length, with arm 1 the rarer the longer; arm 0 is
   weighted to the cells' mix of arm 1, as like with like is, and cells of one arm drop out.
   own   the cells are each worker's own */
static struct estimate draw_weighted(size_t clusters, bool own, double alike, struct random *source)
{
    enum { cells = 4, each = 40 };
    static double time[items_most], weight[items_most];
    static bool event[items_most];
    static int64_t arm[items_most], cluster[items_most];
    static size_t cell[items_most];
    double number[clusters_most * cells][2] = {{0}};
    size_t count = 0;
    for (size_t g = 0; g < clusters; g++) {
        double slowness = sqrt(alike) * random_normal(source);
        for (size_t i = 0; i < each; i++, count++) {
            size_t c = (size_t)random_below(source, cells);
            double length = 0.5 * (double)c - 0.75;
            double duration = exp(length + slowness + sqrt(1 - alike) * random_normal(source));
            double seen = 6 + 20 * random_uniform(source);
            cell[count] = own ? g * cells + c : c;
            time[count] = fmin(duration, seen);
            event[count] = duration <= seen;
            arm[count] = random_uniform(source) < 0.8 - 0.2 * (double)c;
            cluster[count] = (int64_t)g;
            number[cell[count]][arm[count]]++;
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const double *in = number[cell[i]];
        if (in[0] == 0 || in[1] == 0)
            continue;
        time[kept] = time[i];
        event[kept] = event[i];
        arm[kept] = arm[i];
        cluster[kept] = cluster[i];
        weight[kept++] = arm[i] == 1 ? 1 : in[1] / in[0];
    }
    struct timed_items items = {kept, time, event, arm, cluster, weight, clusters};
    struct restricted_mean_comparison out;
    assert_ok(assay_restricted_mean_items(&items, 4.5, 0.95, &out, &error));
    return out.log_ratio;
}

static double weighted_coverage(size_t clusters, bool own, double alike, size_t runs)
{
    size_t covered = 0;
    for (size_t run = 0; run < runs; run++) {
        struct random source = random_seed(20270308 + run);
        struct estimate ratio = draw_weighted(clusters, own, alike, &source);
        covered += ratio.interval.low <= 0 && ratio.interval.high >= 0;
    }
    return (double)covered / (double)runs;
}

static void times_weighted_to_a_mix_are_covered_in_93_percent_or_more(void **state)
{
    (void)state;
    for (int own = 0; own < 2; own++) {
        double covered = weighted_coverage(24, own, 0.1, 1000);
        print_message("weighted to a mix, own cells %d: %.1f %%\n", own, 100 * covered);
        assert_true(covered >= 0.93);
    }
}

/* The seed is fixed; another one moves a share of 1,000 runs by .007 (one standard error). */
static void few_treated_clusters_are_covered_in_93_percent_or_more(void **state)
{
    (void)state;
    static const struct design designs[] = {
        {24, 2, 0.1, 1, false}, {24, 3, 0.1, 1, false}, {24, 3, 0.5, 1, true},
        {24, 5, 0.1, 1, true},  {50, 4, 0.5, 1, false}, {24, 5, 0, 1, false},
        {10, 5, 0.5, 1, true},  {20, 10, 0.5, 1, true},
    };
    for (size_t i = 0; i < sizeof designs / sizeof *designs; i++) {
        double covered = coverage(&designs[i], 1000).shown;
        print_message("%zu of %zu, icc %.1f: %.1f %%\n", designs[i].treated, designs[i].clusters,
                      designs[i].alike, 100 * covered);
        assert_true(covered >= 0.93);
    }
}

/* With half of the clusters treated the interval is no wider than it must be. */
static void balanced_arms_are_covered_in_95_percent(void **state)
{
    (void)state;
    double covered = coverage(&(struct design){24, 12, 0.1, 1, false}, 1000).shown;
    print_message("12 of 24: %.1f %%\n", 100 * covered);
    assert_true(covered >= 0.93 && covered <= 0.97);
}

static void print_weighted(size_t runs)
{
    static const size_t clusters[] = {6, 12, 24, 50};
    for (int own = 0; own < 2; own++)
        for (size_t c = 0; c < sizeof clusters / sizeof *clusters; c++)
            (void)printf(
                "weighted to a mix, own cells %d, %2zu: icc 0, .1, .5:  %.3f  %.3f  %.3f\n", own,
                clusters[c], weighted_coverage(clusters[c], own, 0, runs),
                weighted_coverage(clusters[c], own, 0.1, runs),
                weighted_coverage(clusters[c], own, 0.5, runs));
    (void)fflush(stdout);
}

static void print_halves(size_t runs)
{
    static const size_t clusters[] = {6, 10, 20, 50};
    for (size_t c = 0; c < sizeof clusters / sizeof *clusters; c++) {
        (void)printf("half of %2zu, sizes differ: icc 0, .1, .5:", clusters[c]);
        for (size_t a = 0; a < 3; a++) {
            const double alike[] = {0, 0.1, 0.5};
            const struct design design = {clusters[c], clusters[c] / 2, alike[a], 1, true};
            struct covered covered = coverage(&design, runs);
            (void)printf("  %.1f (%.1f)", 100 * covered.shown, 100 * covered.plain);
        }
        (void)printf("\n");
        (void)fflush(stdout);
    }
}

static void print_table(size_t runs)
{
    static const size_t clusters[] = {24, 50}, treated[] = {2, 3, 4, 5, 8, 12};
    static const double alike[] = {0, 0.1, 0.5}, ratios[] = {1, 4, 0.25};
    (void)printf("treated clusters' size, sizes differ, clusters, treated: icc 0, .1, .5\n");
    for (size_t kind = 0; kind < 4; kind++)
        for (size_t c = 0; c < 2; c++)
            for (size_t t = 0; t < 6; t++) {
                struct design design = {.clusters = clusters[c],
                                        .treated = treated[t],
                                        .size_ratio = ratios[kind > 0 ? kind - 1 : 0],
                                        .sizes_differ = kind > 0};
                (void)printf("x %4.2f  %-3s  %2zu  %2zu:", design.size_ratio,
                             kind > 0 ? "yes" : "no", design.clusters, design.treated);
                for (size_t a = 0; a < 3; a++) {
                    design.alike = alike[a];
                    struct covered covered = coverage(&design, runs);
                    (void)printf("  %.1f (%.1f)", 100 * covered.shown, 100 * covered.plain);
                }
                (void)printf("\n");
                (void)fflush(stdout);
            }
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_treated_clusters_are_covered_in_93_percent_or_more),
        cmocka_unit_test(times_weighted_to_a_mix_are_covered_in_93_percent_or_more),
        cmocka_unit_test(balanced_arms_are_covered_in_95_percent),
    };
    if (count > 1) {
        print_halves(strtoul(arguments[1], NULL, 10));
        print_weighted(strtoul(arguments[1], NULL, 10));
        print_table(strtoul(arguments[1], NULL, 10));
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
