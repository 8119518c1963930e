/* bench/facts: building the facts (links of calls, one row per item) of calls that name their item,
   as a ratio to the engine's plain hash join of the two tables into a table, with the columns that
   the facts look at; in one process, alternating warm runs. Beside it, without a goal, the ratio to
   that join when its rows are only counted.

   facts [CALLS]: 10 million by default, onto a tenth as many items, of 5,000 workers. One call in
   ten names no item and is linked by session or by time. Prints, last, one line of JSON. */

#include "evidence/facts/facts.h"
#include "base/error.h"
#include "workspace/workspace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { workers = 5000, runs = 3 };
static const double goal = 4;

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check(enum status status, const struct error *error)
{
    if (status == STATUS_OK)
        return;
    (void)fprintf(stderr, "bench/facts: %s: %s\n", error->place, error->message);
    exit(1);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *values)
{
    qsort(values, runs, sizeof *values, by_value);
    return values[runs / 2];
}

/* Items of two days each; a call of an item comes while it is open, and from its worker. */
static const char items[] =
    "insert into item select 'items:T-' || i, 'items', 'help', 'w' || (hash(i) %% %d), 'team' || "
    "(hash(i) %% 50), null, (hash(i, 1) %% 1000)::double, opened, opened, opened + interval 2 "
    "days, "
    "opened + interval 2 days, opened, 'done', null, null from (select i, timestamp '2026-01-01' + "
    "to_microseconds((hash(i, 2) %% 15552000000000)::bigint) as opened from range(%lld) r(i))";

static const char calls[] =
    "insert into usage select 'usage:c' || i, opened + to_microseconds((hash(i, 3) %% "
    "172800000000)::bigint), 'call', 'w' || (hash(item) %% %d), null, 'chat', 'model-a', 'chat', "
    "case when i %% 10 > 0 then 'items:T-' || item end, case when i %% 20 < 2 then 's' || item "
    "end, "
    "(hash(i, 4) %% 20000)::double, (hash(i, 5) %% 2000)::double, 0, 0, 0.01, 900, null, null, "
    "'ok', null from (select i, item, timestamp '2026-01-01' + to_microseconds((hash(item, 2) %% "
    "15552000000000)::bigint) as opened from (select i, (hash(i, 6) %% %lld)::bigint as item from "
    "range(%lld) r(i)))";

static const char join[] =
    "create or replace temp table joined as select u.usage_id, u.occurred_at, u.input_tokens, "
    "u.output_tokens, u.usd, u.tool, u.model, u.status, i.item_id, i.worker, i.team, i.opened_at, "
    "i.closed_at from usage u join item i on i.item_id = u.item_id";

static const char counted[] = "select count(*), sum(u.input_tokens), count(i.worker) from usage u "
                              "join item i on i.item_id = u.item_id";

static double timed(struct workspace *workspace, struct arena *arena, const char *sql)
{
    struct frame frame;
    struct error error = {0};
    double start = now();
    check(engine_query(workspace->engine, sql, ENGINE_NO_VALUES, arena, &frame, &error), &error);
    return now() - start;
}

int main(int argc, char **argv)
{
    long long count = argc > 1 ? atoll(argv[1]) : 10000000;
    struct arena *arena = arena_create();
    struct error error = {0};
    char folder[] = "/tmp/assay-bench-XXXXXX";
    if (count < 10 || mkdtemp(folder) == NULL)
        return 1;
    const char *path = arena_printf(arena, "%s/w", folder);
    struct workspace *workspace = NULL;
    check(workspace_init(path, &(struct workspace_options){.time_zone = "UTC"}, &error), &error);
    check(workspace_open(arena, path, true, false, "bench", &workspace, &error), &error);
    check(engine_run(workspace->engine, arena_printf(arena, items, workers, count / 10), &error),
          &error);
    check(engine_run(workspace->engine, arena_printf(arena, calls, workers, count / 10, count),
                     &error),
          &error);
    double ours[runs];
    double stored[runs];
    double bare[runs];
    for (int run = -1; run < runs; run++) { /* the first warms up */
        double joined = timed(workspace, arena, join);
        check(engine_run(workspace->engine, "drop table joined", &error), &error);
        double looked = timed(workspace, arena, counted);
        check(workspace_bump_data_version(workspace, &error), &error);
        double start = now();
        check(facts_build(workspace, &error), &error);
        double end = now();
        if (run >= 0) {
            stored[run] = joined;
            bare[run] = looked;
            ours[run] = end - start;
        }
    }
    struct frame links;
    check(
        engine_query(workspace->engine,
                     "select count(*) filter (where kind = 'explicit'), count(*) filter (where "
                     "kind = 'session'), count(*) filter (where kind = 'inferred') from usage_link",
                     ENGINE_NO_VALUES, arena, &links, &error),
        &error);
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    workspace_close(workspace);
    (void)!system(arena_printf(arena, "rm -rf %s", folder));
    double plain = median(stored);
    (void)printf(
        "links: explicit %lld, session %lld, inferred %lld; facts %.3f s, plain join %.3f s "
        "(medians of %d); %.2f times the join that only counts\n",
        (long long)frame_integer(&links, 0, 0), (long long)frame_integer(&links, 0, 1),
        (long long)frame_integer(&links, 0, 2), median(ours), plain, runs,
        median(ours) / median(bare));
    (void)printf("{\"bench\": \"facts\", \"n\": %lld, \"ratio\": %.2f, \"goal\": %.1f, "
                 "\"peak_mb\": %ld}\n",
                 count, median(ours) / plain, goal, usage.ru_maxrss / 1024);
    arena_destroy(arena);
    return 0;
}
