/* How often a plan that is looked at at any time finds an effect that is not there: the level of
   assay_sequence_level at the share of the planned items, through the estimator that compare has
   (least squares of clusters, CR2 with Satterthwaite's degrees of freedom). */

#include "assay/moments.h"
#include "assay/regression.h"
#include "assay/sequence.h"
#include "base/random.h"
#include "check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct error error;

static void the_level_of_a_look_is_the_interval_of_the_sequence(void **state)
{
    static const double times[] = {0.051, 0.2, 1, 1.7, 40};
    static const double dfs[] = {9, 31.7, INFINITY};
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        for (size_t j = 0; j < sizeof dfs / sizeof *dfs; j++) {
            double level = 0;
            double quantile = 0;
            struct sequence sequence;
            const struct estimate look = {.value = 3, .standard_error = 0.7, .df = dfs[j]};
            assert_ok(assay_sequence_level(times[i], 0.95, &level, &error));
            assert_ok(assay_quantile(level, dfs[j], &quantile, &error));
            assert_ok(assay_sequence(&look, 0.7 * sqrt(times[i]), 10, 0.95, &sequence, &error));
            double half = sequence.interval.high - 3;
            assert_true(fabs(quantile * 0.7 - half) < 1e-7 * half);
        }
}

static void what_is_too_early_or_no_level_is_refused(void **state)
{
    double level = 7;
    (void)state;
    assert_int_equal(assay_sequence_level(0.049, 0.95, &level, &error), ERROR_DOMAIN);
    assert_int_equal(assay_sequence_level(NAN, 0.95, &level, &error), ERROR_DOMAIN);
    assert_int_equal(assay_sequence_level(INFINITY, 0.95, &level, &error), ERROR_DOMAIN);
    assert_int_equal(assay_sequence_level(1, 1, &level, &error), ERROR_DOMAIN);
    assert_true(level == 7);
}

/* ---- The rate ------------------------------------------------------------------------------ */

enum { most = 60, columns = 2 };

struct world {
    const char *name;
    size_t clusters; /* at the end */
    size_t joining;  /* of them, those that come one a look, in turn for either arm */
    bool by_item;    /* the arm is drawn item by item, else clusters are in one */
    double own;      /* sd of clusters' own means; items' is 1 */
    double calmer;   /* sd of items from the planned middle on */
    size_t looks;    /* each after one more item of each cluster */
    double planned;  /* of the items at the last look, those that were planned */
};

struct rates {
    double sequence;
    double fixed;
};

/* Does the interval of a level exclude 0? */
static bool excludes(const struct regression *fit, double level)
{
    static const double arm[] = {0, 1};
    struct estimate out;
    if (assay_regression_contrast(fit, VARIANCE_CR2, arm, 0, level, &out, &error) != STATUS_OK)
        return false;
    return out.interval.low > 0 || out.interval.high < 0;
}

static void add_item(struct random *source, const struct world *world, size_t cluster, double own,
                     double spread, double *moments)
{
    double arm = world->by_item ? random_uniform(source) < 0.5 : (double)(cluster % 2);
    double y = own + spread * random_normal(source);
    const double *const row[columns] = {&arm, &y};
    assay_moments_add(columns, 1, row, moments);
}

struct said {
    bool sequence;
    bool fixed;
};

static struct said one_run(struct random *source, const struct world *world, double planned_items)
{
    double moments[most][16];
    const double *list[most];
    double own[most];
    struct said said = {false, false};
    size_t first = world->clusters - world->joining;
    for (size_t g = 0; g < world->clusters; g++) {
        own[g] = world->own * random_normal(source);
        assay_moments_init(columns, moments[g]);
        list[g] = moments[g];
    }
    double items = 0;
    for (size_t look = 0; look < world->looks && !(said.sequence && said.fixed); look++) {
        size_t count = first + look < world->clusters ? first + look : world->clusters;
        double spread = items > planned_items / 2 ? world->calmer : 1;
        struct regression *fit = NULL;
        double level = 0;
        for (size_t g = 0; g < count; g++, items++)
            add_item(source, world, g, own[g], spread, moments[g]);
        if (count < assay_sequence_clusters_least ||
            assay_sequence_level(items / planned_items, 0.95, &level, &error) != STATUS_OK ||
            assay_regression_open(columns, count, list, NULL, &fit, &error) != STATUS_OK)
            continue;
        said.fixed = said.fixed || excludes(fit, 0.95);
        said.sequence = said.sequence || excludes(fit, level);
        assay_regression_close(fit);
    }
    return said;
}

static struct rates rates_of(const struct world *world, int runs, uint64_t seed)
{
    struct random source = random_seed(seed);
    double all = 0;
    int sequence = 0;
    int fixed = 0;
    for (size_t look = 0; look < world->looks; look++)
        all += fmin((double)(world->clusters - world->joining + look), (double)world->clusters);
    for (int run = 0; run < runs; run++) {
        struct said said = one_run(&source, world, all * world->planned);
        sequence += said.sequence;
        fixed += said.fixed;
    }
    return (struct rates){(double)sequence / runs, (double)fixed / runs};
}

static void many_looks_keep_the_level_through_the_estimator(void **state)
{
    static const struct world worlds[] = {
        {"drawn by item", 20, 0, true, 1, 1, 60, 1},
        {"drawn by worker, 12", 12, 0, false, 0.3, 1, 60, 1},
        {"drawn by worker, 40", 40, 0, false, 0.3, 1, 60, 1},
        {"workers join", 60, 48, false, 0.3, 1, 60, 1},
        {"a third came", 40, 0, false, 0.1, 1, 60, 3},
        {"four times as many came", 40, 0, false, 0.1, 1, 60, 0.25},
        {"calmer later", 40, 0, false, 0, 0.3, 60, 1},
    };
    enum { runs = 600 };
    (void)state;
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
        struct rates got = rates_of(&worlds[i], runs, 100 + i);
        (void)printf("%s: at every look %.1f %%, fixed interval %.1f %% (%d runs of %zu looks)\n",
                     worlds[i].name, 100 * got.sequence, 100 * got.fixed, runs, worlds[i].looks);
        assert_true(got.sequence <= .05 + 3 * sqrt(.05 * .95 / runs));
        assert_true(got.fixed > 3 * got.sequence && got.fixed > 0.1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_level_of_a_look_is_the_interval_of_the_sequence),
        cmocka_unit_test(what_is_too_early_or_no_level_is_refused),
        cmocka_unit_test(many_looks_keep_the_level_through_the_estimator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
