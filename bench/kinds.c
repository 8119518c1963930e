/* bench/kinds: an estimate of each kind of metric, arms assigned by worker, and like with like,
   from facts to its interval with all counts, as a ratio to the engine's own bare scan of the
   columns that it reads, in one process, alternating warm runs.

   kinds [ITEMS [KIND]]: 10 million by default, of 5,000 workers. One line of JSON for each. */

#include "sql.h"
#include "timing.h"

#include "evidence/estimate/estimators.h"
#include "evidence/facts/metrics.h"
#include "evidence/facts/moments_aggregate.h"
#include "evidence/sample/cells.h"
#include "evidence/sample/sample.h"
#include "workspace/workspace.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

enum { workers = 5000 };

struct kind {
    const char *name;
    const char *metric; /* a file of metrics */
    const char *scan;   /* what the engine reads of the same columns */
    bool as_found;
    double goal;
};

#define SCAN "select ai_declared, worker, count(*), "
#define BY " from facts group by ai_declared, worker"

static const struct kind kinds[] = {
    {"mean", "kind: mean\nvalue: effort\n", SCAN "avg(m_effort), var_samp(m_effort)" BY, false,
     2.5},
    {"proportion", "kind: proportion\nvalue: effort > 0.9\n", SCAN "avg((m_effort > 0.9)::int)" BY,
     false, 2.5},
    {"ratio", "kind: ratio\nnumerator: effort\ndenominator: finished\n",
     SCAN "sum(m_effort), sum(m_finished)" BY, false, 2.5},
    {"quantile", "kind: quantile\nquantile: 0.5\nvalue: effort\n",
     SCAN "avg(m_effort), var_samp(m_effort)" BY, false, 8},
    {"duration", "kind: duration\nfrom: started_at\nto: closed_at\nhorizon: 14d\n",
     SCAN "avg(date_diff('minute', started_at, closed_at))" BY, false, 8},
    {"like_with_like", "kind: mean\nvalue: effort\n",
     SCAN "avg(m_effort), var_samp(m_effort), avg(size)" BY, true, 5},
};

static struct metric metric_of(const struct kind *kind, struct workspace *workspace,
                               struct arena *arena)
{
    struct error error = {0};
    struct metric metric;
    const char *path = arena_printf(arena, "%s/metrics/%s.yaml", workspace->folder, kind->name);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        exit(1);
    (void)fprintf(file, "metric: %s\n%sbetter: lower\nmaterial: 10%%\n", kind->name, kind->metric);
    (void)fclose(file);
    check(metrics_named(workspace, kind->name, arena, &metric, &error), &error);
    return metric;
}

static struct sample sample_of(const struct kind *kind, const struct metric *metric,
                               struct workspace *workspace, struct arena *arena)
{
    struct error error = {0};
    struct cells cells = {0};
    struct sample sample = {
        .use_case = "help",
        .metric = metric,
        .span = {.all = true},
        .arms = {.kind = ARMS_BY_ASSIGNMENT,
                 .names = {"no_ai", "ai"},
                 .plan = "p",
                 .unit_kind = "worker",
                 .randomised = true,
                 .never_ends = true,
                 .share = 0.5},
        .landmark_minutes = NAN,
    };
    if (kind->as_found) {
        sample.arms = (struct arms){.kind = ARMS_BY_MARK, .names = {"unmarked", "marked"}};
        check(cells_default(workspace, "help", &sample.span, arena, &cells, &error), &error);
        sample.cell = cells.sql;
    }
    return sample;
}

/* A kind, and what is estimated of it. */
struct timed {
    const struct kind *kind;
    struct workspace *workspace;
    struct sample sample;
};

static void scan(void *context, struct arena *arena)
{
    const struct timed *timed = context;
    struct error error = {0};
    struct frame frame;
    check(engine_query(timed->workspace->engine, timed->kind->scan, ENGINE_NO_VALUES, arena, &frame,
                       &error),
          &error);
}

static void estimate(void *context, struct arena *arena)
{
    static const struct precision precision = {0.95, VARIANCE_CR2, false};
    const struct timed *timed = context;
    struct error error = {0};
    struct sample_counts counts = {0};
    struct estimated estimated = {0};
    check(estimate_sample(timed->workspace, &timed->sample, timed->kind->as_found ? 1 : -1,
                          &precision, arena, &counts, &estimated, &error),
          &error);
    if (!isfinite(estimated.estimate.standard_error))
        exit(1);
}

static void time_kind(const struct kind *kind, struct workspace *workspace, long long items)
{
    struct arena *arena = arena_create();
    struct metric metric = metric_of(kind, workspace, arena);
    struct timed timed = {kind, workspace, sample_of(kind, &metric, workspace, arena)};
    time_beside(&(struct beside){.bench = kind->name,
                                 .name = kind->name,
                                 .bare = scan,
                                 .ours = estimate,
                                 .context = &timed,
                                 .items = items,
                                 .goal = kind->goal});
    arena_destroy(arena);
}

int main(int argc, char **argv)
{
    long long items = argc > 1 ? atoll(argv[1]) : 10000000;
    struct arena *arena = arena_create();
    struct error error = {0};
    char folder[] = "/tmp/assay-bench-XXXXXX";
    if (mkdtemp(folder) == NULL)
        return 1;
    const char *path = arena_printf(arena, "%s/w", folder);
    struct workspace *workspace = NULL;
    check(workspace_init(path, &(struct workspace_options){.time_zone = "UTC"}, &error), &error);
    check(workspace_open(arena, path, true, false, "bench", &workspace, &error), &error);
    (void)!system(arena_printf(arena, "mkdir -p %s/metrics", path));
    const char *people = arena_printf(arena, "%d", workers);
    check(engine_run(workspace->engine,
                     TEXT_FILLED(arena, bench_sql("kinds_facts.sql"), {"workers", people},
                                 {"items", arena_printf(arena, "%lld", items)}),
                     &error),
          &error);
    check(engine_run(workspace->engine,
                     TEXT_FILLED(arena, bench_sql("kinds_assignments.sql"), {"workers", people}),
                     &error),
          &error);
    check(moments_register(workspace->engine, &error), &error);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (argc < 3 || strcmp(argv[2], kinds[i].name) == 0)
            time_kind(&kinds[i], workspace, items);
    workspace_close(workspace);
    (void)!system(arena_printf(arena, "rm -rf %s", folder));
    arena_destroy(arena);
    return 0;
}
