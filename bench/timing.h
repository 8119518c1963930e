/* bench/timing.h: what benchmarks share: a clock, a median, the end of a run that failed, and ours
   beside the engine's in turn. */

#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#include "base/arena.h"
#include "base/error.h"

#include <math.h>
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

/* What is timed: something of ours, and what the engine alone does with the same bytes. */
struct beside {
    const char *bench; /* the name in its line of JSON */
    const char *name;
    void (*bare)(void *context, struct arena *arena);
    void (*ours)(void *context, struct arena *arena);
    void *context;
    long long items;
    double goal; /* NAN: none was set */
};

enum { beside_runs = 5 };

/* Alternates warm runs of both, and prints the ratio of their medians. */
static inline void time_beside(const struct beside *timed)
{
    double ours[beside_runs];
    double bare[beside_runs];
    for (int run = -1; run < beside_runs; run++) { /* the first warms up */
        struct arena *arena = arena_create();
        double start = now();
        timed->bare(timed->context, arena);
        double middle = now();
        timed->ours(timed->context, arena);
        double end = now();
        if (run >= 0) {
            bare[run] = middle - start;
            ours[run] = end - middle;
        }
        arena_destroy(arena);
    }
    double scan = median(bare, beside_runs);
    double seconds = median(ours, beside_runs);
    (void)printf("%s: %.3f s, bare scan %.3f s (medians of %d)\n", timed->name, seconds, scan,
                 beside_runs);
    (void)printf("{\"bench\": \"%s\", \"n\": %lld, \"ratio\": %.2f, ", timed->bench, timed->items,
                 seconds / scan);
    if (isfinite(timed->goal))
        (void)printf("\"goal\": %.1f, ", timed->goal);
    (void)printf("\"peak_mb\": %ld}\n", peak_mb());
    (void)fflush(stdout);
}

#endif
