#include "evidence/compare/weekly_compare.h"

#include "evidence/compare/comparing.h"
#include "evidence/estimate/effect.h"
#include "evidence/estimate/weekly.h"

#include <math.h>

const char *weekly_refusal(const struct metric *metric)
{
    if (metric->kind == METRIC_RATIO)
        return "ratios of sums can't be compared week by week, only means, proportions and times";
    if (metric->kind == METRIC_QUANTILE)
        return "quantiles can't be compared week by week, only means, proportions and times";
    return NULL;
}

bool weekly_errors(enum variance variance)
{
    return variance != VARIANCE_CLASSICAL && variance < VARIANCE_HC0;
}

/* The effect of a tenth of the slope. */
static enum status take_tenth(const struct sample *sample, const struct estimated *whole,
                              struct comparison *out, struct error *error)
{
    struct estimated tenth = *whole;
    struct effect_estimate effect;
    enum effect_scale scale;
    struct estimate share;
    tenth.of_share = &share;
    tenth.baseline.covariance /= 10;
    enum status status =
        assay_estimate(whole->estimate.value / 10, whole->estimate.standard_error / 10,
                       whole->estimate.df, whole->level, &tenth.estimate, error);
    if (status == STATUS_OK)
        status = assay_estimate(whole->of_share->value / 10, whole->of_share->standard_error / 10,
                                whole->of_share->df, whole->level, &share, error);
    if (status == STATUS_OK)
        status = effect_of(sample->metric, &tenth, &effect, &scale, error);
    if (status == STATUS_OK)
        out->weekly.tenth = effect.effect;
    return status;
}

static enum status estimate(struct workspace *workspace, const struct comparison_request *request,
                            struct sample *sample, struct arena *arena, struct comparison *out,
                            struct error *error)
{
    const struct precision precision = {request->level, request->variance, request->normal};
    struct sample_counts counts = {0};
    struct estimated naive = {0};
    struct estimated within = {0};
    struct weekly weekly = {0};
    enum effect_scale scale;
    const char *why_not = NULL;
    struct error why = {0};
    enum status status =
        estimate_sample(workspace, sample, -1, &precision, arena, &counts, &naive, &why);
    comparing_counts(sample, &counts, out);
    if (status == STATUS_OK)
        status = effect_of(sample->metric, &naive, &out->naive, &scale, &why);
    out->has_naive = status == STATUS_OK;
    /* Where items allow no comparison, weeks say why there is none, or are one all the same. */
    if (status != STATUS_OK && status != ERROR_DOMAIN && status != ERROR_SINGULAR) {
        if (error != NULL)
            *error = why;
        return status;
    }
    status =
        estimate_weekly(workspace, sample, &precision, arena, &within, &weekly, &why_not, error);
    if (status != STATUS_OK || why_not != NULL) {
        if (why_not != NULL)
            comparing_cannot(out, why_not);
        return status;
    }
    weekly.tenth = NAN;
    weekly.unit = sample_by_team(sample) ? "team" : "worker";
    out->weekly = weekly;
    out->unit = weekly.unit;
    out->excluded.unmatched = weekly.alone_items;
    out->excluded_by.unmatched = weekly.alone_workers;
    if (weekly.fewest < out->fewest)
        out->fewest = weekly.fewest;
    status = comparing_effect(sample, &within, request->errors, out, error);
    bool by_share = sample->arms.kind != ARMS_BY_WEEK; /* else a week has AI or has not */
    return status == STATUS_OK && by_share ? take_tenth(sample, &within, out, error) : status;
}

enum status weekly_compare(struct workspace *workspace, const struct comparison_request *request,
                           struct sample *sample, struct arena *arena, struct row *row,
                           struct error *error)
{
    struct comparison *out = &row->comparison;
    struct error why = {0};
    enum status status = estimate(workspace, request, sample, arena, out, &why);
    status = comparing_refused(workspace, status, &why, sample, arena, out, error);
    if (status == STATUS_OK && out->why_not == NULL)
        status = comparing_finish(workspace, request, arena, sample, row, error);
    return status;
}
