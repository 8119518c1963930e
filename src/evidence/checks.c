#include "evidence/checks.h"

#include <math.h>
#include <string.h>

enum { clusters_least = 10 };
static const double no_worker_most = 0.05;

static void add(struct row *row, const char *check, const char *state, const char *sentence)
{
    if (row->check_count < checks_max)
        row->checks[row->check_count++] = (struct check_result){check, state, NAN, sentence};
}

/* Did the arms get as many units as the draw should give them, one share being that of all units
   (others are refused: comparison.c)? Chi-squared with one degree of
   freedom, as the square of a normal; a p under .001 means that something took units out after the
   draw. */
static void sample_ratio(const struct arms *arms, struct row *row)
{
    double units = (double)(arms->units[0] + arms->units[1]);
    double share = arms->share;
    double p = NAN;
    if (arms->kind != ARMS_BY_ASSIGNMENT || !arms->randomised || arms->units_repeat ||
        !(share > 0 && share < 1) || units < 1)
        return;
    double z = ((double)arms->units[1] - units * share) / sqrt(units * share * (1 - share));
    if (assay_p_value(z, INFINITY, &p, NULL) != STATUS_OK)
        return;
    bool failed = p < 0.001;
    add(row, "sample_ratio", failed ? "failed" : "passed",
        failed ? "the arms have other sizes than the draw would give: units are missing from one"
               : "the arms are as large as the draw would give");
    row->checks[row->check_count - 1].p = p;
}

void checks_run(struct comparison *comparison, const struct arms *arms, struct row *row)
{
    sample_ratio(arms, row);
    if (comparison->no_worker_share > no_worker_most)
        add(row, "no_worker", "failed",
            "more than 5 % of the items have no worker, so they stand for nobody");
    else
        add(row, "no_worker", "passed", "nearly all items have a worker");
    int64_t least = arms->units[0] < arms->units[1] ? arms->units[0] : arms->units[1];
    /* Noted and no more: the intervals of all estimators allow for few units by wide quantiles
       (measured down to 2 in docs/methods/comparison.md), and 1 is no estimate. */
    if (arms->kind == ARMS_BY_ASSIGNMENT && strcmp(comparison->unit, "item") != 0 &&
        least < clusters_least)
        add(row, "few_units", "noted", "under 10 units were assigned to an arm");
    comparison->few_clusters = comparison->clusters < clusters_least;
    if (comparison->few_clusters)
        add(row, "few_clusters", "noted",
            "under 10 people or teams carry the comparison: the interval is too optimistic");
}
