/* How often nominal 95 % intervals of the difference of two arms hold the truth, whole workers
   being in one arm: those of CR2 alone, and as they are given (assay/cautious.h).

   Without arguments: a quick look with bounds. With a number of runs, as in

       build/tests/unit/test_cautious_coverage 4000

   it prints the tables of docs/methods/comparison.md. */

#include "assay/cautious.h"

#include "assay/moments.h"
#include "assay/regression.h"
#include "base/random.h"
#include "check.h"

#include <stdbool.h>

enum { clusters_most = 200, moments_length = 6 };

static struct error error;

enum kind { NORMAL, LOG_NORMAL, EVENTS };

struct layout {
    size_t treated, others;
    double items;  /* of a worker, in the mean */
    double spread; /* of the logarithm of a worker's items */
    double larger; /* items of the first treated worker; 0: as the others' */
    enum kind kind;
    double sigma;  /* log-normal: of the logarithm */
    double shared; /* share of the variance (of the logarithm) between workers */
    double p[2];   /* events: in arm 0 and arm 1 */
};

/* ---- Data ------------------------------------------------------------------------------- */

/* Marsaglia & Tsang (2000), ACM TOMS 26:363-372; below a shape of 1 by their power of a uniform. */
static double draw_gamma(struct random *source, double shape)
{
    double boost = 1;
    if (shape < 1) {
        boost = pow(1 - random_uniform(source), 1 / shape);
        shape++;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / sqrt(9 * d);
    for (;;) {
        double x = random_normal(source);
        double v = 1 + c * x;
        v = v * v * v;
        if (v > 0 && log(1 - random_uniform(source)) < x * x / 2 + d - d * v + d * log(v))
            return boost * d * v;
    }
}

/* A worker's share of events: beta, of mean p, with the correlation of two items. */
static double draw_share(struct random *source, double p, double correlation)
{
    if (!(correlation > 0))
        return p;
    double a = draw_gamma(source, p * (1 - correlation) / correlation);
    double b = draw_gamma(source, (1 - p) * (1 - correlation) / correlation);
    return a + b > 0 ? a / (a + b) : 0;
}

static void draw_worker(const struct layout *layout, size_t g, struct random *source,
                        double *moments)
{
    int arm = g < layout->treated;
    double size = random_log_normal(
        source, log(layout->items) - layout->spread * layout->spread / 2, layout->spread);
    if (g == 0 && layout->larger > 0)
        size = layout->larger;
    double items = fmax(1, round(size));
    double level = sqrt(layout->shared) * random_normal(source);
    double share = layout->kind == EVENTS ? draw_share(source, layout->p[arm], layout->shared) : 0;
    double sum = 0;
    double squares = 0;
    for (long i = 0; i < (long)items; i++) {
        double y = 0;
        if (layout->kind == EVENTS)
            y = random_uniform(source) < share;
        else
            y = level + sqrt(1 - layout->shared) * random_normal(source);
        if (layout->kind == LOG_NORMAL)
            y = exp(layout->sigma * y);
        sum += y;
        squares += y * y;
    }
    memset(moments, 0, moments_length * sizeof *moments);
    moments[0] = items;
    moments[1] = arm;
    moments[2] = sum / items;
    moments[5] = fmax(0, squares - sum * sum / items);
}

/* ---- Intervals -------------------------------------------------------------------------- */

struct drawn {
    struct estimate cr2;
    struct estimate given;
    size_t with_events;
};

static struct cautious widened(const struct layout *layout, size_t count, const double *const *list,
                               const struct estimate *cr2)
{
    static int arm[clusters_most];
    static double items[clusters_most], mean[clusters_most], residual[clusters_most];
    struct cautious out;
    double total[2] = {0, 0};
    double sum[2] = {0, 0};
    enum outcome_range range = layout->kind == EVENTS       ? OUTCOME_SHARE
                               : layout->kind == LOG_NORMAL ? OUTCOME_AT_LEAST_0
                                                            : OUTCOME_ANY;
    for (size_t g = 0; g < count; g++) {
        arm[g] = g < layout->treated;
        items[g] = list[g][0];
        mean[g] = list[g][2];
        total[arm[g]] += items[g];
        sum[arm[g]] += items[g] * mean[g];
    }
    for (size_t g = 0; g < count; g++)
        residual[g] = mean[g] - sum[arm[g]] / total[arm[g]];
    const struct arm_clusters clusters = {count, arm, items, mean, residual};
    assert_ok(assay_cautious(&clusters, range, range == OUTCOME_SHARE, 0.95, cr2, &out, &error));
    return out;
}

/* False where there is no estimate: no event at all. */
static bool draw(const struct layout *layout, struct random *source, struct drawn *out)
{
    static double moments[clusters_most][moments_length];
    static const double *list[clusters_most];
    static const double contrast[] = {0, 1};
    struct regression *fit = NULL;
    size_t count = layout->treated + layout->others;
    out->with_events = 0;
    for (size_t g = 0; g < count; g++) {
        draw_worker(layout, g, source, moments[g]);
        list[g] = moments[g];
        out->with_events += moments[g][2] > 0;
    }
    if (assay_regression_open(2, count, list, NULL, &fit, &error) != STATUS_OK)
        return false;
    enum status status =
        assay_regression_contrast(fit, VARIANCE_CR2, contrast, 0, 0.95, &out->cr2, &error);
    assay_regression_close(fit);
    if (status != STATUS_OK)
        return false;
    out->given = widened(layout, count, list, &out->cr2).estimate;
    return true;
}

static double truth_of(const struct layout *layout)
{
    return layout->kind == EVENTS ? layout->p[1] - layout->p[0] : 0;
}

static bool misses(const struct estimate *estimate, double truth)
{
    return estimate->interval.low > truth || estimate->interval.high < truth;
}

struct coverage {
    double cr2;
    double given;
    double width;   /* given, to CR2's, in the mean */
    double blocked; /* share of runs without a verdict: under 10 workers, but not all, have an
                       event */
    double wrong;   /* share of runs with one whose interval misses the truth */
};

static struct coverage cover(const struct layout *layout, size_t runs)
{
    struct coverage out = {0, 0, 0, 0, 0};
    double seen = 0;
    double truth = truth_of(layout);
    for (size_t run = 0; run < runs; run++) {
        struct random source = random_seed(20270713 + run);
        struct drawn drawn;
        if (!draw(layout, &source, &drawn))
            continue;
        bool blocked = layout->kind == EVENTS && drawn.with_events < 10 &&
                       drawn.with_events < layout->treated + layout->others;
        seen++;
        out.cr2 += !misses(&drawn.cr2, truth);
        out.given += !misses(&drawn.given, truth);
        out.width += (drawn.given.interval.high - drawn.given.interval.low) /
                     (drawn.cr2.interval.high - drawn.cr2.interval.low);
        out.blocked += blocked;
        out.wrong += !blocked && misses(&drawn.given, truth);
    }
    out.cr2 /= seen;
    out.given /= seen;
    out.width /= seen;
    out.blocked /= seen;
    out.wrong /= seen;
    return out;
}

/* ---- A quick look ----------------------------------------------------------------------- */

/* What CR2 alone holds in 75 to 93 %. The seed is fixed; another one moves a share of 1,000 runs by
   .008 (one standard error). */
static void layouts_that_cr2_does_not_cover_are_covered(void **state)
{
    (void)state;
    static const struct layout layouts[] = {
        {10, 10, 20, 0.5, 400, NORMAL, 0, 0.3, {0, 0}},
        {10, 40, 20, 0.5, 400, NORMAL, 0, 0.3, {0, 0}},
        {20, 20, 20, 0.5, 400, NORMAL, 0, 0.3, {0, 0}},
        {5, 20, 20, 0.5, 400, NORMAL, 0, 0.5, {0, 0}},
        {10, 90, 20, 0.5, 0, LOG_NORMAL, 1.5, 0.3, {0, 0}},
        {5, 45, 20, 0.5, 0, LOG_NORMAL, 1.5, 0.3, {0, 0}},
        {8, 60, 20, 0.5, 0, EVENTS, 0, 0.02, {0.01, 0.01}},
        {8, 60, 20, 0.5, 0, EVENTS, 0, 0.05, {0.02, 0.02}},
        {10, 40, 20, 0.5, 0, EVENTS, 0, 0.05, {0.02, 0.02}},
        {8, 60, 25, 0.5, 0, EVENTS, 0, 0.1, {0.005, 0.03}},
    };
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        struct coverage got = cover(&layouts[i], 1000);
        print_message("%zu+%zu: CR2 %.1f %%, given %.1f %%\n", layouts[i].treated,
                      layouts[i].others, 100 * got.cr2, 100 * got.given);
        assert_true(got.given >= 0.93);
        assert_true(got.cr2 <= 0.945);
    }
}

static void ordinary_layouts_do_not_get_wide(void **state)
{
    (void)state;
    static const struct layout layouts[] = {
        {10, 10, 20, 0.5, 0, NORMAL, 0, 0.1, {0, 0}},
        {25, 25, 20, 0.5, 0, NORMAL, 0, 0.1, {0, 0}},
        {20, 20, 20, 0.5, 0, EVENTS, 0, 0.1, {0.2, 0.2}},
        {10, 40, 20, 0.5, 0, NORMAL, 0, 0.1, {0, 0}},
    };
    static const double wider[] = {1.03, 1.02, 1.03, 1.1};
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        struct coverage got = cover(&layouts[i], 1000);
        print_message("%zu+%zu: given %.1f %%, %.3f times as wide\n", layouts[i].treated,
                      layouts[i].others, 100 * got.given, got.width);
        assert_true(got.given >= 0.93 && got.given <= 0.985);
        assert_true(got.width >= 1 && got.width <= wider[i]);
    }
}

/* Where a few workers have nearly all rare events no interval from the data knows it. */
static void no_verdict_rests_on_events_of_few_workers(void **state)
{
    (void)state;
    static const struct layout layouts[] = {
        {10, 10, 100, 0.5, 0, EVENTS, 0, 0.2, {0.002, 0.02}},
        {20, 20, 50, 0.5, 0, EVENTS, 0, 0.1, {0.002, 0.02}},
    };
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        struct coverage got = cover(&layouts[i], 1000);
        print_message("%zu+%zu: given %.1f %%, no verdict %.1f %%, wrong with one %.1f %%\n",
                      layouts[i].treated, layouts[i].others, 100 * got.given, 100 * got.blocked,
                      100 * got.wrong);
        assert_true(got.given <= 0.94);
        assert_true(got.wrong <= 0.03);
    }
}

/* ---- The tables ------------------------------------------------------------------------- */

static void print_grid(enum kind kind, double sigma, size_t runs)
{
    static const size_t workers[] = {10, 20, 50, 200};
    static const double shares[] = {0.5, 0.2, 0.1};
    for (size_t w = 0; w < sizeof workers / sizeof *workers; w++)
        for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
            size_t treated = (size_t)lround(shares[s] * (double)workers[w]);
            if (treated < 2)
                continue;
            (void)printf("| %zu | %zu |", workers[w], treated);
            for (int differ = 0; differ < 2; differ++)
                for (int shared = 0; shared <= 5; shared = shared == 0 ? 1 : shared + 4) {
                    struct layout layout = {.treated = treated,
                                            .others = workers[w] - treated,
                                            .items = 20,
                                            .spread = differ ? 1 : 0,
                                            .kind = kind,
                                            .sigma = sigma,
                                            .shared = shared / 10.0};
                    struct coverage got = cover(&layout, runs);
                    (void)printf(" %.1f (%.1f)%s", 100 * got.given, 100 * got.cr2,
                                 shared == 5 ? " |" : "");
                }
            (void)printf("\n");
            (void)fflush(stdout);
        }
}

static void print_layout(const struct layout *layout, size_t runs)
{
    struct coverage got = cover(layout, runs);
    (void)printf("| %zu + %zu, %g items%s | ", layout->treated, layout->others, layout->items,
                 layout->larger > 0   ? ", one with 400"
                 : layout->spread > 1 ? ", sizes differ"
                                      : "");
    if (layout->kind == EVENTS)
        (void)printf("%g %% and %g %%", 100 * layout->p[1], 100 * layout->p[0]);
    else if (layout->kind == LOG_NORMAL)
        (void)printf("log-normal, %g", layout->sigma);
    else
        (void)printf("normal");
    (void)printf(" | %g | %.1f | %.1f | %.2f | %.0f | %.1f |\n", layout->shared, 100 * got.cr2,
                 100 * got.given, got.width, 100 * got.blocked, 100 * got.wrong);
    (void)fflush(stdout);
}

static void print_tables(size_t runs)
{
    static const struct layout layouts[] = {
        {10, 10, 20, 0.5, 400, NORMAL, 0, 0.3, {0, 0}},
        {10, 40, 20, 0.5, 400, NORMAL, 0, 0.3, {0, 0}},
        {20, 20, 20, 0.5, 400, NORMAL, 0, 0.3, {0, 0}},
        {5, 20, 20, 0.5, 400, NORMAL, 0, 0.5, {0, 0}},
        {10, 10, 20, 0.5, 0, NORMAL, 0, 0.3, {0, 0}},
        {8, 8, 20, 1.2, 0, NORMAL, 0, 0.5, {0, 0}},
        {20, 20, 20, 1.2, 0, NORMAL, 0, 0.5, {0, 0}},
        {5, 45, 20, 0.5, 0, LOG_NORMAL, 1.5, 0.3, {0, 0}},
        {10, 90, 20, 0.5, 0, LOG_NORMAL, 1.5, 0.3, {0, 0}},
        {8, 60, 20, 0.5, 0, EVENTS, 0, 0.02, {0.01, 0.01}},
        {8, 60, 20, 0.5, 0, EVENTS, 0, 0.05, {0.02, 0.02}},
        {8, 60, 25, 0.5, 0, EVENTS, 0, 0.1, {0.005, 0.03}},
        {10, 40, 20, 0.5, 0, EVENTS, 0, 0.05, {0.02, 0.02}},
        {20, 20, 50, 0.5, 0, EVENTS, 0, 0.1, {0.002, 0.02}},
        {10, 10, 100, 0.5, 0, EVENTS, 0, 0.2, {0.002, 0.02}},
        {10, 10, 20, 0.5, 0, EVENTS, 0, 0.05, {0.05, 0.05}},
        {20, 20, 20, 0.5, 0, EVENTS, 0, 0.1, {0.2, 0.2}},
    };
    (void)printf("given (CR2), normal; 20 items each, then sizes differ; ICC 0, .1, .5\n");
    print_grid(NORMAL, 0, runs);
    (void)printf("the same, log-normal 1.5\n");
    print_grid(LOG_NORMAL, 1.5, runs);
    (void)printf("layout, outcome, ICC, CR2, given, width, no verdict, wrong verdict\n");
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        print_layout(&layouts[i], runs);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_that_cr2_does_not_cover_are_covered),
        cmocka_unit_test(ordinary_layouts_do_not_get_wide),
        cmocka_unit_test(no_verdict_rests_on_events_of_few_workers),
    };
    if (count > 1) {
        print_tables(strtoul(arguments[1], NULL, 10));
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
