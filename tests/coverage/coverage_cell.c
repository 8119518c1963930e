/* How often nominal 95 % intervals hold the truth, from items in a workspace to the intervals that
   assay shows: the cells of docs/methods/coverage.md that are of one population, printed as one
   object of JSON, by estimator. Run by run.py.

     coverage_cell ARMS CLUSTERS ICC normal|skewed SHARE RUNS SEED */

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

/* A whole number from `low` on, and nothing behind it. */
static bool whole(const char *text, long long low, long long *out)
{
    char *end = NULL;
    *out = strtoll(text, &end, 10);
    return end != text && *end == '\0' && *out >= low;
}

static bool share(const char *text, double *out)
{
    char *end = NULL;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && *out >= 0 && *out < 1;
}

static bool read_arguments(char **argv, struct population *out, int *runs)
{
    int by = population_named(argv[1]);
    long long clusters = 0;
    long long asked = 0;
    long long seed = 0;
    *out = (struct population){.skewed = strcmp(argv[4], "skewed") == 0};
    bool good = by >= 0 && whole(argv[2], 2, &clusters) && clusters <= 100000 &&
                share(argv[3], &out->icc) && (out->skewed || strcmp(argv[4], "normal") == 0) &&
                share(argv[5], &out->share) && out->share > 0 && whole(argv[6], 1, &asked) &&
                asked <= 100000 && whole(argv[7], 0, &seed);
    if (good) {
        out->by = (enum arms_by)by;
        out->clusters = (int)clusters;
        out->seed = (uint64_t)seed;
        *runs = (int)asked;
    }
    return good;
}

int main(int argc, char **argv)
{
    struct population population;
    int runs = 0;
    if (argc != 8 || !read_arguments(argv, &population, &runs)) {
        (void)fprintf(stderr,
                      "usage: coverage_cell ARMS CLUSTERS ICC normal|skewed SHARE RUNS SEED\n"
                      "  CLUSTERS from 2 on, ICC in [0, 1), SHARE in (0, 1), RUNS from 1 on\n");
        return 2;
    }
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
