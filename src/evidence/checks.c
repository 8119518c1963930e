#include "evidence/checks.h"

#include <math.h>
#include <string.h>

enum { clusters_least = 10, eventful_least = 10 };
/* In people or teams with as many items each. */
static const double worth_least = 3;
static const double top_most = 0.5;
static const double ratio_error_most = 0.25;
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

/* Are there enough people or teams, in the smaller arm too? Whether the row now has such a line. */
static bool few_clusters(const struct comparison *comparison, struct row *row)
{
    const struct carried *carried = &comparison->carried;
    double worth = carried->known ? fmin(carried->worth[0], carried->worth[1]) : NAN;
    if (comparison->clusters < clusters_least)
        add(row, "few_clusters", "noted",
            "under 10 people or teams carry the comparison: the interval may be too narrow");
    else if (worth < worth_least)
        add(row, "few_clusters", "noted",
            "most items of an arm are of one or two people or teams: the arm says little of "
            "others");
    else
        return false;
    return true;
}

static void few_events(const struct comparison *comparison, struct row *row)
{
    const struct carried *carried = &comparison->carried;
    if (carried->eventful < eventful_least && carried->eventful < comparison->clusters)
        add(row, "few_events", "failed",
            "what is counted happened to under 10 people or teams, and to others not at all: too "
            "few to tell it from chance");
}

static void skewed(const struct carried *carried, struct row *row)
{
    if (carried->top > top_most)
        add(row, "skewed", "noted",
            "one person or team makes up most of what varies in an arm: the interval may be too "
            "narrow");
    else if (carried->ratio_error > ratio_error_most)
        add(row, "skewed", "noted",
            "the ratio of an arm is itself uncertain by more than a quarter: the interval may be "
            "too narrow");
}

/* Do both arms have as many of their outcomes? Where one has fewer, what is missing may be the
   answer: slow or displeasing work. Times are no part of this, since open items count in them. */
static void missing_outcomes(const struct metric *metric, const struct arms *arms,
                             struct arena *arena, struct row *row)
{
    const struct comparison *comparison = &row->comparison;
    double p = comparison->known_p;
    if (arms->kind != ARMS_BY_ASSIGNMENT || metric->kind == METRIC_DURATION || isnan(p))
        return;
    bool failed = p < 0.001;
    add(row, "missing_outcomes", failed ? "failed" : "passed",
        failed ? arena_printf(arena,
                              "an outcome is known of %.0f %% of the items of %s and of %.0f %% of "
                              "%s: who is missing may decide",
                              comparison->known_share[0] * 100, comparison->arms[0].arm,
                              comparison->known_share[1] * 100, comparison->arms[1].arm)
               : "outcomes are known of about the same share of either arm");
    row->checks[row->check_count - 1].p = p;
}

void checks_run(const struct metric *metric, const struct arms *arms, struct arena *arena,
                struct row *row)
{
    const struct comparison *comparison = &row->comparison;
    sample_ratio(arms, row);
    missing_outcomes(metric, arms, arena, row);
    if (comparison->no_worker_share > no_worker_most)
        add(row, "no_worker", "failed",
            "more than 5 % of the items have no worker, so they stand for nobody");
    else
        add(row, "no_worker", "passed", "nearly all items have a worker");
    int64_t least = arms->units[0] < arms->units[1] ? arms->units[0] : arms->units[1];
    /* Noted and no more: the quantiles of all estimators allow for few units, though not always in
       full (coverage is measured in docs/methods/comparison.md), and 1 is no estimate. */
    if (arms->kind == ARMS_BY_ASSIGNMENT && strcmp(comparison->unit, "item") != 0 &&
        least < clusters_least)
        add(row, "few_units", "noted", "under 10 units were assigned to an arm");
    if (comparison->carried.known)
        few_events(comparison, row);
    if (!few_clusters(comparison, row) && comparison->carried.known)
        skewed(&comparison->carried, row);
}
