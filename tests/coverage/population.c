#include "population.h"

#include "base/text.h"

const char *const population_names[] = {"worker", "item",  "stratum", "earlier", "turns", "waves",
                                        "offer",  "found", "period",  "week",    "share", NULL};

const int64_t population_begins = (int64_t)1772409600 * 1000000; /* Monday, 2026-03-02 */
const int64_t population_ends = ((int64_t)1772409600 + (int64_t)population_days * 86400) * 1000000;
const double population_uptake = 0.6;

enum { weeks = 8, first_wave = 2, last_wave = 5, stratum_size = 10 };

/* ---- Who is in the second arm ---------------------------------------------------------------- */

/* A worker, or a team that is one cluster. */
struct member {
    int number;
    int stratum;
    bool second;      /* drawn, or offered */
    double chance;    /* with which it, its items or its weeks came to be in the second arm */
    bool takes;       /* what was offered */
    int starts;       /* week of the start; weeks: never */
    bool turn[weeks]; /* in the second arm in that week */
    double own;       /* standard normal */
    double own_week[weeks];
    double rate[weeks]; /* share of its items in the second arm in that week */
};

/* Of `count` members at least one, and never all. */
static int seconds_of(double share, int count)
{
    int second = (int)lround(share * count);
    return second < 1 ? 1 : second >= count ? count - 1 : second;
}

/* Drawn within strata of one size, but for the last, which has the rest too. Of every four of them
   one is of each team, and what is compared is within teams: the same share of each was drawn. */
static void place_in_stratum(const struct population *p, struct member *member)
{
    int strata = p->clusters >= 2 * stratum_size ? p->clusters / stratum_size
                 : p->clusters >= 4              ? 2
                                                 : 1;
    int size = p->clusters / strata;
    int stratum = member->number / size < strata ? member->number / size : strata - 1;
    int count = stratum < strata - 1 ? size : p->clusters - size * (strata - 1);
    member->stratum = stratum % 4;
    member->second = member->number - stratum * size < seconds_of(p->share, count);
    member->chance = (double)seconds_of(p->share, count) / count;
}

/* As many of the weeks as the share says, at least one and not all, in random order. */
static void take_turns(const struct population *p, struct member *member, struct random *source)
{
    int order[weeks];
    for (int i = 0; i < weeks; i++)
        order[i] = i;
    for (int i = weeks - 1; i > 0; i--) {
        int j = (int)random_below(source, (uint64_t)i + 1);
        int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
    for (int i = 0; i < weeks; i++)
        member->turn[order[i]] = i < seconds_of(p->share, weeks);
    member->chance = (double)seconds_of(p->share, weeks) / weeks;
}

static struct member draw_member(const struct population *p, int number, struct random *source)
{
    struct member member = {.number = number, .starts = weeks, .own = random_normal(source)};
    member.second = number < seconds_of(p->share, p->clusters);
    member.chance =
        p->by == BY_ITEM ? p->share : (double)seconds_of(p->share, p->clusters) / p->clusters;
    for (int week = 0; week < weeks; week++)
        member.own_week[week] = random_normal(source);
    if (p->by == BY_STRATUM)
        place_in_stratum(p, &member);
    if (p->by == BY_TURNS)
        take_turns(p, &member, source);
    if (p->by == BY_WAVES && member.second)
        member.starts = first_wave + number % (last_wave - first_wave + 1);
    if (p->by == BY_OFFER)
        member.takes = random_uniform(source) < population_uptake;
    for (int week = 0; week < weeks; week++) {
        member.rate[week] = p->share * 2 * random_uniform(source);
        if (p->by == BY_WEEK)
            member.turn[week] = random_uniform(source) < p->share;
    }
    return member;
}

static bool is_second(const struct population *p, const struct member *member, int week, int size,
                      bool later, double u)
{
    double odds = p->share / (1 - p->share) * exp(0.5 * (size - 2)); /* size is 0 to 4 */
    switch (p->by) {
    case BY_WORKER:
    case BY_STRATUM:
        return member->second;
    case BY_EARLIER:
        return member->second && later;
    case BY_ITEM:
        return u < p->share;
    case BY_TURNS:
    case BY_WEEK:
        return member->turn[week];
    case BY_WAVES:
        return week >= member->starts;
    case BY_OFFER:
        return member->second && member->takes;
    case BY_FOUND:
        return u < odds / (1 + odds);
    case BY_PERIOD:
        return later;
    case BY_SHARE:
        return u < member->rate[week];
    }
    return false;
}

/* ---- Their items ------------------------------------------------------------------------------
 */

static bool has_weeks(const struct population *p)
{
    return p->by == BY_TURNS || p->by == BY_WAVES || p->by == BY_WEEK || p->by == BY_SHARE;
}

static bool has_before(const struct population *p)
{
    return p->by == BY_EARLIER || p->by == BY_PERIOD;
}

static void draw_item(const struct population *p, int run, int item, const struct member *member,
                      struct random *source, struct engine_appender *out)
{
    int size = (int)random_below(source, 5);
    double day = (has_weeks(p) ? 7.0 * weeks : population_days) * random_uniform(source);
    int week = has_weeks(p) ? (int)(day / 7) : 0;
    bool later = !has_before(p) || random_uniform(source) < (p->by == BY_PERIOD ? p->share : 0.5);
    bool second = is_second(p, member, week, size, later, random_uniform(source));
    double own = p->by == BY_TURNS ? member->own_week[week] : member->own;
    double z = sqrt(p->icc) * own + sqrt(1 - p->icc) * random_normal(source);
    double z_time = sqrt(p->icc) * own + sqrt(1 - p->icc) * random_normal(source);
    double factor = second ? exp(population_effect()) : 1;
    double effort = population_effort(p, z);
    if (p->by == BY_FOUND)
        effort *= exp(0.3 * size);
    if (p->by == BY_STRATUM)
        effort += 0.3 * member->stratum;
    if (p->by == BY_TURNS)
        effort += 0.2 * (member->number % 5); /* teams differ */
    const struct engine_value row[] = {
        engine_integer("", run),
        engine_integer("", member->number),
        engine_integer("", item),
        engine_integer("", member->stratum),
        engine_bool("", p->by == BY_OFFER ? member->second : second),
        engine_bool("", second),
        engine_integer("", size),
        engine_number("", effort * factor),
        engine_bool("", z < population_event_below(p, second)),
        engine_bool("", random_uniform(source) < 0.8),
        engine_number("", later ? day : day - population_days),
        /* Where weeks have AI or have not, an item is done in its week. */
        engine_number("", (p->by == BY_WEEK ? 0.001 : 1) * factor *
                              exp(population_times_sigma(p) * z_time)),
        engine_integer("", week),
        engine_integer("", member->starts),
        engine_number("", member->chance),
    };
    assert_ok(engine_append(out, row, sizeof row / sizeof *row, &error));
}

static void draw_all(struct fixture *f, const struct population *p, int runs)
{
    struct engine_appender *appender = NULL;
    struct random source = random_seed(p->seed);
    fixture_run(f, "create or replace temp table drawn (run integer, worker integer, item integer, "
                   "stratum integer, second boolean, takes_it boolean, size integer, effort "
                   "double, event boolean, finished boolean, day double, takes double, week "
                   "integer, starts integer, chance double)");
    assert_ok(engine_appender_open(f->workspace->engine, "temp.drawn", &appender, &error));
    for (int run = 0; run < runs; run++)
        for (int number = 0; number < p->clusters; number++) {
            const struct member member = draw_member(p, number, &source);
            int items = 10 + (int)random_below(&source, 21);
            if (has_before(p))
                items *= 2;
            for (int item = 0; item < items; item++)
                draw_item(p, run, item, &member, &source, appender);
        }
    assert_ok(engine_appender_close(appender, &error));
}

/* ---- In the workspace -------------------------------------------------------------------------
 */

/* A file of SQL that stands beside this one. */
static const char *sql_of(struct arena *arena, const char *name)
{
    enum { longest = 4000 };
    const char *path = arena_printf(arena, "%s/%s.sql", COVERAGE_FOLDER, name);
    char *text = arena_array(arena, longest + 1, 1);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, longest, file) < longest);
    (void)fclose(file);
    return text;
}

static const char *team_of(enum arms_by by)
{
    switch (by) {
    case BY_STRATUM:
        return "'T' || stratum";
    case BY_TURNS:
    case BY_SHARE:
        return "person";
    default:
        return "'T'";
    }
}

static void assign(struct fixture *f, const struct population *p)
{
    static const char turns_time[] = "timestamp '2026-03-02' + to_days(7 * week), "
                                     "timestamp '2026-03-02' + to_days(7 * week + 7)";
    static const char dated[] = "timestamp '2026-03-02', null::timestamp";
    const char *unit = p->by == BY_ITEM    ? "'item', id"
                       : p->by == BY_TURNS ? "'team', person"
                                           : "'worker', person";
    switch (p->by) {
    case BY_FOUND:
    case BY_PERIOD:
    case BY_WEEK:
    case BY_SHARE:
        return;
    case BY_WAVES:
        fixture_run(f, sql_of(f->arena, "assigned_in_waves"));
        return;
    default:
        fixture_run(f, TEXT_FILLED(f->arena, sql_of(f->arena, "assigned"), {"unit", unit},
                                   {"since_until", p->by == BY_TURNS ? turns_time : dated}));
    }
}

void population_draw(struct fixture *f, const struct population *p, int runs)
{
    draw_all(f, p, runs);
    fixture_run(
        f, TEXT_FILLED(f->arena, sql_of(f->arena, "items"), {"team", team_of(p->by)},
                       {"declared",
                        p->by == BY_FOUND ? "case when second then 'claude-code' end" : "null"}));
    assign(f, p);
    if (p->by == BY_OFFER || p->by == BY_SHARE)
        fixture_run(f, sql_of(f->arena, "use_of_items"));
    if (p->by == BY_WEEK)
        fixture_run(f, sql_of(f->arena, "use_of_weeks"));
    fixture_facts(f);
}
