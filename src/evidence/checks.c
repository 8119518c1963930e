#include "evidence/checks.h"

#include <math.h>

enum { clusters_least = 10 };
static const double no_worker_most = 0.05;

static void add(struct row *row, const char *check, const char *state, const char *sentence)
{
    if (row->check_count < checks_max)
        row->checks[row->check_count++] = (struct check_result){check, state, NAN, sentence};
}

void checks_run(struct comparison *comparison, struct row *row)
{
    if (comparison->no_worker_share > no_worker_most)
        add(row, "no_worker", "failed",
            "more than 5 % of the items have no worker, so they stand for nobody");
    else
        add(row, "no_worker", "passed", "nearly all items have a worker");
    comparison->few_clusters = comparison->clusters < clusters_least;
    if (comparison->few_clusters)
        add(row, "few_clusters", "noted",
            "under 10 people carry the comparison: the interval is too optimistic");
}
