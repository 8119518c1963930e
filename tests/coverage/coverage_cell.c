/* How often a nominal 95 % interval holds the truth, from items in a workspace to the interval that
   assay shows: one cell of docs/methods/coverage.md, printed as one line of JSON. Run by run.py.

     coverage_cell ESTIMATOR UNIT CLUSTERS ICC SKEW SHARE RUNS SEED */

#include "population.h"

#include "evidence/compare/change.h"
#include "evidence/compare/comparison.h"
#include "evidence/facts/metrics.h"
#include "evidence/facts/moments_aggregate.h"

static const double horizon_days = 14;

struct estimator {
    const char *name;
    const char *metric; /* a file of metrics */
    enum { EFFECT_TIMES, EFFECT_LOG, EFFECT_EVENTS, EFFECT_DURATION } effect;
    bool as_found;
    bool change;
};

static const struct estimator estimators[] = {
    {"mean", "metric: m\nkind: mean\nvalue: effort\nbetter: lower\nmaterial: 10%\n", EFFECT_TIMES,
     false, false},
    {"log_mean", "metric: m\nkind: mean\nscale: log\nvalue: effort\nbetter: lower\nmaterial: 10%\n",
     EFFECT_TIMES, false, false},
    {"proportion", "metric: m\nkind: proportion\nvalue: event = 1\nbetter: lower\nmaterial: 1pp\n",
     EFFECT_EVENTS, false, false},
    {"ratio",
     "metric: m\nkind: ratio\nnumerator: effort\ndenominator: finished\nbetter: lower\n"
     "material: 10%\n",
     EFFECT_TIMES, false, false},
    {"quantile",
     "metric: m\nkind: quantile\nquantile: 0.5\nvalue: effort\nbetter: lower\nmaterial: 10%\n",
     EFFECT_TIMES, false, false},
    {"duration",
     "metric: m\nkind: duration\nfrom: started_at\nto: closed_at\nhorizon: 14d\nbetter: lower\n"
     "material: 10%\n",
     EFFECT_DURATION, false, false},
    {"like_with_like", "metric: m\nkind: mean\nvalue: effort\nbetter: lower\nmaterial: 10%\n",
     EFFECT_TIMES, true, false},
    {"change", "metric: m\nkind: mean\nvalue: effort\nbetter: lower\nmaterial: 10%\n", EFFECT_TIMES,
     false, true},
};

struct tally {
    int answered;
    int held;
    int noted; /* answered with a word that the interval may be too narrow, or a failed check */
    int held_noted; /* and the truth is in it */
};

static double truth_of(const struct estimator *estimator, const struct population *population)
{
    switch (estimator->effect) {
    case EFFECT_EVENTS:
        return population->skewed ? 0.02 : 0.10;
    case EFFECT_DURATION:
        return population_duration_effect(population, horizon_days);
    default:
        return exp(population_effect()) - 1;
    }
}

static bool doubted(const struct row *row)
{
    static const char *const doubts[] = {"few_clusters", "few_units", "few_events", "skewed"};
    for (size_t i = 0; i < row->check_count; i++)
        for (size_t d = 0; d < sizeof doubts / sizeof *doubts; d++)
            if (strcmp(row->checks[i].check, doubts[d]) == 0 &&
                strcmp(row->checks[i].state, "passed") != 0)
                return true;
    return false;
}

static void count(struct tally *tally, bool exists, const struct effect_estimate *estimate,
                  double truth, bool noted)
{
    if (!exists || isnan(estimate->interval.low) || isnan(estimate->interval.high))
        return;
    bool holds = estimate->interval.low <= truth && truth <= estimate->interval.high;
    tally->answered++;
    tally->held += holds;
    tally->noted += noted;
    tally->held_noted += noted && holds;
}

static void ask_change(struct fixture *f, const struct metric *metric, const char *use_case,
                       double truth, struct arena *arena, struct tally *tally)
{
    static const int64_t day = (int64_t)86400 * 1000000;
    static const int64_t middle = (int64_t)1772409600 * 1000000; /* 2026-03-02 */
    const struct span before = {.from = middle - 60 * day, .until = middle};
    const struct span now = {.from = middle, .until = middle + 60 * day};
    struct change change;
    assert_ok(
        change_estimate(f->workspace, use_case, metric, &now, &before, arena, &change, &error));
    count(tally, change.exists, &change.estimate, truth, false);
}

static void ask_comparison(struct fixture *f, const struct metric *metric, const char *use_case,
                           double truth, struct arena *arena, struct tally *tally)
{
    struct row *row = arena_alloc(arena, sizeof *row);
    const struct comparison_request request = {
        .use_case = use_case,
        .metric = metric,
        .span = {.all = true},
        .previous = {.all = true},
        .landmark_minutes = NAN,
        .variance = VARIANCE_CR2,
        .errors = "cr2",
        .level = 0.95,
        .min_group = 1,
    };
    *row = (struct row){0};
    assert_ok(comparison_estimate(f->workspace, &request, arena, row, &error));
    count(tally, row->comparison.exists, &row->comparison.estimate, truth, doubted(row));
}

static void write_metric(struct fixture *f, const char *text)
{
    char path[160];
    (void)snprintf(path, sizeof path, "mkdir -p %s/metrics", f->path);
    assert_int_equal(system(path), 0);
    (void)snprintf(path, sizeof path, "%s/metrics/m.yaml", f->path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
}

/* Cells run beside each other: a thread for each is enough. */
static struct fixture open_on_one_thread(void)
{
    struct fixture f = fixture_open(true);
    char path[160];
    workspace_close(f.workspace);
    (void)snprintf(path, sizeof path, "%s/assay.yaml", f.path);
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    (void)fputs("threads: 1\n", file);
    (void)fclose(file);
    assert_ok(workspace_open(f.arena, f.path, true, false, "test", &f.workspace, &error));
    return f;
}

static struct tally ask_all(const struct estimator *estimator, const struct population *population,
                            int runs)
{
    struct fixture f = open_on_one_thread();
    struct tally tally = {0};
    struct metric metric;
    double truth = truth_of(estimator, population);
    assert_ok(moments_register(f.workspace->engine, &error));
    write_metric(&f, estimator->metric);
    population_draw(&f, population, runs);
    assert_ok(metrics_named(f.workspace, "m", f.arena, &metric, &error));
    for (int run = 0; run < runs; run++) {
        struct arena *arena = arena_create();
        const char *use_case = arena_printf(arena, "r%d", run);
        (estimator->change ? ask_change : ask_comparison)(&f, &metric, use_case, truth, arena,
                                                          &tally);
        arena_destroy(arena);
    }
    fixture_close(&f);
    return tally;
}

static const struct estimator *estimator_named(const char *name)
{
    for (size_t i = 0; i < sizeof estimators / sizeof *estimators; i++)
        if (strcmp(estimators[i].name, name) == 0)
            return &estimators[i];
    return NULL;
}

int main(int argc, char **argv)
{
    const struct estimator *estimator = argc == 9 ? estimator_named(argv[1]) : NULL;
    if (estimator == NULL) {
        (void)fprintf(stderr,
                      "usage: coverage_cell ESTIMATOR UNIT CLUSTERS ICC SKEW SHARE RUNS SEED\n");
        return 2;
    }
    const struct population population = {
        .by_worker = strcmp(argv[2], "worker") == 0,
        .clusters = atoi(argv[3]),
        .icc = atof(argv[4]),
        .skewed = strcmp(argv[5], "skewed") == 0,
        .share = atof(argv[6]),
        .as_found = estimator->as_found,
        .periods = estimator->change,
        .seed = strtoull(argv[8], NULL, 10),
    };
    int runs = atoi(argv[7]);
    struct tally tally = ask_all(estimator, &population, runs);
    printf("{\"runs\": %d, \"answered\": %d, \"held\": %d, \"noted\": %d, \"held_noted\": %d}\n",
           runs, tally.answered, tally.held, tally.noted, tally.held_noted);
    return 0;
}
