/* evidence/plan/past.h

   What a workspace's own past says of a metric, for the power of a plan: each item's part in the
   metric's estimate (its value; or its influence on a ratio of sums, a quantile or a restricted
   mean), summed by worker, team and segment of time. A difference of two arms' means of these parts
   has the variance that the metric's estimate has. */

#ifndef EVIDENCE_PAST_H
#define EVIDENCE_PAST_H

#include "evidence/sample/sample.h"
#include "workspace/workspace.h"

struct past_request {
    const char *use_case;
    const struct metric *metric;
    const char *scope; /* a truth over facts, or NULL */
    struct span span;
    int64_t segment; /* microseconds of a segment, from span.from on */
    int64_t washout; /* left out at the start of each; 0: nothing */
};

/* One worker's items in one team and segment. */
struct past_cell {
    size_t worker;   /* 0 .. workers - 1 */
    size_t team;     /* 0 .. teams - 1 */
    int64_t segment; /* 0 .. */
    double items;
    double mean;    /* of the parts */
    double squares; /* about it */
};

struct past {
    const struct past_cell *cells;
    size_t count;
    size_t workers;
    size_t teams; /* of items without a team there is one */
    double items;
    bool log_ratio;      /* parts add up to the logarithm of a ratio */
    double value;        /* of the metric over all */
    int64_t fewest;      /* workers with items on either side of a quantile; else of all */
    const char *why_not; /* a sentence: why the past says nothing; NULL: it does */
};

enum status past_read(struct workspace *workspace, const struct past_request *request,
                      struct arena *arena, struct past *out, struct error *error);

#endif
