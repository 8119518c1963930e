/* Checks of what was assigned: the draw, and whose outcome is known. */

#include "evidence/checks/checks.h"

#include "evidence/compare/switchback.h"

#include <math.h>
#include <string.h>

enum { units_least = 10 };
static const double by_chance = 0.001;
static const double carried_over = 0.01;

/* Chi-squared with one degree of freedom, as the square of a normal; one share has to be that of
   all units (others are refused: comparison.c). */
enum status check_sample_ratio(const struct checking *checking, struct finding *out,
                               struct error *error)
{
    const struct arms *arms = &checking->sample->arms;
    double units = (double)(arms->units[0] + arms->units[1]);
    double share = arms->share;
    if (!arms->randomised || arms->units_repeat || !(share > 0 && share < 1) || units < 1)
        return STATUS_OK;
    double z = ((double)arms->units[1] - units * share) / sqrt(units * share * (1 - share));
    enum status status = assay_p_value(z, INFINITY, &out->p, error);
    check_finds(out, out->p < by_chance);
    return status;
}

/* Nobody, or many, have items without an outcome in either arm. */
static bool may_tell_missing(const struct checking *checking)
{
    const int64_t *workers = checking->row->comparison.unknown_workers;
    int64_t least = checking->request->min_group;
    return (workers[0] == 0 || workers[0] >= least) && (workers[1] == 0 || workers[1] >= least);
}

/* Where one arm has fewer outcomes, what is missing may be the answer: slow or displeasing work.
   Times are no part of this, since open items count in them. */
enum status check_missing_outcomes(const struct checking *checking, struct finding *out,
                                   struct error *error)
{
    const struct comparison *comparison = &checking->row->comparison;
    (void)error;
    if (checking->request->metric->kind == METRIC_DURATION || isnan(comparison->known_p))
        return STATUS_OK;
    check_finds(out, comparison->known_p < by_chance);
    if (!may_tell_missing(checking))
        return STATUS_OK;
    out->p = comparison->known_p;
    if (out->found)
        out->sentence = arena_printf(
            checking->arena,
            "an outcome is known of %.0f %% of the items of %s and of %.0f %% of %s: who is "
            "missing may decide",
            comparison->known_share[0] * 100, comparison->arms[0].arm,
            comparison->known_share[1] * 100, comparison->arms[1].arm);
    return STATUS_OK;
}

/* An item that was given up is watched up to then, as if it might have ended like the others. Who
   gives up the slow work of one arm alone makes that arm quick. How much was given up stands among
   the opt-outs, where it may be told. */
enum status check_given_up(const struct checking *checking, struct finding *out,
                           struct error *error)
{
    const struct comparison *comparison = &checking->row->comparison;
    const struct metric *metric = checking->request->metric;
    const struct opt_outs *opt_outs = &comparison->opt_outs;
    (void)error;
    if (!opt_outs->exists || isnan(opt_outs->given_up_p) || metric->kind != METRIC_DURATION ||
        metric->abandoned == METRIC_NEVER_DONE)
        return STATUS_OK;
    check_finds(out, opt_outs->given_up_p < by_chance);
    return STATUS_OK;
}

/* Noted and no more: the quantiles of all estimators allow for few units, though not always in full
   (coverage is measured in docs/methods/comparison.md), and 1 is no estimate. */
enum status check_few_units(const struct checking *checking, struct finding *out,
                            struct error *error)
{
    const struct arms *arms = &checking->sample->arms;
    (void)error;
    if (strcmp(checking->row->comparison.unit, "item") != 0)
        check_finds(out, arms->units[0] < units_least || arms->units[1] < units_least);
    return STATUS_OK;
}

/* Without effects of periods there is no fit in which to ask. */
static const char *carry_over_untold(const struct metric *metric)
{
    if (metric->kind == METRIC_MEAN || metric->kind == METRIC_PROPORTION)
        return "whether the arm of the block before still acts could not be checked: these blocks "
               "do not tell it apart from their own arm, teams and periods";
    return "whether the arm of the block before still acts could not be checked: that is told of "
           "means and proportions only";
}

enum status check_carry_over(const struct checking *checking, struct finding *out,
                             struct error *error)
{
    if (checking->sample->block == 0)
        return STATUS_OK;
    enum status status = switchback_carry_over(checking->workspace, checking->sample,
                                               checking->arena, &out->p, error);
    if (status != STATUS_OK)
        return status;
    out->untold = isnan(out->p);
    check_finds(out, out->untold || out->p < carried_over);
    if (out->untold)
        out->sentence = carry_over_untold(checking->request->metric);
    return STATUS_OK;
}
