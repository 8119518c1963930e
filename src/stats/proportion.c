#include "assay/proportion.h"

#include "base/error.h"
#include "stats/score.h"

#include <math.h>
#include <stdbool.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

static double share_of(struct proportion proportion)
{
    return (double)proportion.events / (double)proportion.count;
}

static enum status check(struct proportion proportion, struct error *error)
{
    if (proportion.count < 1 || proportion.events > proportion.count)
        return error_set(error, ERROR_DOMAIN, "%zu events of %zu items are no proportion",
                         proportion.events, proportion.count);
    return STATUS_OK;
}

enum status assay_proportion_wilson(struct proportion proportion, double level,
                                    struct interval *out, struct error *error)
{
    double z = 0;
    enum status status = check(proportion, error);
    if (status == STATUS_OK)
        status = assay_quantile(level, INFINITY, &z, error);
    if (status == STATUS_OK)
        *out = score_limits(OUTCOME_SHARE, share_of(proportion), z * z / (double)proportion.count);
    return status;
}

enum status assay_proportion_exact(struct proportion proportion, double level, struct interval *out,
                                   struct error *error)
{
    double z = 0; /* for its check of the level */
    double tail = (1 - level) / 2;
    double events = (double)proportion.events;
    double others = (double)(proportion.count - proportion.events);
    enum status status = check(proportion, error);
    if (status == STATUS_OK)
        status = assay_quantile(level, INFINITY, &z, error);
    if (status != STATUS_OK)
        return status;
    /* With no event nothing is too low, with events only nothing is too high. */
    *out = (struct interval){events > 0 ? qbeta(tail, events, others + 1, true, false) : 0,
                             others > 0 ? qbeta(tail, events + 1, others, false, false) : 1};
    return STATUS_OK;
}

enum status assay_proportion_difference(struct proportion one, struct proportion zero, double level,
                                        struct interval *out, struct error *error)
{
    double z = 0;
    enum status status = check(one, error);
    if (status == STATUS_OK)
        status = check(zero, error);
    if (status == STATUS_OK)
        status = assay_quantile(level, INFINITY, &z, error);
    if (status != STATUS_OK)
        return status;
    const double mean[2] = {share_of(zero), share_of(one)};
    const double items[2] = {(double)zero.count, (double)one.count};
    *out = assay_score_difference(OUTCOME_SHARE, mean, items, mean[1] - mean[0], z);
    return STATUS_OK;
}
