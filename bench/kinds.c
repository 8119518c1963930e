/* bench/kinds: an estimate of each kind of metric, arms assigned by worker, and like with like,
   from facts to its interval with all counts, as a ratio to the engine's own bare scan of the
   columns that it reads, in one process, alternating warm runs.

   kinds [ITEMS [KIND]]: 10 million by default, of 5,000 workers. One line of JSON for each. */

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

enum { workers = 5000, runs = 5 };

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

/* Facts as they would be built. Every second worker is assigned to AI from the first day on, as
   `assay assign` does; the mark is of each item. */
static const char facts[] =
    "create or replace table facts as select 't:' || i as item_id, 't' as source, 'help' as "
    "use_case, 'w' || (hash(i) %% %d) as worker, null::varchar as team, null::varchar as role, "
    "(hash(i, 1) %% 1000)::double as size, started_at as opened_at, started_at, closed_at as "
    "first_closed_at, closed_at, case when closed_at is null then 'open' else 'done' end as state, "
    "false as covered, case when hash(i, 4) %% 2 = 0 then 'bot' end as ai_declared, "
    "null::timestamp as ai_first_at, null::timestamp as linked_first_at, 0e0 as calls, 0e0 as "
    "calls_inferred, null::double as input_tokens, null::double as output_tokens, null::double as "
    "usd, null::double as usd_inferred, null::varchar as tool, null::varchar as model, "
    "null::double as steps, null::double as ai_steps, timestamp '2026-12-01' as data_end, "
    "null::timestamp as counted_at, 0e0 as calls_priced, 0e0 as calls_unpriced, "
    "null::map(varchar, varchar) as attrs, "
    "((hash(i, 3) %% 1000)::double / 1e3) as m_effort, (hash(i, 5) %% 10 > 1)::int::double as "
    "m_finished from (select i, started_at, case when hash(i, 6) %% 10 > 0 then started_at + "
    "to_minutes(((hash(i, 7) %% 20000))::bigint) end as closed_at from (select i, timestamp "
    "'2026-06-01' + to_minutes((hash(i, 2) %% 200000)::bigint) as started_at from range(%lld) "
    "r(i)))";

static const char around[] =
    "insert into measure values ('x', 'effort', null, 0, 'm'), ('x', 'finished', null, 0, 'm');"
    "create table found_link (usage_id varchar, item_id varchar, weight double, kind "
    "varchar);"
    "create view usage_link as from found_link;"
    "insert into assignment select 'p', 'worker', 'w' || i, case i %% 2 when 0 then 'no_ai' else "
    "'ai' end, timestamp '2026-06-01', null, 0.5 from range(%d) r(i)";

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

static void time_kind(const struct kind *kind, struct workspace *workspace, long long items)
{
    struct arena *arena = arena_create();
    struct error error = {0};
    struct metric metric = metric_of(kind, workspace, arena);
    struct sample sample = sample_of(kind, &metric, workspace, arena);
    const struct precision precision = {0.95, VARIANCE_CR2, false};
    double ours[runs];
    double bare[runs];
    for (int run = -1; run < runs; run++) { /* the first warms up */
        struct frame frame;
        struct sample_counts counts = {0};
        struct estimated estimated = {0};
        double start = now();
        check(engine_query(workspace->engine, kind->scan, ENGINE_NO_VALUES, arena, &frame, &error),
              &error);
        double middle = now();
        check(estimate_sample(workspace, &sample, kind->as_found ? 1 : -1, &precision, arena,
                              &counts, &estimated, &error),
              &error);
        if (run >= 0) {
            bare[run] = middle - start;
            ours[run] = now() - middle;
        }
        if (!isfinite(estimated.estimate.standard_error))
            exit(1);
    }
    double scan = median(bare, runs);
    double seconds = median(ours, runs);
    (void)printf("%s: %.3f s, bare scan %.3f s (medians of %d)\n", kind->name, seconds, scan, runs);
    (void)printf("{\"bench\": \"%s\", \"n\": %lld, \"ratio\": %.2f, \"goal\": %.1f, \"peak_mb\": "
                 "%ld}\n",
                 kind->name, items, seconds / scan, kind->goal, peak_mb());
    (void)fflush(stdout);
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
    check(engine_run(workspace->engine, arena_printf(arena, facts, workers, items), &error),
          &error);
    check(engine_run(workspace->engine, arena_printf(arena, around, workers), &error), &error);
    check(moments_register(workspace->engine, &error), &error);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (argc < 3 || strcmp(argv[2], kinds[i].name) == 0)
            time_kind(&kinds[i], workspace, items);
    workspace_close(workspace);
    (void)!system(arena_printf(arena, "rm -rf %s", folder));
    arena_destroy(arena);
    return 0;
}
