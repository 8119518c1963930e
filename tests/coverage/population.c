#include "population.h"

#include "base/random.h"

static const double skewed_sigma = 1.5;
static const double normal_spread = 0.2; /* of a mean of 1 */
static const double duration_sigma = 0.6;

double population_effect(void)
{
    return log(1.25);
}

static double normal_cdf(double z)
{
    return 0.5 * erfc(-z / sqrt(2));
}

/* The restricted mean of exp(location + sigma z), by Simpson's rule on its survival. */
static double restricted_mean(double location, double sigma, double horizon)
{
    enum { steps = 20000 };
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
        double t = horizon * i / steps;
        double survival = t > 0 ? 1 - normal_cdf((log(t) - location) / sigma) : 1;
        sum += (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * survival;
    }
    return sum * horizon / steps / 3;
}

static double sigma_of_times(const struct population *p)
{
    return p->skewed ? skewed_sigma : duration_sigma;
}

double population_duration_effect(const struct population *p, double horizon_days)
{
    double sigma = sigma_of_times(p);
    return restricted_mean(population_effect(), sigma, horizon_days) /
               restricted_mean(0, sigma, horizon_days) -
           1;
}

/* Workers of the second arm: at least one, and never all. */
static bool worker_in_second(const struct population *p, int worker)
{
    int second = (int)lround(p->share * p->clusters);
    second = second < 1 ? 1 : second >= p->clusters ? p->clusters - 1 : second;
    return worker < second;
}

static bool item_in_second(const struct population *p, int worker, int size, struct random *source)
{
    double u = random_uniform(source);
    if (p->by_worker)
        return worker_in_second(p, worker);
    if (!p->as_found)
        return u < p->share;
    double odds = p->share / (1 - p->share) * exp(0.5 * (size - 2)); /* size is 0 to 4 */
    return u < odds / (1 + odds);
}

static void draw_worker(const struct population *p, int run, int worker, struct random *source,
                        struct engine_appender *out)
{
    double own = random_normal(source);
    int items = 10 + (int)random_below(source, 21);
    double common = p->skewed ? -2.0537489106318225 : -0.8416212335729143; /* of 2 %, 20 % */
    double raised = p->skewed ? -1.7506860712521692 : -0.5244005127080409; /* of 4 %, 30 % */
    for (int i = 0; i < items; i++) {
        double z = sqrt(p->icc) * own + sqrt(1 - p->icc) * random_normal(source);
        double z_time = sqrt(p->icc) * own + sqrt(1 - p->icc) * random_normal(source);
        int size = (int)random_below(source, 5);
        bool second = item_in_second(p, worker, size, source);
        double factor = second ? exp(population_effect()) : 1;
        double effort = p->skewed ? exp(skewed_sigma * z) : 1 + normal_spread * z;
        if (p->as_found)
            effort *= exp(0.3 * size);
        const struct engine_value row[] = {
            engine_integer("", run),
            engine_integer("", worker),
            engine_integer("", i),
            engine_bool("", second),
            engine_integer("", size),
            engine_number("", effort * factor),
            engine_bool("", z < (second ? raised : common)),
            engine_bool("", random_uniform(source) < 0.8),
            engine_number("", 60 * random_uniform(source)),
            engine_number("", factor * exp(sigma_of_times(p) * z_time)),
        };
        assert_ok(engine_append(out, row, sizeof row / sizeof *row, &error));
    }
}

/* Items are opened over 60 days up to the data end; where there are two periods, those of the first
   over the 60 days before. */
static const char insert[] =
    "create or replace temp view drawn_times as select *, "
    "'t:' || run || '-' || worker || '-' || item as id, "
    "timestamp '2026-05-01' + to_microseconds(((opened - case when second or not "
    "getvariable('periods') then 60 "
    "else 120 end) * 864e8)::bigint) as t0 from drawn;"
    "insert into item (item_id, source, use_case, worker, team, size, opened_at, started_at, "
    "closed_at, first_closed_at, updated_at, state, ai_declared) "
    "select id, 't', 'r' || run, 'w' || run || '-' || worker, 'T', size, t0, t0, done, done, "
    "timestamp '2026-05-01', case when done is null then 'open' else 'done' end, "
    "case when second then 'claude-code' end from (select *, case when t0 + "
    "to_microseconds((takes * 864e8)::bigint) < timestamp '2026-05-01' then t0 + "
    "to_microseconds((takes * 864e8)::bigint) end as done from drawn_times);"
    "insert into measure select id, 'effort', null, effort, 'm' from drawn_times;"
    "insert into measure select id, 'event', null, event::int, 'm' from drawn_times;"
    "insert into measure select id, 'finished', null, finished::int, 'm' from drawn_times;";

static const char assign[] =
    "insert into assignment select distinct 'p', %s, case when second then 'ai' else 'no_ai' end, "
    "null::timestamp, null::timestamp, case when second then %.17g else %.17g end from drawn_times";

static void draw_all(struct fixture *f, const struct population *p, int runs)
{
    struct engine_appender *appender = NULL;
    struct random source = random_seed(p->seed);
    fixture_run(f, "create or replace temp table drawn (run integer, worker integer, item integer, "
                   "second boolean, size integer, effort double, event boolean, finished boolean, "
                   "opened double, takes double)");
    assert_ok(engine_appender_open(f->workspace->engine, "temp.drawn", &appender, &error));
    for (int run = 0; run < runs; run++)
        for (int worker = 0; worker < p->clusters; worker++)
            draw_worker(p, run, worker, &source, appender);
    assert_ok(engine_appender_close(appender, &error));
}

void population_draw(struct fixture *f, const struct population *p, int runs)
{
    char sql[512];
    draw_all(f, p, runs);
    (void)snprintf(sql, sizeof sql, "set variable periods = %s", p->periods ? "true" : "false");
    fixture_run(f, sql);
    fixture_run(f, insert);
    if (!p->as_found && !p->periods) {
        (void)snprintf(sql, sizeof sql, assign,
                       p->by_worker ? "'worker', 'w' || run || '-' || worker" : "'item', id",
                       p->share, 1 - p->share);
        fixture_run(f, sql);
    }
    fixture_facts(f);
}
