/* bench/compare: one estimate with CR2 and two covariates, from facts to its interval with all
   counts, as a ratio to the engine's own bare scan of the same five columns (arm, worker, outcome
   and covariates), in one process, alternating warm runs: the median of the ratios of pairs. Beside
   it, without a goal: the whole of `assay compare` as found (arms, the naive estimate and the one
   within cells).

   compare [ITEMS...]: 10 million by default, 5,000 workers. Prints one line of JSON for each number
   of items and, last, where there are several, one with the exponent of growth: the slope of the
   logarithm of time over that of items, by least squares. */

#include "timing.h"

#include "evidence/compare/comparison.h"
#include "evidence/facts/metrics.h"
#include "evidence/facts/moments_aggregate.h"
#include "workspace/workspace.h"

#include <math.h>
#include <unistd.h>

enum { workers = 5000, runs = 9 };
static const double goal = 2.2;
static const double growth_goal = 1.05;

/* Facts as they would be built, with two covariates and an outcome that depends on all. */
static const char facts[] =
    "create or replace table facts as select 't:' || i as item_id, 't' as source, 'help' as "
    "use_case, 'w' || (hash(i) %% %d) as worker, null::varchar as team, null::varchar as role, "
    "(hash(i, 1) %% 1000)::double as size, null::timestamp as opened_at, null::timestamp as "
    "started_at, timestamp '2026-07-01' as first_closed_at, null::timestamp as closed_at, 'done' "
    "as "
    "state, false as covered, case when hash(i, 4) %% 2 = 0 then 'bot' end as ai_declared, "
    "null::timestamp as ai_first_at, "
    "null::timestamp as linked_first_at, 0e0 as calls, 0e0 as calls_inferred, null::double as "
    "input_tokens, null::double as output_tokens, null::double as usd, null::double as "
    "usd_inferred, null::varchar as tool, null::varchar as model, null::double as steps, "
    "null::double as ai_steps, timestamp '2026-12-01' as data_end, null::timestamp as counted_at, "
    "null::map(varchar, varchar) as "
    "attrs, "
    "(hash(i, 2) %% 480)::double as m_predicted_minutes, "
    "((hash(i, 3) %% 1000)::double / 1e3) as m_quality from range(%lld) r(i)";

/* Seconds of an estimate over so many items. */
static double time_estimate(long long items)
{
    struct arena *arena = arena_create();
    struct error error = {0};
    char folder[] = "/tmp/assay-bench-XXXXXX";
    if (mkdtemp(folder) == NULL)
        exit(1);
    const char *path = arena_printf(arena, "%s/w", folder);
    struct workspace *workspace = NULL;
    struct metric metric;
    struct formula *covariates = NULL;
    static const char *const adjust[] = {"size", "predicted_minutes"};
    check(workspace_init(path, &(struct workspace_options){.time_zone = "UTC"}, &error), &error);
    check(workspace_open(arena, path, true, false, "bench", &workspace, &error), &error);
    check(engine_run(workspace->engine, arena_printf(arena, facts, workers, items), &error),
          &error);
    check(engine_run(workspace->engine,
                     "insert into measure values ('x', 'quality', null, 0, 'm');"
                     "create table found_link (usage_id varchar, item_id varchar, "
                     "weight double, kind varchar);"
                     "create view usage_link as from found_link",
                     &error),
          &error);
    check(moments_register(workspace->engine, &error), &error);
    check(metrics_named(workspace, "quality_score", arena, &metric, &error), &error);
    check(metrics_covariates(workspace, adjust, 2, arena, &covariates, &error), &error);
    const struct comparison_request request = {
        .use_case = "help",
        .metric = &metric,
        .span = {.all = true},
        .previous = {.all = true},
        .landmark_minutes = NAN,
        .variance = VARIANCE_CR2,
        .errors = "cr2",
        .level = 0.95,
        .min_group = 8,
    };
    const struct sample sample = {
        .use_case = "help",
        .metric = &metric,
        .span = {.all = true},
        .arms = {.kind = ARMS_BY_MARK, .names = {"unmarked", "marked"}},
        .landmark_minutes = NAN,
        .covariates = covariates,
        .covariate_count = 2,
    };
    const struct precision precision = {0.95, VARIANCE_CR2, false};
    double whole[runs];
    double ours[runs];
    double bare[runs];
    double ratio[runs];
    double p = NAN;
    for (int run = -1; run < runs; run++) { /* the first warms up */
        struct frame frame;
        struct row row = {0};
        double start = now();
        check(engine_query(workspace->engine,
                           "select ai_declared as arm, worker, count(*), avg(m_quality), "
                           "var_samp(m_quality), avg(size), avg(m_predicted_minutes) from facts "
                           "group by arm, worker",
                           ENGINE_NO_VALUES, arena, &frame, &error),
              &error);
        double middle = now();
        struct sample_counts counts = {0};
        struct estimated estimated = {0};
        check(
            estimate_regression(workspace, &sample, &precision, arena, &counts, &estimated, &error),
            &error);
        double end = now();
        check(comparison_estimate(workspace, &request, arena, &row, &error), &error);
        double last = now();
        if (!row.comparison.exists) {
            (void)fprintf(stderr, "bench/compare: %s\n", row.comparison.why_not);
            exit(1);
        }
        p = estimated.estimate.p;
        if (run >= 0) {
            bare[run] = middle - start;
            ours[run] = end - middle;
            whole[run] = last - end;
            ratio[run] = ours[run] / bare[run];
        }
    }
    workspace_close(workspace);
    (void)!system(arena_printf(arena, "rm -rf %s", folder));
    double scan = median(bare, runs);
    double seconds = median(ours, runs);
    (void)printf(
        "estimate %.3f s, bare scan %.3f s (medians of %d), p %.3f; all of compare as found: "
        "%.2f times the scan\n",
        seconds, scan, runs, p, median(whole, runs) / scan);
    (void)printf("{\"bench\": \"compare\", \"n\": %lld, \"ratio\": %.2f, \"goal\": %.1f, "
                 "\"peak_mb\": %ld}\n",
                 items, median(ratio, runs), goal, peak_mb());
    (void)fflush(stdout);
    arena_destroy(arena);
    return seconds;
}

int main(int argc, char **argv)
{
    double n = argc - 1;
    double sum_x = 0;
    double sum_y = 0;
    double sum_xx = 0;
    double sum_xy = 0;
    if (argc < 2)
        (void)time_estimate(10000000);
    for (int i = 1; i < argc; i++) {
        double x = log((double)atoll(argv[i]));
        double y = log(time_estimate(atoll(argv[i])));
        sum_x += x;
        sum_y += y;
        sum_xx += x * x;
        sum_xy += x * y;
    }
    if (argc > 2)
        (void)printf("{\"bench\": \"compare_growth\", \"n\": %lld, \"ratio\": %.3f, \"goal\": "
                     "%.2f, \"peak_mb\": %ld}\n",
                     atoll(argv[argc - 1]),
                     (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x), growth_goal,
                     peak_mb());
    return 0;
}
