/* How often nominal 95 % intervals hold the truth, from items in a workspace to the intervals that
   assay shows: the cells of docs/methods/coverage.md that are of one population, printed as one
   object of JSON, by estimator. Run by run.py.

     coverage_cell ARMS CLUSTERS ICC SKEW SHARE RUNS SEED */

#include "estimators.h"

#include "evidence/facts/metrics.h"
#include "evidence/facts/moments_aggregate.h"

struct tally {
    int answered;
    int held;
    int noted;
    int held_noted;
};

static void write_metrics(struct fixture *f)
{
    char path[200];
    (void)snprintf(path, sizeof path, "mkdir -p %s/metrics", f->path);
    assert_int_equal(system(path), 0);
    for (size_t i = 0; i < estimator_metric_count; i++) {
        const struct metric_file *metric = &estimator_metrics[i];
        (void)snprintf(path, sizeof path, "%s/metrics/%s.yaml", f->path, metric->name);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        (void)fputs(metric->text, file);
        (void)fclose(file);
    }
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

static struct tally ask_all(struct fixture *f, const struct estimator *estimator,
                            const struct population *population, int runs)
{
    struct tally tally = {0};
    struct metric metric;
    double truth = estimator->truth(population);
    assert_ok(metrics_named(f->workspace, estimator->metric, f->arena, &metric, &error));
    for (int run = 0; run < runs; run++) {
        struct arena *arena = arena_create();
        const struct asking_about about = {
            f, population, &metric, arena_printf(arena, "r%d", run), truth, arena};
        struct answer answer = estimator->ask(&about);
        tally.answered += answer.given;
        tally.held += answer.given && answer.holds;
        tally.noted += answer.given && answer.noted;
        tally.held_noted += answer.given && answer.noted && answer.holds;
        arena_destroy(arena);
    }
    return tally;
}

static int population_named(const char *name)
{
    for (int i = 0; population_names[i] != NULL; i++)
        if (strcmp(population_names[i], name) == 0)
            return i;
    return -1;
}

int main(int argc, char **argv)
{
    int by = argc == 8 ? population_named(argv[1]) : -1;
    if (by < 0) {
        (void)fprintf(stderr, "usage: coverage_cell ARMS CLUSTERS ICC SKEW SHARE RUNS SEED\n");
        return 2;
    }
    const struct population population = {
        .by = (enum arms_by)by,
        .clusters = atoi(argv[2]),
        .icc = atof(argv[3]),
        .skewed = strcmp(argv[4], "skewed") == 0,
        .share = atof(argv[5]),
        .seed = strtoull(argv[7], NULL, 10),
    };
    int runs = atoi(argv[6]);
    struct fixture f = open_on_one_thread();
    const char *before = "{";
    assert_ok(moments_register(f.workspace->engine, &error));
    write_metrics(&f);
    population_draw(&f, &population, runs);
    for (size_t i = 0; i < estimator_count; i++) {
        if (estimators[i].by != population.by)
            continue;
        struct tally tally = ask_all(&f, &estimators[i], &population, runs);
        printf("%s\"%s\": {\"runs\": %d, \"answered\": %d, \"held\": %d, \"noted\": %d, "
               "\"held_noted\": %d}",
               before, estimators[i].name, runs, tally.answered, tally.held, tally.noted,
               tally.held_noted);
        before = ",\n ";
    }
    printf("}\n");
    fixture_close(&f);
    return 0;
}
