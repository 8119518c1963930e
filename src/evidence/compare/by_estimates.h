/* evidence/compare/by_estimates.h: the estimate of each cell of --by, by the kind of the metric,
   with what each cluster adds to it (assay/heterogeneity.h). */

#ifndef EVIDENCE_BY_ESTIMATES_H
#define EVIDENCE_BY_ESTIMATES_H

#include "evidence/compare/by_parts.h"

/* How an estimate is made. */
struct by_way {
    bool log_scale; /* of the estimates */
    bool log_metric;
    bool cautious; /* a trial: as wide as its own comparison (by_cautious.h) */
    int least;     /* min_group */
    double level;
    double horizon_minutes; /* of times, that of the comparison */
};

/* Does the estimate ask for the items anew? */
bool by_takes_items(const struct metric *metric);

struct by_estimates {
    size_t count;
    size_t *cell;
    double *value, *variance, *df, *items, *part; /* part: count x clusters */
    struct interval *interval;
    double horizon_minutes; /* of times; else NAN */
};

/* Estimates of all shown cells. A part whose numbers allow none joins the others, and all is done
   again; so it ends.
   any   whether two cells are left; else out is not to be used */
enum status by_estimate(struct workspace *workspace, const struct by_way *way, struct parts *parts,
                        struct arena *arena, struct tally *tally, struct by_estimates *out,
                        bool *any, struct error *error);

#endif
