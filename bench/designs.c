/* bench/designs: the estimate of each design, from the workspace to its interval, with what it
   takes to find its arms, strata or waves: beside the engine's own bare scan of the same columns
   (person, arm, time and outcome), in one process, alternating warm runs. A mean of 10 million
   items by default, of 5,000 people in 50 teams, over 24 weeks; checks and what else stands beside
   an interval are left out.

   designs [ITEMS [DESIGN]]: one line of JSON for each. */

#include "sql.h"
#include "timing.h"

#include "evidence/compare/change.h"
#include "evidence/compare/designs.h"
#include "evidence/facts/metrics.h"
#include "evidence/facts/moments_aggregate.h"
#include "workspace/workspace.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

enum { workers = 5000, teams = 50 };
static const int64_t day = (int64_t)86400 * 1000000;
static const int64_t begins = (int64_t)1780272000 * 1000000; /* Monday, 2026-06-01 */
enum { days = 168 };

/* What is asked for. */
struct asked {
    struct workspace *workspace;
    const char *plan;
    struct comparison_request request;
    struct arena *arena;
};

typedef void ask(struct asked *asked, struct row *row);

static void drawn(struct asked *asked, struct row *row)
{
    struct error error = {0};
    asked->request.arms.plan = asked->plan;
    check(comparison_estimate(asked->workspace, &asked->request, asked->arena, row, &error),
          &error);
}

static void stratified(struct asked *asked, struct row *row)
{
    static const struct formula team = {
        .type = FORMULA_TEXT, .sql = "facts.team", .defined_sql = "true"};
    static const char *const label = "team";
    asked->request.strata = &team;
    asked->request.strata_labels = &label;
    asked->request.strata_count = 1;
    drawn(asked, row);
}

static void cuped(struct asked *asked, struct row *row)
{
    asked->request.earlier = true;
    drawn(asked, row);
}

static void by_design(struct asked *asked, const struct plan *plan, struct row *row)
{
    struct error error = {0};
    asked->request.arms.names = "no_ai,ai";
    check(
        design_of(plan->design)(asked->workspace, plan, &asked->request, asked->arena, row, &error),
        &error);
}

static const char *const arms[] = {"no_ai", "ai"};

static void turns(struct asked *asked, struct row *row)
{
    by_design(asked,
              &(struct plan){.name = asked->plan,
                             .design = PLAN_SWITCHBACK,
                             .unit = PLAN_TEAM,
                             .block = 7 * day,
                             .washout = day,
                             .arms = {arms, 2}},
              row);
}

static void waves(struct asked *asked, struct row *row)
{
    by_design(asked,
              &(struct plan){.name = asked->plan,
                             .design = PLAN_STAGGERED,
                             .unit = PLAN_WORKER,
                             .every = PLAN_MONTH,
                             .arms = {arms, 2}},
              row);
}

static void offer(struct asked *asked, struct row *row)
{
    by_design(asked,
              &(struct plan){.name = asked->plan,
                             .design = PLAN_ENCOURAGEMENT,
                             .unit = PLAN_WORKER,
                             .probability = 0.5,
                             .arms = {arms, 2}},
              row);
}

static void found(struct asked *asked, struct row *row)
{
    struct error error = {0};
    asked->request.arms.as_found = true;
    check(comparison_estimate(asked->workspace, &asked->request, asked->arena, row, &error),
          &error);
}

static void dose(struct asked *asked, struct row *row)
{
    struct error error = {0};
    check(design_dose(asked->workspace, NULL, &asked->request, asked->arena, row, &error), &error);
}

/* Before and after a day: the change, with what it withholds by. */
static void change(struct asked *asked, struct row *row)
{
    struct error error = {0};
    check(change_estimate(asked->workspace, "help", asked->request.metric, &asked->request.span,
                          &asked->request.previous, asked->arena, &row->change, &error),
          &error);
    row->comparison.exists = row->change.exists;
    row->comparison.why_not = row->change.why_not;
}

/* goal: of a mean; NAN: none was set. */
static const struct design {
    const char *name;
    const char *plan;
    ask *ask;
    double goal;
} designs[] = {
    {"randomised by worker", "worker", drawn, 2.5},
    {"randomised by team", "team", drawn, 2.5},
    {"randomised by item", "item", drawn, NAN},
    {"randomised within strata", "worker", stratified, NAN},
    {"randomised, adjusted for the time before", "worker", cuped, NAN},
    {"switchback", "turns", turns, NAN},
    {"staggered", "waves", waves, NAN},
    {"encouragement", "worker", offer, NAN},
    {"like with like", NULL, found, 5},
    {"dose", NULL, dose, NAN},
    {"change between two periods", NULL, change, NAN},
};

/* A design, and what it is asked in. */
struct timed {
    const struct design *design;
    struct workspace *workspace;
    const struct metric *metric;
};

static void scan(void *context, struct arena *arena)
{
    const struct timed *timed = context;
    struct error error = {0};
    struct frame frame;
    check(engine_query(timed->workspace->engine, bench_sql("designs_scan.sql"), ENGINE_NO_VALUES,
                       arena, &frame, &error),
          &error);
}

static void answer(void *context, struct arena *arena)
{
    const struct timed *timed = context;
    struct row row = {0};
    struct asked asked = {
        .workspace = timed->workspace,
        .plan = timed->design->plan,
        .request = {.use_case = "help",
                    .metric = timed->metric,
                    .span = {.from = begins, .until = begins + days * day},
                    .previous = {.from = begins - days * day, .until = begins},
                    .landmark_minutes = NAN,
                    .variance = VARIANCE_CR2,
                    .errors = "cr2",
                    .level = 0.95,
                    .min_group = 8,
                    .interval_only = true},
        .arena = arena,
    };
    timed->design->ask(&asked, &row);
    if (!row.comparison.exists) {
        (void)fprintf(stderr, "bench/designs: %s: %s\n", timed->design->name,
                      row.comparison.why_not);
        exit(1);
    }
}

static void time_design(const struct design *design, struct workspace *workspace,
                        const struct metric *metric, struct arena *arena, long long items)
{
    struct timed timed = {design, workspace, metric};
    time_beside(&(struct beside){.bench = arena_printf(arena, "design, %s", design->name),
                                 .name = design->name,
                                 .bare = scan,
                                 .ours = answer,
                                 .context = &timed,
                                 .items = items,
                                 .goal = design->goal});
}

/* The .sql file with the size of the data. */
static const char *sized(struct arena *arena, const char *file, long long items)
{
    return TEXT_FILLED(arena, bench_sql(file), {"workers", arena_printf(arena, "%d", workers)},
                       {"teams", arena_printf(arena, "%d", teams)},
                       {"days", arena_printf(arena, "%d", days)},
                       {"weeks", arena_printf(arena, "%d", days / 7)},
                       {"items", arena_printf(arena, "%lld", items)});
}

int main(int argc, char **argv)
{
    long long items = argc > 1 ? atoll(argv[1]) : 10000000;
    struct arena *arena = arena_create();
    struct error error = {0};
    struct metric metric;
    char folder[] = "/tmp/assay-bench-XXXXXX";
    if (mkdtemp(folder) == NULL)
        return 1;
    const char *path = arena_printf(arena, "%s/w", folder);
    struct workspace *workspace = NULL;
    check(workspace_init(path, &(struct workspace_options){.time_zone = "UTC"}, &error), &error);
    check(workspace_open(arena, path, true, false, "bench", &workspace, &error), &error);
    (void)!system(
        arena_printf(arena,
                     "mkdir -p %s/metrics && printf 'metric: effort\\nkind: mean\\nvalue: "
                     "effort\\nbetter: lower\\nmaterial: 10%%%%\\n' > "
                     "%s/metrics/effort.yaml",
                     path, path));
    check(engine_run(workspace->engine, sized(arena, "designs_facts.sql", items), &error), &error);
    check(engine_run(workspace->engine, sized(arena, "designs_assignments.sql", items), &error),
          &error);
    check(moments_register(workspace->engine, &error), &error);
    check(metrics_named(workspace, "effort", arena, &metric, &error), &error);
    for (size_t i = 0; i < sizeof designs / sizeof *designs; i++)
        if (argc < 3 || strcmp(argv[2], designs[i].name) == 0)
            time_design(&designs[i], workspace, &metric, arena, items);
    workspace_close(workspace);
    (void)!system(arena_printf(arena, "rm -rf %s", folder));
    arena_destroy(arena);
    return 0;
}
