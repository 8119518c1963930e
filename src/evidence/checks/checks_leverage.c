/* Check of outliers: does one person or team, or one item of a hundred, decide the effect? */

#include "evidence/checks/checks.h"

#include "base/embedded.h"
#include "base/text.h"
#include "evidence/estimate/effect.h"
#include "evidence/estimate/weekly.h"

#include <math.h>
#include <string.h>

/* 1 % is at least two items; and of more than these an exact quantile takes longer than all else.
 */
static const double items_least = 200;
static const double items_most = 1e6;

/* Is it another effect: moved by more than what matters, and either of the other sign or outside
   the interval? A small move over 0 is what chance does to an effect of about 0. */
static bool is_another(const struct comparison *comparison, double margin, double effect)
{
    double whole = comparison->estimate.effect;
    struct interval interval = comparison->estimate.interval;
    bool outside = effect < interval.low || effect > interval.high;
    return fabs(effect - whole) > margin && (effect * whole < 0 || outside);
}

/* Only means and sums have tails to speak of: shares, quantiles, logarithms and times up to a
   horizon do not. */
static bool has_tail(const struct metric *metric)
{
    return metric->kind == METRIC_RATIO ||
           (metric->kind == METRIC_MEAN && metric->scale != METRIC_LOG && !metric->has_range);
}

/* The effect without the items above the cut; NAN where there is none. */
static enum status effect_below(const struct checking *checking, double cut, double *out,
                                struct error *error)
{
    const struct comparison_request *request = checking->request;
    const struct precision precision = {request->level, request->variance, request->normal};
    struct sample sample = *checking->sample;
    struct sample_counts counts = {0};
    struct estimated estimated = {0};
    struct effect_estimate effect;
    enum effect_scale scale;
    bool by_period = sample.arms.kind == ARMS_BY_PERIOD; /* on the mix of the time before */
    bool within = strcmp(checking->row->comparison.design, "like_with_like") == 0 ||
                  (by_period && sample.cell != NULL);
    sample.has_most = true;
    sample.most = cut;
    *out = NAN;
    struct weekly weekly = {0};
    const char *why_not = NULL;
    enum status status =
        checking->row->comparison.weekly.unit != NULL
            ? estimate_weekly(checking->workspace, &sample, &precision, checking->arena, &estimated,
                              &weekly, &why_not, error)
            : estimate_sample(checking->workspace, &sample, within ? !by_period : -1, &precision,
                              checking->arena, &counts, &estimated, error);
    if (status == STATUS_OK && why_not == NULL) {
        status = effect_of(sample.metric, &estimated, &effect, &scale, error);
        if (status == STATUS_OK)
            *out = effect.effect;
    }
    return status == ERROR_DOMAIN || status == ERROR_SINGULAR ? STATUS_OK : status;
}

static enum status look_at_top(const struct checking *checking, bool *another, struct error *error)
{
    struct frame frame;
    const struct comparison *comparison = &checking->row->comparison;
    double items = (double)(comparison->arms[0].items + comparison->arms[1].items);
    double effect = NAN;
    if (!has_tail(checking->request->metric) || items < items_least || items > items_most)
        return STATUS_OK;
    enum status status = engine_query(
        checking->workspace->engine,
        TEXT_FILLED(checking->arena, embedded_text("evidence/checks/top_cut.sql"),
                    {"sample", sample_sql(checking->arena, checking->sample)}),
        sample_values(checking->arena, checking->sample), checking->arena, &frame, error);
    if (status == STATUS_OK && frame.columns[0].valid[0])
        status = effect_below(checking, frame_number(&frame, 0, 0), &effect, error);
    *another = is_another(comparison, checking->row->margin, effect);
    return status;
}

enum status check_outliers(const struct checking *checking, struct finding *out,
                           struct error *error)
{
    const struct comparison *comparison = &checking->row->comparison;
    double margin = checking->row->margin;
    bool by_top = false;
    if (isnan(margin) || isnan(comparison->estimate.effect))
        return STATUS_OK;
    bool by_one = comparison->without_one.known &&
                  (is_another(comparison, margin, comparison->without_one.low) ||
                   is_another(comparison, margin, comparison->without_one.high));
    enum status status = look_at_top(checking, &by_top, error);
    check_finds(out, by_one || by_top);
    if (by_one)
        out->sentence = "without one person or team the effect is another, by more than matters";
    return status;
}
