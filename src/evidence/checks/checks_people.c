/* Checks of how many people or teams a comparison rests on, and how evenly. */

#include "evidence/checks/checks.h"
#include "evidence/estimate/told.h"

#include <math.h>

enum { clusters_least = 10 };
/* In people or teams with as many items each. */
static const double worth_least = 3;
static const double top_most = 0.5;
static const double ratio_error_most = 0.25;
static const double no_worker_most = 0.05;

enum status check_no_worker(const struct checking *checking, struct finding *out,
                            struct error *error)
{
    (void)error;
    check_finds(out, checking->row->comparison.no_worker_share > no_worker_most);
    return STATUS_OK;
}

enum status check_few_events(const struct checking *checking, struct finding *out,
                             struct error *error)
{
    const struct comparison *comparison = &checking->row->comparison;
    const struct carried *carried = &comparison->carried;
    (void)error;
    if (carried->known)
        check_finds(out,
                    carried->eventful < eventful_least && carried->eventful < comparison->clusters);
    return STATUS_OK;
}

/* Are there enough, in the smaller arm too? */
static bool are_few(const struct comparison *comparison, bool *in_arm)
{
    const struct carried *carried = &comparison->carried;
    double worth = carried->known ? fmin(carried->worth[0], carried->worth[1]) : NAN;
    *in_arm = comparison->clusters >= clusters_least;
    return !*in_arm || worth < worth_least;
}

enum status check_few_clusters(const struct checking *checking, struct finding *out,
                               struct error *error)
{
    bool in_arm = false;
    (void)error;
    check_finds(out, are_few(&checking->row->comparison, &in_arm));
    if (out->found && in_arm)
        out->sentence = "most items of an arm are of one or two people or teams: the arm says "
                        "little of others";
    return STATUS_OK;
}

/* Where there are few anyway, that is said and no more. */
enum status check_skewed(const struct checking *checking, struct finding *out, struct error *error)
{
    const struct comparison *comparison = &checking->row->comparison;
    const struct carried *carried = &comparison->carried;
    bool in_arm = false;
    (void)error;
    if (!carried->known || are_few(comparison, &in_arm))
        return STATUS_OK;
    bool uncertain = carried->ratio_error > ratio_error_most;
    check_finds(out, carried->top > top_most || uncertain);
    if (out->found && !(carried->top > top_most))
        out->sentence = "the ratio of an arm is itself uncertain by more than a quarter: the "
                        "interval may be too narrow";
    return STATUS_OK;
}
