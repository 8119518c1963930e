/* tests/coverage/population.h

   Organisations with a known truth, in a workspace: each run is a use case of its own, r0, r1, …,
   whose arms were drawn by the plan of that name. The second arm (or period) has a quarter more of
   everything. */

#ifndef TESTS_COVERAGE_POPULATION_H
#define TESTS_COVERAGE_POPULATION_H

#include "workspace_fixture.h"

#include "base/random.h"

#include <stdbool.h>

/* How items come to be in the second arm. */
enum arms_by {
    BY_WORKER,  /* workers are drawn */
    BY_ITEM,    /* items are drawn */
    BY_STRATUM, /* workers are drawn within strata (their teams), which differ */
    BY_EARLIER, /* workers are drawn, and have items from before */
    BY_TURNS,   /* teams take turns, a week each */
    BY_WAVES,   /* workers start one week after another, and some never */
    BY_OFFER,   /* workers are drawn and offered it; 60 of 100 take it, on all their items */
    BY_FOUND,   /* nobody drew: longer items more often, and they take more effort */
    BY_PERIOD,  /* the second arm is a second period, of 60 days, after the first */
    BY_WEEK,    /* people use it in some of their weeks; daily totals say in which */
    BY_SHARE    /* teams use it on a share of their items that differs by week */
};

/* NULL-terminated, in the order of the enumeration. */
extern const char *const population_names[];

/* One cell of the table. */
struct population {
    enum arms_by by;
    int clusters; /* workers (teams where these take turns or differ by week), of 10 to 30 items */
    double icc;   /* share of the variance that is between workers, or between a team's weeks */
    bool skewed;  /* log-normal with sigma 1.5, events of 2 and 4 %; else normal, 20 and 30 % */
    double share; /* of the workers, or of each worker's items or weeks, in the second arm */
    uint64_t seed;
};

/* The moments of the data: the period begins, and the data end after 60 days. Microseconds. */
extern const int64_t population_begins;
extern const int64_t population_ends;
enum { population_days = 60 };

/* log(1.25): what the second arm does to each value. */
double population_effect(void);

/* The difference of the shares of items with an event. */
double population_events(const struct population *population);

/* The ratio of restricted means of times up to the horizon, less 1. */
double population_duration_effect(const struct population *population, double horizon_days);

/* Changes between two periods, of the work that is done: of means and ratios of sums, of medians,
   of shares with an event. */
double population_change_of_mean(const struct population *population);
double population_change_of_median(const struct population *population);
double population_change_of_events(const struct population *population);

/* What a standard normal z becomes: effort (of the first arm), an event where z is less, and the
   standard deviation of the logarithm of times. */
double population_effort(const struct population *population, double z);
double population_event_below(const struct population *population, bool second);
double population_times_sigma(const struct population *population);

/* The share of offers that are taken. */
extern const double population_uptake;

/* Fills items, measures, use and assignments of `runs` use cases, and builds the facts. */
void population_draw(struct fixture *f, const struct population *population, int runs);

#endif
