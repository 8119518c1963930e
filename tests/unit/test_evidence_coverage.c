/* How often nominal 95 % intervals hold the truth, from items in a workspace to a change and a
   comparison: what the estimators' own tests cannot see, such as how long an item was watched and
   what an effect is a share of.

   Each use case is an organisation of its own. Its arms start at different times: the second one
   only shortly before the data end. */

#include "workspace_fixture.h"

#include "base/random.h"
#include "evidence/compare/change.h"
#include "evidence/compare/comparison.h"
#include "evidence/facts/metrics.h"
#include "evidence/facts/moments_aggregate.h"

enum { runs = 60, workers = 10 };

/* Nothing differs between the arms. */
static const char patience[] = "metric: patience\nkind: duration\nfrom: started_at\n"
                               "to: closed_at\nhorizon: 14d\nbetter: lower\n"
                               "abandoned: never_done\n";

/* The second arm has four times the first one's mean of 1. */
static const char effort[] = "metric: effort_each\nkind: mean\nvalue: effort\nbetter: lower\n"
                             "material: 10%\n";

static void write_metric(struct fixture *f, const char *name, const char *text)
{
    char path[160];
    (void)snprintf(path, sizeof path, "mkdir -p %s/metrics", f->path);
    assert_int_equal(system(path), 0);
    (void)snprintf(path, sizeof path, "%s/metrics/%s.yaml", f->path, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
}

/* One worker's items: opened over 60 days up to a month before the data end, or over the last
   week. A quarter is given up and never done; the others take two days in the median. */
static void draw_worker(struct random *source, int run, int arm, int worker,
                        struct engine_appender *out)
{
    double slowness = 0.3 * random_normal(source);
    double level = 1 + 3 * arm + 0.4 * random_normal(source);
    int items = 30;
    for (int i = 0; i < items; i++) {
        bool given_up = random_uniform(source) < 0.25;
        double opened = arm == 0 ? 60 * random_uniform(source) : 84 + 7 * random_uniform(source);
        double takes = given_up ? random_exponential(source, 1)
                                : random_log_normal(source, log(2) + slowness, 1);
        const struct engine_value row[] = {
            engine_integer("", run),    engine_integer("", arm),
            engine_integer("", worker), engine_integer("", i),
            engine_number("", opened),  engine_number("", takes),
            engine_bool("", given_up),  engine_number("", level + 0.5 * random_normal(source)),
        };
        assert_ok(engine_append(out, row, sizeof row / sizeof *row, &error));
    }
}

/* Use cases r0, r1, ..: workers of arm 0 from 1 April on, those of arm 1 in the last days of June;
   the data end at 1 July. */
static void add_organisations(struct fixture *f)
{
    struct engine_appender *appender = NULL;
    fixture_run(f, "create temp table drawn (run integer, arm integer, worker integer, item "
                   "integer, opened double, takes double, given_up boolean, effort double)");
    assert_ok(engine_appender_open(f->workspace->engine, "temp.drawn", &appender, &error));
    for (int run = 0; run < runs; run++) {
        struct random source = random_seed(20270611 + (uint64_t)run);
        for (int arm = 0; arm < 2; arm++)
            for (int worker = 0; worker < workers; worker++)
                draw_worker(&source, run, arm, worker, appender);
    }
    assert_ok(engine_appender_close(appender, &error));
    fixture_run(
        f,
        "insert into item (item_id, source, use_case, worker, team, opened_at, started_at, "
        "closed_at, first_closed_at, updated_at, state) "
        "select 't:' || run || '-' || arm || '-' || worker || '-' || item, 't', 'r' || run, "
        "'w' || run || '-' || arm || '-' || worker, 'T', t0, t0, done, done, "
        "timestamp '2026-07-01', case when done is null then 'open' when given_up then 'abandoned' "
        "else 'done' end "
        "from (select *, case when t0 + to_microseconds((takes * 864e8)::bigint) < timestamp "
        "'2026-07-01' then t0 + to_microseconds((takes * 864e8)::bigint) end as done "
        "from (select *, timestamp '2026-04-01' + to_microseconds((opened * 864e8)::bigint) as t0 "
        "from drawn));"
        "insert into measure select 't:' || run || '-' || arm || '-' || worker || '-' || item, "
        "'effort', null, effort, 'm' from drawn;"
        "insert into assignment select distinct 'p', 'worker', 'w' || run || '-' || arm || '-' || "
        "worker, case arm when 1 then 'ai' else 'no_ai' end, null::timestamp, null::timestamp, "
        "0.5 from drawn");
    fixture_facts(f);
}

static int64_t june(int day)
{
    static const int64_t first = 1780272000; /* 2026-06-01 */
    return (first + (int64_t)(day - 1) * 86400) * 1000000;
}

static bool holds(struct interval interval, double truth)
{
    return interval.low <= truth && interval.high >= truth;
}

/* Shares of use cases whose change, and whose comparison, hold the truth. */
static void measure(struct fixture *f, const char *metric_name, double truth, double share[2])
{
    struct metric metric;
    const struct span now = {.from = june(24), .until = june(31)};
    const struct span before = {.from = june(1) - (int64_t)61 * 86400 * 1000000, .until = june(2)};
    assert_ok(metrics_named(f->workspace, metric_name, f->arena, &metric, &error));
    share[0] = share[1] = 0;
    for (int run = 0; run < runs; run++) {
        struct arena *arena = arena_create();
        struct row *row = arena_alloc(arena, sizeof *row);
        const char *use_case = arena_printf(arena, "r%d", run);
        assert_ok(change_estimate(f->workspace, use_case, &metric, &now, &before, arena,
                                  &row->change, &error));
        assert_true(row->change.exists);
        share[0] += holds(row->change.estimate.interval, truth) / (double)runs;
        const struct comparison_request request = {
            .use_case = use_case,
            .metric = &metric,
            .span = {.all = true},
            .previous = {.all = true},
            .landmark_minutes = NAN,
            .variance = VARIANCE_CR2,
            .errors = "cr2",
            .level = 0.95,
            .min_group = 5,
        };
        *row = (struct row){0};
        assert_ok(comparison_estimate(f->workspace, &request, arena, row, &error));
        assert_true(row->comparison.exists);
        share[1] += holds(row->comparison.estimate.interval, truth) / (double)runs;
        arena_destroy(arena);
    }
    print_message("%s: change %.1f %%, comparison %.1f %%\n", metric_name, 100 * share[0],
                  100 * share[1]);
}

/* A share of 60 runs has a standard error of .03. */
static void assert_covered(const double share[2])
{
    for (int i = 0; i < 2; i++)
        assert_true(share[i] >= 0.90);
}

static void a_short_last_period_is_not_slow_for_what_was_given_up_in_it(void **state)
{
    double share[2];
    measure(*state, "patience", 0, share);
    assert_covered(share);
}

/* Were the baseline taken for known, the interval would be a third as wide. */
static void a_share_of_a_baseline_knows_the_chance_of_the_baseline(void **state)
{
    double share[2];
    measure(*state, "effort_each", 3, share);
    assert_covered(share);
}

static int open_organisations(void **state)
{
    static struct fixture f;
    f = fixture_open(true);
    assert_ok(moments_register(f.workspace->engine, &error));
    write_metric(&f, "patience", patience);
    write_metric(&f, "effort_each", effort);
    add_organisations(&f);
    *state = &f;
    return 0;
}

static int close_organisations(void **state)
{
    fixture_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_last_period_is_not_slow_for_what_was_given_up_in_it),
        cmocka_unit_test(a_share_of_a_baseline_knows_the_chance_of_the_baseline),
    };
    return cmocka_run_group_tests(tests, open_organisations, close_organisations);
}
