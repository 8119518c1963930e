/* tests/coverage/population.h

   Organisations with a known truth, in a workspace: each run is a use case of its own, r0, r1, …,
   in which the second arm (or period) has a quarter more of everything. */

#ifndef TESTS_COVERAGE_POPULATION_H
#define TESTS_COVERAGE_POPULATION_H

#include "workspace_fixture.h"

#include <stdbool.h>

/* One cell of the table. */
struct population {
    int clusters;   /* workers, with 10 to 30 items each */
    double icc;     /* share of the variance that is between workers */
    bool skewed;    /* log-normal with sigma 1.5, events of 2 and 4 %; else normal, 20 and 30 % */
    double share;   /* of the workers, or of each worker's items, in the second arm */
    bool by_worker; /* workers are in one arm; else each has items of both */
    bool as_found;  /* marked, not assigned: longer items more often, and they take more effort */
    bool periods; /* not assigned: the second arm is a second period, of 60 days, after the first */
    uint64_t seed;
};

/* log(1.25): what the second arm does to each value. */
double population_effect(void);

/* The ratio of restricted means of times up to the horizon, less 1. */
double population_duration_effect(const struct population *population, double horizon_days);

/* Fills items, measures and assignments of `runs` use cases, and builds the facts. */
void population_draw(struct fixture *f, const struct population *population, int runs);

#endif
