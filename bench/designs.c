/* bench/designs: the estimate of each design, from the workspace to its interval, with what it
   takes to find its arms, strata or waves: beside the engine's own bare scan of the same columns
   (person, arm, time and outcome), in one process, alternating warm runs. A mean of 10 million
   items by default, of 5,000 people in 50 teams, over 24 weeks; checks and what else stands beside
   an interval are left out.

   designs [ITEMS [DESIGN]]: one line of JSON for each. */

#include "timing.h"

#include "evidence/compare/change.h"
#include "evidence/compare/designs.h"
#include "evidence/facts/metrics.h"
#include "evidence/facts/moments_aggregate.h"
#include "workspace/workspace.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

enum { workers = 5000, teams = 50, runs = 3 };
static const int64_t day = (int64_t)86400 * 1000000;
static const int64_t begins = (int64_t)1780272000 * 1000000; /* Monday, 2026-06-01 */
enum { days = 168 };

/* Facts as they would be built: 24 weeks from the first of June on, and as many before. AI met more
   of the items of every second person, and of a team in some of its weeks. */
static const char facts[] =
    "create or replace table facts as select 't:' || i as item_id, 't' as source, 'help' as "
    "use_case, 'w' || w as worker, 'team' || (w %% %d) as team, null::varchar as role, "
    "(hash(i, 1) %% 1000)::double as size, moment as opened_at, moment as started_at, moment as "
    "first_closed_at, moment as closed_at, 'done' as state, true as covered, "
    "timestamp '2025-01-01' as covered_from, timestamp '2027-01-01' as covered_until, "
    "case when met then 'bot' end as ai_declared, case when met then moment end as ai_first_at, "
    "case when met then moment end as "
    "linked_first_at, 0e0 as calls, 0e0 as calls_inferred, null::double as input_tokens, "
    "null::double as output_tokens, null::double as usd, null::double as usd_inferred, "
    "null::varchar as tool, null::varchar as model, null::double as steps, null::double as "
    "ai_steps, timestamp '2026-12-01' as data_end, moment as counted_at, 0 as without_usd, 0e0 as "
    "without_usd_inferred, met as linked, null::map(varchar, varchar) as attrs, "
    "((hash(i, 3) %% 1000)::double / 1e3) as m_effort from (select i, w, moment, hash(i, 9) %% "
    "100 < 10 + 10 * (w %% 2) + hash(w %% %d, week(moment)) %% 60 as met from (select i, hash(i) "
    "%% %d as w, timestamp '2026-06-01' + "
    "to_minutes((hash(i, 2) %% (2 * 1440 * %d))::bigint - 1440 * %d) as moment from range(%lld) "
    "r(i)))";

/* Plans of each unit; those of turns are of weeks, the waves begin a month after each other. */
static const char assignments[] =
    "insert into measure values ('x', 'effort', null, 0, 'm');"
    "create table found_link (usage_id varchar, item_id varchar, weight double, kind varchar);"
    "create view usage_link as from found_link;"
    "insert into assignment select 'worker', 'worker', 'w' || i, case i %% 2 when 0 then 'no_ai' "
    "else 'ai' end, timestamp '2026-06-01', null, 0.5 from range(%d) r(i);"
    "insert into assignment select 'team', 'team', 'team' || i, case i %% 2 when 0 then 'no_ai' "
    "else 'ai' end, timestamp '2026-06-01', null, 0.5 from range(%d) r(i);"
    "insert into assignment select 'waves', 'worker', 'w' || i, case i %% 4 when 0 then 'no_ai' "
    "else 'ai' end, case i %% 4 when 0 then null else timestamp '2026-07-01' + to_months((i %% "
    "4)::int - 1) end, null, null from range(%d) r(i);"
    "insert into assignment select 'turns', 'team', 'team' || i, case hash(i, w) %% 2 when 0 then "
    "'no_ai' else 'ai' end, timestamp '2026-06-01' + to_days(7 * w::int), timestamp '2026-06-01' + "
    "to_days(7 * w::int + 7), 0.5 from range(%d) r(i), range(%d) v(w);"
    "insert into assignment select 'item', 'item', item_id, case hash(item_id) %% 2 when 0 then "
    "'no_ai' else 'ai' end, counted_at, null, 0.5 from facts where counted_at >= timestamp "
    "'2026-06-01'";

static const char scan[] = "select ai_declared, worker, date_trunc('month', counted_at), count(*), "
                           "avg(m_effort), var_samp(m_effort) from facts where counted_at >= "
                           "timestamp '2026-06-01' group by all";

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

static void time_design(const struct design *design, struct workspace *workspace,
                        const struct metric *metric, long long items)
{
    struct error error = {0};
    double ours[runs];
    double bare[runs];
    for (int run = -1; run < runs; run++) { /* the first warms up */
        struct arena *arena = arena_create();
        struct frame frame;
        struct row row = {0};
        struct asked asked = {
            .workspace = workspace,
            .plan = design->plan,
            .request = {.use_case = "help",
                        .metric = metric,
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
        double start = now();
        check(engine_query(workspace->engine, scan, ENGINE_NO_VALUES, arena, &frame, &error),
              &error);
        double middle = now();
        design->ask(&asked, &row);
        double end = now();
        if (!row.comparison.exists) {
            (void)fprintf(stderr, "bench/designs: %s: %s\n", design->name, row.comparison.why_not);
            exit(1);
        }
        if (run >= 0) {
            bare[run] = middle - start;
            ours[run] = end - middle;
        }
        arena_destroy(arena);
    }
    double scanned = median(bare, runs);
    double seconds = median(ours, runs);
    (void)printf("%s: %.3f s, bare scan %.3f s (medians of %d)\n", design->name, seconds, scanned,
                 runs);
    (void)printf("{\"bench\": \"design, %s\", \"n\": %lld, \"ratio\": %.2f, ", design->name, items,
                 seconds / scanned);
    if (isfinite(design->goal))
        (void)printf("\"goal\": %.1f, ", design->goal);
    (void)printf("\"peak_mb\": %ld}\n", peak_mb());
    (void)fflush(stdout);
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
    check(engine_run(workspace->engine,
                     arena_printf(arena, facts, teams, teams, workers, days, days, items), &error),
          &error);
    check(engine_run(workspace->engine,
                     arena_printf(arena, assignments, workers, teams, workers, teams, days / 7),
                     &error),
          &error);
    check(moments_register(workspace->engine, &error), &error);
    check(metrics_named(workspace, "effort", arena, &metric, &error), &error);
    for (size_t i = 0; i < sizeof designs / sizeof *designs; i++)
        if (argc < 3 || strcmp(argv[2], designs[i].name) == 0)
            time_design(&designs[i], workspace, &metric, items);
    workspace_close(workspace);
    (void)!system(arena_printf(arena, "rm -rf %s", folder));
    arena_destroy(arena);
    return 0;
}
