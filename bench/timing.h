/* bench/timing.h: what benchmarks share: a clock, a median, the end of a run that failed. */

#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

/* Seconds of a clock that never goes back. */
static inline double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline void check(enum status status, const struct error *error)
{
    if (status == STATUS_OK)
        return;
    (void)fprintf(stderr, "bench: %s: %s\n", error->place, error->message);
    exit(1);
}

static inline int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static inline double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

/* The most memory that the process ever held. */
static inline long peak_mb(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

#endif
